"""A stage for faults: workers and beats as processes of their own, a database, a relay."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, insert, select

from app.foundation import clock, edge
from app.foundation.db import db
from app.foundation.web import Whereas
from app.mail.models import Delivery, Mailing, MailingState, Message, SendState
from app.people.models import Address, Person, Standing
from tests.mail import kinds
from tests.services.hosts import Host
from tests.services.processes import wait_until
from tests.services.smtp import SmtpServer

sample = pytest.mark.parametrize(
    "database_url",
    ["postgresql", pytest.param("sqlite", marks=pytest.mark.faults)],
    indirect=True,
)
"""In each run on PostgreSQL; on SQLite in the long one."""

ROOT = Path(__file__).parents[2]
WINDOW = 10
QUICK = {
    "LEASE_SECONDS": "1",
    "SWEEP_SECONDS": "0.5",
    "BATCH_SIZE": "50",
    "ACK_WINDOW": str(WINDOW),
    "SMTP_TIMEOUT": "5",
    "DOUBT_WAIT_SECONDS": "1",
    "LOG_LEVEL": "WARNING",
}
WORKER = ("-A", "tests.faults.circulars", "worker", "--without-gossip", "--without-mingle")


_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def die_with_parent() -> None:
    """Called in a new process: the system ends it when its parent is gone, however that ended."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Stage:
    """Starts processes, counts what arrives, and ends only what it started."""

    def __init__(
        self,
        app: Whereas,
        relay: SmtpServer,
        environment: Mapping[str, str],
        settings: Mapping[str, str] = QUICK,
    ) -> None:
        self.app = app
        self.relay = relay
        self.environment = {**os.environ, **environment, **settings}
        self._processes: list[subprocess.Popen[bytes]] = []

    def worker(self, concurrency: int = 1, *, on: Host | None = None) -> subprocess.Popen[bytes]:
        """A worker, ready to take tasks within seconds."""
        name = f"worker{len(self._processes)}@localhost"
        arguments = (*WORKER, "--concurrency", str(concurrency), "--hostname", name)
        return self.launch("celery", *arguments, on=on)

    def beat(self, *, on: Host | None = None) -> subprocess.Popen[bytes]:
        schedule = Path(self.environment["VAR_DIR"]) / f"beat{len(self._processes)}"
        schedule.parent.mkdir(exist_ok=True)
        arguments = ("-A", "tasks", "beat", "--schedule", str(schedule), "--pidfile", "")
        return self.launch("celery", *arguments, on=on)

    def launch(self, *module: str, on: Host | None = None) -> subprocess.Popen[bytes]:
        """A program of Python's, here or on a host, which has a disk of its own."""
        var = Path(self.environment["VAR_DIR"]) / (on.namespace if on else "")
        process = subprocess.Popen(
            [*(on.enter if on else ()), sys.executable, "-m", *module],
            cwd=ROOT,
            env=self.environment | {"VAR_DIR": str(var)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  one call of the C library, no lock
        )
        self._processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """SIGKILL to a process and its children at once."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for process in self._processes:
            if process.poll() is None:
                self.kill(process)

    def mailing(self, people: int, age: timedelta = timedelta(seconds=1)) -> Mailing:
        """A mailing to so many new people, due since a while."""
        self.people(people)
        return kinds.circular(due_at=clock.now() - age)

    def people(self, number: int) -> None:
        """So many people who confirmed, and nobody else has an address."""
        now = clock.now()
        rows = [
            {"email": f"p{n}@example.org", "digest": f"{n}", "created_at": now, "confirmed_at": now}
            for n in range(number)
        ]
        db.execute(insert(Address), rows)
        ids = db.scalars(select(Address.id).order_by(Address.id))
        named = {"standing": Standing.ACTIVE, "created_at": now, "confirmed_at": now}
        db.execute(
            insert(Person), [{"name": f"P {n}", "address_id": n, **named} for n in ids.all()]
        )
        db.commit()

    def wait_for_mail(self, number: int, seconds: float = 60) -> None:
        wait_until(lambda: len(self.relay.messages) >= number, f"mail number {number}", seconds)

    def wait_for_end(self, seconds: float = 90) -> None:
        """Until no mail waits and none is being sent."""
        wait_until(self.is_over, "the end of the mail", seconds)

    def is_over(self) -> bool:
        open_ = (SendState.WAITING, SendState.SENDING)
        with self.app.app_context(), edge.reading():
            expanding = db.scalar(
                select(func.count()).select_from(Mailing).where(Mailing.expanded_at.is_(None))
            )
            left = [
                db.scalar(select(func.count()).where(table.state.in_(open_)))
                for table in (Delivery, Message)
            ]
        return not expanding and left == [0, 0]

    def wait_until_done(self, mailing: Mailing, seconds: float = 20) -> None:
        wait_until(lambda: self._is_done(mailing.id), "the mailing's end", seconds)

    def _is_done(self, mailing_id: int) -> bool:
        with self.app.app_context(), edge.reading():
            return db.get_one(Mailing, mailing_id).state == MailingState.DONE

    def in_doubt(self) -> int:
        """How many mails staff see as perhaps arrived twice."""
        with self.app.app_context(), edge.reading():
            counted = [
                db.scalar(select(func.count()).where(table.in_doubt))
                for table in (Delivery, Message)
            ]
        return sum(number or 0 for number in counted)

    def states(self, mailing: Mailing) -> Counter[str]:
        """How many copies of a mailing stand where, by the rows."""
        with self.app.app_context(), edge.reading():
            return kinds.states(mailing)

    def copies(self) -> Counter[str]:
        """How many copies the relay got of each message, by its Message-ID."""
        return Counter(self.relay.message_ids)

    def extra(self) -> int:
        """How many copies arrived beyond the first of each message."""
        copies = self.copies()
        return copies.total() - len(copies)


def children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The pool of a worker."""
    return psutil.Process(process.pid).children()
