"""Wakes workers for what requests ask for, in a thread of its own.

No answer waits for the broker, and the same calls of one moment are one call: a worker that is
woken takes whatever is due.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from threading import Condition, Thread

Call = tuple[str, tuple[int, ...]]

MOMENT_SECONDS = 0.05


class Crier:
    """The thread begins with the first call, and anew in a process that was forked."""

    def __init__(self, publish: Callable[..., None]) -> None:
        self._publish = publish
        self._calls: dict[Call, None] = {}
        self._changing = Condition()
        self._thread: Thread | None = None

    def cry(self, calls: Iterable[Call]) -> None:
        with self._changing:
            self._calls.update(dict.fromkeys(calls))
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="wake-up calls", daemon=True)
                self._thread.start()
            self._changing.notify()

    def _run(self) -> None:
        while True:
            with self._changing:
                self._changing.wait_for(lambda: self._calls)
                calls, self._calls = self._calls, {}
            for task, ids in calls:
                self._publish(task, *ids)
            time.sleep(MOMENT_SECONDS)
