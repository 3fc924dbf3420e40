"""The Celery app, and the Flask app that every task runs in.

A web process binds the app it made; a worker or the beat makes one from the environment when it
first needs it.
"""

from __future__ import annotations

import time
from typing import Any

from celery import Celery, Task
from celery.signals import worker_process_init
from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.foundation import clock, edge, memory
from app.foundation.db import clock_there

CLOCK_SECONDS = 30.0
"""How often a worker compares its clock with the database's."""

_bound: list[Flask] = []
_next_look: list[float] = []
"""When to look at the clocks again; only the processes of a worker's pool do."""


def bind(app: Flask) -> None:
    """Let tasks run in this Flask app."""
    _bound[:] = [app]


def flask_app() -> Flask:
    if not _bound:
        bind(create_app())
    return _bound[0]


def compare_clocks() -> None:
    """Go by the database's clock, which all workers share, and do so again after a while."""
    _next_look[:] = [time.monotonic() + CLOCK_SECONDS]
    try:
        with edge.reading():
            ahead = clock.go_by(clock_there())
    except DBAPIError as error:
        current_app.logger.warning("the clocks could not be compared: %s", error)
        return
    if ahead:
        current_app.logger.warning("this clock is wrong by %s; the database's is used", ahead)


class InAppContext(Task):  # type: ignore[misc]  # Celery has no types
    """A task that runs inside an app context of its own."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with flask_app().app_context():
            if _next_look and time.monotonic() > _next_look[0]:
                compare_clocks()
            return super().__call__(*args, **kwargs)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _settle(**_signal: Any) -> None:
    with flask_app().app_context():
        compare_clocks()
    memory.settle()


celery = Celery("whereas", task_cls=InAppContext, set_as_current=True)
celery.set_default()  # "current" holds for this thread only, and requests come in many
celery.config_from_object("tasks.settings")
