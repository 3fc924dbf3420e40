"""The worker and the beat as threads: the same tasks, and a mail within a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import tasks
from app.foundation import clock, edge, queue
from app.foundation.db import db as session
from app.foundation.web import Whereas
from app.mail import outbox
from app.mail.models import Mailing, MailingState
from app.mail.outbox import Notice
from tasks import embedded
from tasks.schedule import entries
from tests.conftest import MakeApp
from tests.factories import PersonFactory
from tests.mail.kinds import circular
from tests.services.processes import wait_until

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is embedded is the whole program on one small machine, so its database is SQLite."""


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def app(lend_app: MakeApp, maildir: Path) -> Whereas:
    return lend_app(SMTP_URL=f"maildir://{maildir}")


@pytest.fixture
def running(app: Whereas, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Worker and beat, which sweeps five times a second."""
    monkeypatch.setitem(tasks.celery.conf, "beat_schedule", entries(0.2))
    monkeypatch.setitem(tasks.celery.conf, "beat_max_loop_interval", 0.2)
    with embedded.running():
        yield


def arrived(maildir: Path) -> int:
    new = maildir / "new"
    return len(list(new.iterdir())) if new.exists() else 0


def sweeps(app: Whereas) -> bool:
    with app.app_context(), edge.reading():
        return queue.last_beat("sweep") is not None


def is_done(app: Whereas, mailing_id: int) -> bool:
    with app.app_context(), edge.reading():
        return session.get_one(Mailing, mailing_id).state == MailingState.DONE


def test_a_message_arrives_within_a_second_of_its_commit(
    app: Whereas, db: Session, running: None, maildir: Path
) -> None:
    """The best of three, for the machine may be busy with other tests."""
    wait_until(lambda: sweeps(app), "the first sweep")
    with edge.step():
        address = PersonFactory().address
    notice = Notice("x", "Hello", "Hello\n", "<p>Hello</p>")
    waits = []
    for nth in range(3):
        with edge.step():
            outbox.post(address, notice, once=f"hello {nth}")
        committed = time.monotonic()
        wait_until(lambda nth=nth: arrived(maildir) > nth, "the mail")
        waits.append(time.monotonic() - committed)
    assert min(waits) < 1


def test_a_mailing_that_becomes_due_is_sent_without_a_wake_up(
    app: Whereas, db: Session, running: None, maildir: Path
) -> None:
    PersonFactory.create_batch(3)
    mailing_id = circular(due_at=clock.now()).id
    db.close()
    wait_until(lambda: is_done(app, mailing_id), "the mailing's end")
    assert arrived(maildir) == 3


def test_both_stop_cleanly(app: Whereas, db: Session) -> None:
    before = set(threading.enumerate())
    with embedded.running():
        names = {thread.name for thread in set(threading.enumerate()) - before}
        assert {"worker", "Beat"} <= names
    wait_until(lambda: not set(threading.enumerate()) - before, "the end of the threads")
    assert set(threading.enumerate()) <= before
