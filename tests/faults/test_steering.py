"""Pausing, going on and cancelling act within seconds, in the midst of batches, on all workers."""

from __future__ import annotations

import time

import pytest

from app.foundation import edge
from app.foundation.db import db
from app.mail import mailings
from app.mail.models import Mailing, MailingState
from tests.faults.stage import WINDOW, Stage, sample
from tests.services.processes import wait_until

PEOPLE = 800
WORKERS = 2
SECONDS = 5.0
"""What staff may have to wait."""


@pytest.fixture
def going(stage: Stage) -> Mailing:
    """A mailing in the hands of two workers, whose relay takes its time for each mail."""
    stage.relay.delay = 0.01
    mailing = stage.mailing(PEOPLE)
    stage.beat()
    for _ in range(WORKERS):
        stage.worker()
    stage.wait_for_mail(100)
    return mailing


def steer(mailing: Mailing, act: object) -> None:
    """Do as a request does: one transaction."""
    assert callable(act)
    with edge.step():
        assert act(db.get_one(Mailing, mailing.id))


def arrivals_after(stage: Stage, mailing: Mailing, act: object) -> int:
    """How many mails still came after the commit of an act, in the time that staff may wait."""
    steer(mailing, act)
    at_commit = len(stage.relay.messages)
    time.sleep(SECONDS)
    settled = len(stage.relay.messages)
    time.sleep(1.0)
    assert len(stage.relay.messages) == settled
    return settled - at_commit


@sample
def test_pausing_stops_all_workers_and_going_on_wakes_them(stage: Stage, going: Mailing) -> None:
    assert arrivals_after(stage, going, mailings.pause) <= WORKERS * 2 * WINDOW
    held = len(stage.relay.messages)
    assert stage.states(going)["sent"] == held
    steer(going, mailings.resume)
    wait_until(lambda: len(stage.relay.messages) > held, "mail after going on", SECONDS)
    stage.wait_until_done(going)
    assert stage.states(going) == {"sent": PEOPLE}
    assert stage.extra() == 0


@pytest.mark.faults
def test_cancelling_stops_all_workers_for_good(stage: Stage, going: Mailing) -> None:
    assert arrivals_after(stage, going, mailings.cancel) <= WORKERS * 2 * WINDOW
    stage.wait_for_end()
    arrived = len(stage.relay.messages)
    states = stage.states(going)
    assert states == {"sent": arrived, "skipped": PEOPLE - arrived}
    with edge.reading():
        assert db.get_one(Mailing, going.id).state == MailingState.CANCELLED
    assert stage.extra() == 0
