"""One process that keeps another alive: for `flask serve` on a small machine.

The child serves the site and does the background work. When it ends by itself, or does not answer
any more, it is started again, a little later each time. TERM and INT end both; HUP ends the child
and starts the program anew, with its new code.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
GOOD_LIFE = 60.0
"""Seconds after which a child counts as healthy, and the next wait is short again."""
STOP_SECONDS = 25.0
LOOK_SECONDS = 10.0
MOST_SILENCES = 3
TICK = 0.1


class _Wishes:
    """What signals asked for."""

    def __init__(self) -> None:
        self._heard: set[int] = set()

    def note(self, number: int, _frame: FrameType | None) -> None:
        self._heard.add(number)

    def stop(self) -> bool:
        return bool(self._heard)

    def renew(self) -> bool:
        return self._heard == {signal.SIGHUP}


def run(
    serve: Callable[[], None], answers: Callable[[], bool], note: Callable[[str], None]
) -> None:
    """Keep a child that runs `serve` alive until we are told to stop.

    `answers` says whether it does what it is for; `note` logs a sentence.
    """
    wishes = _Wishes()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, wishes.note)
    wait = FIRST_WAIT
    while not wishes.stop():
        began = time.monotonic()
        _attend(serve, answers, note, wishes)
        if wishes.stop():
            break
        wait = FIRST_WAIT if time.monotonic() - began > GOOD_LIFE else min(2 * wait, LONGEST_WAIT)
        _rest(wait, wishes)
    if wishes.renew():
        note("starting anew")
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  ourselves


def _attend(
    serve: Callable[[], None],
    answers: Callable[[], bool],
    note: Callable[[str], None],
    wishes: _Wishes,
) -> None:
    """Start a child and stay with it until it is gone."""
    child = _born(serve)
    looked, silences = time.monotonic(), 0
    while not _is_gone(child, note):
        if wishes.stop():
            _end(child, note)
            return
        if time.monotonic() - looked > LOOK_SECONDS:
            silences = 0 if answers() else silences + 1
            looked = time.monotonic()
            if silences >= MOST_SILENCES:
                note("the site does not answer and is started again")
                _end(child, note)
                return
        time.sleep(TICK)


def _born(serve: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        serve()
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    except BaseException:  # noqa: BLE001  the child must not go on as a second supervisor
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _is_gone(child: int, note: Callable[[str], None]) -> bool:
    gone, status = os.waitpid(child, os.WNOHANG)
    if gone:
        note(f"the site ended with {os.waitstatus_to_exitcode(status)}")
    return bool(gone)


def _end(child: int, note: Callable[[str], None]) -> None:
    """Ask it to end, and kill it if it does not."""
    os.kill(child, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    while not _is_gone(child, note):
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            until += STOP_SECONDS
        time.sleep(TICK)


def _rest(seconds: float, wishes: _Wishes) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not wishes.stop():
        time.sleep(TICK)
