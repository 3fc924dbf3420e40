"""Workers that are killed or halted lose nothing; what goes twice was on the wire just then."""

from __future__ import annotations

import os
import signal
import time

import pytest

from app.foundation import clock
from app.foundation.db import db
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Address
from tests.faults.stage import WINDOW, Stage, children

MANY = 2000


def assert_nothing_lost(stage: Stage, mails: int, *, kills: int) -> None:
    """Each mail arrived; further copies are few, and staff see each of them as doubtful."""
    assert len(stage.copies()) == mails
    assert stage.extra() <= kills * WINDOW
    assert stage.extra() <= stage.in_doubt() <= kills * WINDOW


def kill_two_of_three(stage: Stage, people: int) -> None:
    mailing = stage.mailing(people)
    stage.beat()
    workers = [stage.worker() for _ in range(3)]
    for nth, worker in enumerate(workers[:2], start=1):
        stage.wait_for_mail(people * nth // 4)
        stage.kill(worker)
    stage.wait_for_end()
    stage.wait_until_done(mailing)
    assert stage.states(mailing) == {"sent": people}
    assert_nothing_lost(stage, people, kills=2)


def test_killed_workers_lose_nothing(stage: Stage) -> None:
    kill_two_of_three(stage, 300)


@pytest.mark.faults
def test_killed_workers_lose_nothing_of_many(stage: Stage) -> None:
    kill_two_of_three(stage, MANY)


@pytest.mark.faults
def test_a_worker_started_after_the_only_one_was_killed_goes_on(stage: Stage) -> None:
    mailing = stage.mailing(MANY)
    stage.beat()
    for part in (MANY // 4, MANY // 2):
        worker = stage.worker()
        stage.wait_for_mail(part)
        stage.kill(worker)
    stage.worker()
    stage.wait_for_end()
    assert stage.states(mailing) == {"sent": MANY}
    assert_nothing_lost(stage, MANY, kills=2)


@pytest.mark.faults
def test_a_killed_child_of_the_pool_loses_nothing(stage: Stage) -> None:
    mailing = stage.mailing(MANY)
    stage.beat()
    worker = stage.worker(concurrency=2)
    for part in (MANY // 4, MANY // 2):
        stage.wait_for_mail(part)
        children(worker)[0].kill()
    stage.wait_for_end()
    assert stage.states(mailing) == {"sent": MANY}
    assert_nothing_lost(stage, MANY, kills=2)


@pytest.mark.faults
def test_a_worker_halted_beyond_its_lease_sends_little_again(stage: Stage) -> None:
    mailing = stage.mailing(MANY)
    stage.beat()
    halted = stage.worker()
    stage.wait_for_mail(MANY // 4)
    os.killpg(halted.pid, signal.SIGSTOP)
    stage.worker()
    stage.wait_for_mail(MANY // 2)
    os.killpg(halted.pid, signal.SIGCONT)
    stage.wait_for_end()
    assert stage.states(mailing) == {"sent": MANY}
    assert_nothing_lost(stage, MANY, kills=1)


@pytest.mark.faults
def test_messages_survive_a_killed_worker(stage: Stage) -> None:
    notice = Notice("accounts/sign_in", "Your link", "Here.\n", "<p>Here.</p>")
    for nth in range(200):
        address = Address(email=f"p{nth}@example.org", digest=str(nth), created_at=clock.now())
        outbox.post(address, notice, once=f"hello {nth}")
    db.commit()
    stage.beat()
    worker = stage.worker()
    stage.wait_for_mail(60)
    stage.kill(worker)
    stage.worker()
    stage.wait_for_end()
    assert_nothing_lost(stage, 200, kills=1)


@pytest.mark.faults
def test_a_recovery_takes_less_than_a_minute(stage: Stage) -> None:
    """With the production's lease and sweep."""
    stage.environment |= {"LEASE_SECONDS": "20", "SWEEP_SECONDS": "10"}
    stage.mailing(MANY)
    stage.beat()
    worker = stage.worker()
    stage.wait_for_mail(MANY // 4)
    stage.kill(worker)
    before = len(stage.relay.messages)
    killed = time.monotonic()
    stage.worker()
    stage.wait_for_mail(before + 1)
    assert time.monotonic() - killed < 60
    stage.wait_for_end()
    assert_nothing_lost(stage, MANY, kills=1)
