"""Workers that are killed or halted lose nothing; what goes twice was on the wire just then."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import psutil
import pytest

from app.foundation import clock
from app.foundation.db import db
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Address
from tests.faults.stage import ROOT, WINDOW, Stage, children
from tests.services.processes import is_gone, wait_until

MANY = 2000


def assert_nothing_lost(stage: Stage, mails: int, *, kills: int) -> None:
    """Each mail arrived; what went again was on the wire at a kill, and staff see it listed."""
    assert len(stage.copies()) == mails
    assert stage.extra() <= stage.in_doubt() <= kills


def kill_two_of_three(stage: Stage, people: int) -> Counter[str]:
    """Kill two workers in the midst of a mailing; how its copies stand after its end."""
    mailing = stage.mailing(people)
    stage.beat()
    workers = [stage.worker() for _ in range(3)]
    for nth, worker in enumerate(workers[:2], start=1):
        stage.wait_for_mail(people * nth // 4)
        stage.kill(worker)
    stage.wait_for_end()
    stage.wait_until_done(mailing)
    return stage.states(mailing)


def test_killed_workers_lose_nothing(stage: Stage) -> None:
    assert kill_two_of_three(stage, 300) == {"sent": 300}
    assert_nothing_lost(stage, 300, kills=2)


@pytest.mark.faults
def test_killed_workers_lose_nothing_of_many(stage: Stage) -> None:
    assert kill_two_of_three(stage, MANY) == {"sent": MANY}
    assert_nothing_lost(stage, MANY, kills=2)


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
    if stage.environment["DATABASE_URL"].startswith("sqlite"):
        time.sleep(5)  # what it holds may be the lock of the whole file
    else:
        stage.wait_for_mail(MANY // 2)
    os.killpg(halted.pid, signal.SIGCONT)
    stage.wait_for_end()
    assert stage.states(mailing) == {"sent": MANY}
    assert len(stage.copies()) == MANY
    assert stage.extra() <= 1
    assert stage.extra() <= stage.in_doubt() <= WINDOW


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
    assert len(stage.copies()) == 200
    assert stage.extra() <= stage.in_doubt() <= WINDOW


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


PEOPLE = 5000
KILLS = 20


def at_random_times(stage: Stage, kill: Callable[[], None]) -> None:
    """Kill so often while the digest goes out, somewhere in each of its parts."""
    chance = random.Random(1)  # noqa: S311  the same times in each run
    for nth in range(1, KILLS + 1):
        stage.wait_for_mail(PEOPLE * nth // (KILLS + 2), 120)
        time.sleep(chance.uniform(0, 0.2))
        kill()


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_twenty_workers_killed_at_random_times_cost_at_most_a_mail_each(stage: Stage) -> None:
    stage.relay.delay = 0.004
    mailing = stage.mailing(PEOPLE)
    stage.beat()
    workers = [stage.worker(), stage.worker()]

    def kill_one() -> None:
        workers.append(stage.worker())
        stage.kill(workers.pop(0))

    at_random_times(stage, kill_one)
    stage.wait_for_end(120)
    assert stage.states(mailing) == {"sent": PEOPLE}
    assert len(stage.copies()) == PEOPLE
    assert stage.extra() <= stage.in_doubt() <= KILLS


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_twenty_killed_children_of_a_pool_cost_at_most_a_mail_each(stage: Stage) -> None:
    stage.relay.delay = 0.004
    mailing = stage.mailing(PEOPLE)
    stage.beat()
    worker = stage.worker(concurrency=2)
    chance = random.Random(2)  # noqa: S311  the same ones in each run

    def kill_one() -> None:
        wait_until(lambda: len(children(worker)) == 2, "a whole pool", 30)
        children(worker)[chance.randrange(2)].kill()

    at_random_times(stage, kill_one)
    stage.wait_for_end(120)
    assert stage.states(mailing) == {"sent": PEOPLE}
    assert len(stage.copies()) == PEOPLE
    assert stage.extra() <= stage.in_doubt() <= KILLS


@pytest.mark.faults
def test_clocks_two_hours_apart_lose_nothing_and_list_what_went_twice(stage: Stage) -> None:
    """Each worker takes the other's leases for lost ones."""
    mailing = stage.mailing(MANY, age=timedelta(hours=3))
    stage.beat()
    for hours in (2, -2):
        stage.environment["FAULT_CLOCK_HOURS"] = str(hours)
        stage.worker()
    stage.wait_for_end()
    assert stage.states(mailing) == {"sent": MANY}
    assert len(stage.copies()) == MANY
    assert stage.extra() <= stage.in_doubt()


def test_children_of_the_stage_end_with_whoever_started_them() -> None:
    """Also when the test is killed and cannot end them."""
    starter = subprocess.Popen(
        [sys.executable, "-c", ORPHANING],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    child = psutil.Process(int(starter.stdout.readline()))
    starter.kill()
    starter.wait()
    wait_until(lambda: is_gone(child), "the child's end")


ORPHANING = """
import subprocess, sys, time
from tests.faults.stage import die_with_parent
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"],
                         stdout=subprocess.DEVNULL, preexec_fn=die_with_parent)
print(child.pid, flush=True)
time.sleep(60)
"""
