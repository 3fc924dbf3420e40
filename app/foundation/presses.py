"""Making a document takes a processor for a moment, and anybody may ask: one at a time, kept.

The turn is a lock on a file, so that it holds for all processes of the machine, and a process that
dies gives it back. What was made is kept by all that it was made from, so it is never out of date.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import IO, Any

from flask import current_app, has_app_context

LONGEST_WAIT = 1.0
"""Seconds; who waits keeps a process from answering others."""
PAUSE = 0.02
LOCK = "documents.lock"
MOST_KEPT = 64
MOST_BYTES = 1_000_000

_made: OrderedDict[str, bytes] = OrderedDict()
_guard = Lock()


class Busy(Exception):
    """Others are having documents made just now."""


def once(order: Mapping[str, Any], make: Callable[[], bytes]) -> bytes:
    """What `make` makes from an order, or what it made from one just like it. Raises Busy."""
    key = hashlib.sha256(json.dumps(order, sort_keys=True).encode()).hexdigest()
    found = _kept(key)
    if found is None:
        with _turn() if has_app_context() else nullcontext():  # outside nobody waits for pages
            found = _kept(key) or _keep(key, make())
    return found


def _kept(key: str) -> bytes | None:
    with _guard:
        if key in _made:
            _made.move_to_end(key)
        return _made.get(key)


def _keep(key: str, content: bytes) -> bytes:
    if len(content) <= MOST_BYTES:
        with _guard:
            _made[key] = content
            if len(_made) > MOST_KEPT:
                _made.popitem(last=False)
    return content


@contextmanager
def _turn() -> Iterator[None]:
    until = time.monotonic() + LONGEST_WAIT
    folder: Path = current_app.config["VAR_DIR"]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("ab") as file:
        while not _took(file):
            if time.monotonic() >= until:
                raise Busy
            time.sleep(PAUSE)
        yield


def _took(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
