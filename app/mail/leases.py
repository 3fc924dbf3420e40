"""Work is held under a lease that runs out; a thread beside the work renews it while it goes on.

The thread stops with its process, also when that is only halted, and after the time that one piece
of work may take, so that work which hangs for ever becomes free.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, or_
from sqlalchemy.exc import OperationalError

from app.foundation import clock, edge

LONGEST_WORK = 60.0
"""Seconds after which a lease is no longer renewed; Celery's hard limit is the same."""

Renewal = Callable[[datetime], None]
"""Writes a new end of the lease, if it is still ours."""


class LeaseLost(Exception):
    """Somebody else has the work now; whatever was not marked is theirs to judge."""


def lease_end() -> datetime:
    """When a lease that is taken or renewed now runs out."""
    return clock.now() + timedelta(seconds=current_app.config["LEASE_SECONDS"])


def is_over(lease_until: Any) -> ColumnElement[bool]:
    """Whether a lease ran out, or lies so far ahead that a clock was wrong when it was taken."""
    now = clock.now()
    longest = timedelta(seconds=3 * current_app.config["LEASE_SECONDS"])
    return or_(lease_until < now, lease_until > now + longest)


@contextmanager
def renewed(renew: Renewal) -> Iterator[None]:
    """Renew a lease while the block runs, three times in each of its lengths."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    over = threading.Event()
    beside = threading.Thread(target=_renew, args=(app, renew, over), name="lease", daemon=True)
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()


def _renew(app: Flask, renew: Renewal, over: threading.Event) -> None:
    end = time.monotonic() + LONGEST_WORK
    while not over.wait(app.config["LEASE_SECONDS"] / 3) and time.monotonic() < end:
        with app.app_context():
            try:
                with edge.step():
                    renew(lease_end())
            except OperationalError:
                app.logger.warning("a lease could not be renewed", exc_info=True)
