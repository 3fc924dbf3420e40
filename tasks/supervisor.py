"""A small process that keeps another alive: `flask serve` becomes it, by this file and no import.

The child serves the site and does the background work. When it ends by itself, or does not answer
any more, it is started again, a little later each time. TERM and INT end both; HUP ends the child
and starts the program anew, with its new code. It loads nothing of the program: what watches must
take little, on a small machine, and outlive what is broken there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

CHILD = "WHEREAS_CHILD"
"""Set in the child's environment, so that the same command serves there."""
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
GOOD_LIFE = 60.0
"""Seconds after which a child counts as healthy, and the next wait is short again."""
STOP_SECONDS = 25.0
LOOK_SECONDS = 10.0
ANSWER_SECONDS = 5.0
MOST_SILENCES = 3
START_SECONDS = 180.0
"""A child that has not answered yet is left so long to start: a small machine may be busy."""
TICK = 0.1
SPARING = {"MALLOC_ARENA_MAX": "2"}
"""Threads that share their heaps take a fifth less memory, and here they mostly wait."""


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


def become(pid_file: Path, address: tuple[str, int], name: str) -> None:
    """Turn this process into the supervisor of the command that runs; it does not return.

    `address` is where the child listens, `name` the host that it answers to.
    """
    host, port = address
    told = [str(pid_file), host, str(port), name, sys.executable, *sys.orig_argv[1:]]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, __file__, *told])  # noqa: S606  ourselves


def answers(host: str, port: int, name: str) -> bool:
    """Whether the site answers there, asked by the name it has outside; it knows no other."""
    question = f"GET /healthz HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as line:
            line.sendall(question.encode())
            return line.recv(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


def _run(pid_file: Path, address: tuple[str, int], name: str, command: list[str]) -> None:
    """Keep a child that runs `command` alive until we are told to stop."""
    wishes = _Wishes()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, wishes.note)
    wait = FIRST_WAIT
    while not wishes.stop():
        began = time.monotonic()
        _attend(command, address, name, wishes)
        if wishes.stop():
            break
        wait = FIRST_WAIT if time.monotonic() - began > GOOD_LIFE else min(2 * wait, LONGEST_WAIT)
        _rest(wait, wishes)
    if wishes.renew():
        _note("starting anew")
        os.execv(command[0], command)  # noqa: S606  ourselves
    pid_file.unlink(missing_ok=True)


def _attend(command: list[str], address: tuple[str, int], name: str, wishes: _Wishes) -> None:
    """Start a child and stay with it until it is gone."""
    child = os.posix_spawn(command[0], command, SPARING | os.environ | {CHILD: "1"})
    began = looked = time.monotonic()
    silences, started = 0, False
    while not _is_gone(child):
        if wishes.stop():
            _end(child)
            return
        if time.monotonic() - looked > LOOK_SECONDS:
            well = answers(*address, name)
            started = started or well or time.monotonic() - began > START_SECONDS
            silences = silences + 1 if started and not well else 0
            looked = time.monotonic()
            if silences >= MOST_SILENCES:
                _note("the site does not answer and is started again")
                _end(child)
                return
        time.sleep(TICK)


def _is_gone(child: int) -> bool:
    gone, status = os.waitpid(child, os.WNOHANG)
    if gone:
        _note(f"the site ended with {os.waitstatus_to_exitcode(status)}")
    return bool(gone)


def _end(child: int) -> None:
    """Ask it to end, and kill it if it does not."""
    os.kill(child, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    while not _is_gone(child):
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            until += STOP_SECONDS
        time.sleep(TICK)


def _rest(seconds: float, wishes: _Wishes) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not wishes.stop():
        time.sleep(TICK)


def _note(sentence: str) -> None:
    with contextlib.suppress(OSError):
        sys.stderr.write(f"supervisor: {sentence}\n")
        sys.stderr.flush()


if __name__ == "__main__":
    pid_file, host, port, name, *command = sys.argv[1:]
    _run(Path(pid_file), (host, int(port)), name, command)
