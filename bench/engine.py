"""The mail engine alone in a process of its own: `python -m bench.engine [most]` sends what is due.

It writes how long expanding and sending took, the processor time and the memory it needed. With
`most` it stops after about so many mails.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select

from app import create_app
from app.foundation import edge, memory
from app.foundation.db import db
from app.mail import engine
from app.mail.models import Tally
from bench import installed

MB = 1_000_000
LOOK_SECONDS = 2.0


@dataclass(frozen=True)
class Worked:
    """Seconds of the clock and of the processor, mails sent, megabytes at most."""

    expanding: float
    sending: float
    cpu: float
    mails: int
    memory: float


def run(environment: Mapping[str, str], most: int = 0) -> Worked:
    """Send what is due, or some of it, from another process."""
    done = subprocess.run(
        installed.command("bench.engine", str(most)),
        env=dict(environment),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Worked(**json.loads(done.stdout))


def work(most: int) -> Worked:
    with create_app().app_context():
        memory.settle()
        began = time.perf_counter()
        engine.sweep()
        expanded = time.perf_counter()
        cpu, before = time.process_time(), _sent()
        while engine.due() and not (most and _sent() - before >= most):
            engine.work(LOOK_SECONDS if most else engine.WORK_SECONDS)
        ended = time.perf_counter()
        return Worked(
            expanding=expanded - began,
            sending=ended - expanded,
            cpu=time.process_time() - cpu,
            mails=_sent() - before,
            memory=_peak(),
        )


def _peak() -> float:
    """The most memory that this process had; getrusage tells its parent's, if that had more."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / MB


def _sent() -> int:
    """By the minutes' figures: to count a million rows again and again cost more than sending."""
    with edge.reading():
        return int(db.scalar(select(func.sum(Tally.sent))) or 0)


if __name__ == "__main__":
    json.dump(asdict(work(int(sys.argv[1]))), sys.stdout)
