"""Marks mail as sent in a thread beside the sending, so that neither waits for the other.

Half a window is written while the other half goes out; when a whole one is unwritten the sending
waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from flask import Flask, current_app

LONGEST_WAIT = 1.0
"""Seconds after which less than half a window is written, so that a slow relay's mail is seen to
move."""

Entry = TypeVar("Entry")


class Writer(Generic[Entry]):
    """Gives entries to `write` in a thread of its own, in order, at most `window` unwritten."""

    def __init__(self, write: Callable[[Sequence[Entry]], None], window: int) -> None:
        self._app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        self._write = write
        self._window = window
        self._changed = threading.Condition()
        self._waiting: list[Entry] = []
        self._writing = 0
        self._hurry = False
        self._over = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def add(self, entry: Entry) -> None:
        """Have an entry written; waits while a whole window is unwritten."""
        with self._changed:
            self._waiting.append(entry)
            if 2 * len(self._waiting) >= self._window:
                self._changed.notify_all()
            self._changed.wait_for(self._has_room)
            self._raise()

    def drain(self) -> None:
        """Wait until everything is written."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            self._changed.wait_for(self._is_empty)
            self._hurry = False
            self._raise()

    def close(self) -> None:
        """End the thread; what was not drained stays unwritten."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        self._thread.join()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _has_room(self) -> bool:
        unwritten = len(self._waiting) + self._writing
        return self._error is not None or unwritten < self._window

    def _is_empty(self) -> bool:
        return self._error is not None or not (self._waiting or self._writing)

    def _is_due(self) -> bool:
        some = bool(self._waiting)
        return self._over or (some and self._hurry) or 2 * len(self._waiting) >= self._window

    def _run(self) -> None:
        with self._app.app_context():
            while not self._over:
                with self._changed:
                    self._changed.wait_for(self._is_due, LONGEST_WAIT)
                    entries, self._waiting = self._waiting, []
                    self._writing = len(entries)
                if entries and not self._over:
                    self._try(entries)

    def _try(self, entries: Sequence[Entry]) -> None:
        try:
            self._write(entries)
        except BaseException as error:  # noqa: BLE001  raised again where the mail is sent
            self._error = error
        with self._changed:
            self._writing = 0
            self._changed.notify_all()
