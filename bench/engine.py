"""The mail engine alone in a process of its own: `python -m bench.engine` sends what is due.

It writes how long expanding and sending took and how much memory it needed at most.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from app import create_app
from app.foundation import memory
from app.mail import engine

MB = 1_000_000


@dataclass(frozen=True)
class Worked:
    """Seconds, and megabytes at most."""

    expanding: float
    sending: float
    memory: float


def run(environment: Mapping[str, str]) -> Worked:
    """Send what is due from another process."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.engine"],
        env=dict(environment),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Worked(**json.loads(done.stdout))


def work() -> Worked:
    with create_app().app_context():
        memory.settle()
        began = time.perf_counter()
        engine.sweep()
        expanded = time.perf_counter()
        while engine.due():
            engine.work()
        sent = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB
    return Worked(expanded - began, sent - expanded, peak)


if __name__ == "__main__":
    json.dump(asdict(work()), sys.stdout)
