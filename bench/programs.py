"""Programs that are measured from outside: started with their log in a file, and stopped."""

from __future__ import annotations

import http.client
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import installed
from bench.ground import ROOT
from bench.load import HOST
from tests.services.processes import free_port, is_gone, wait_until

WORKERS = 2
MB = 1_000_000
START = 90.0
"""Seconds that a program may take to start, also on a busy machine."""


class DidNotStart(RuntimeError):
    """A program ended instead of answering; its log is in var/bench."""


@dataclass(frozen=True)
class Program:
    """A running program; its workers are its children."""

    process: psutil.Process
    port: int = 0

    def memory(self) -> float:
        """The largest worker's resident memory in MB."""
        children = self.process.children(recursive=True)
        return max(child.memory_info().rss for child in children) / MB

    def cpu(self) -> float:
        """Seconds that it and its workers have worked."""
        processes = [self.process, *self.process.children(recursive=True)]
        return sum(sum(process.cpu_times()[:2]) for process in processes)


@contextmanager
def started(
    name: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator[psutil.Process]:
    """Run a module of this Python (`gunicorn …`) until the end of the block."""
    with log.open("w") as file:
        running = subprocess.Popen(
            installed.command(name, *arguments),
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
    try:
        yield psutil.Process(running.pid)
    finally:
        running.terminate()
        running.wait(30)


@contextmanager
def gunicorn(app: str, environment: Mapping[str, str], log: Path) -> Iterator[Program]:
    """Serve an app as the README says, with two workers."""
    port = free_port()
    arguments = ["--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", app]
    with started("gunicorn", arguments, environment, log) as process:
        wait_until(lambda: answers(process, port), f"the first answer of {app}", START)
        yield Program(process, port)


def get(port: int, path: str) -> tuple[int, bytes]:
    """Status and body of one page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def answers(process: psutil.Process, port: int) -> bool:
    """Whether a program answers already, be it with an error."""
    if is_gone(process):
        raise DidNotStart("see the logs in var/bench")
    try:
        get(port, "/healthz")
    except (OSError, http.client.HTTPException):
        return False
    return True
