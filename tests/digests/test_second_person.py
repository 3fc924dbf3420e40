"""A series' digest to many people: listed, approved by somebody else, and stopped by anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import tasks
from app.digests import approvals, second_person, series
from app.digests.models import Issue, SeriesName
from app.foundation import clock
from app.foundation.db import db as session
from app.foundation.web import Whereas
from app.mail.models import Mailing, MailingState
from app.people.models import DigestEvery, Person
from tests.factories import PersonFactory, staff_member
from tests.signing_in import post, sign_in

START = datetime(2026, 11, 22, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def small(app: Whereas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SECOND_PERSON_ABOVE", 2)


def readers(number: int) -> None:
    for _ in range(number):
        PersonFactory(digest_every=DigestEvery.WEEKLY)


def tick() -> None:
    session.commit()
    session.close()
    tasks.celery.tasks["digests.sweep"]()
    session.expire_all()


def switched_on(people: int) -> Issue:
    readers(people)
    series.switch(SeriesName.WEEKLY, on=True)
    tick()
    return coming()


def coming() -> Issue:
    return session.scalars(select(Issue).where(Issue.series == SeriesName.WEEKLY)).one()


def mailing_of(issue: Issue) -> Mailing:
    return session.get_one(Mailing, issue.mailing_id)


@pytest.mark.usefixtures("small")
def test_a_large_issue_of_a_series_is_in_the_list_of_approvals(app: Whereas, db: Session) -> None:
    issue = switched_on(3)
    (waiting,) = approvals.waiting()
    assert (waiting.values, waiting.what) == ({"issue_id": issue.id}, "A digest to 3 people.")
    assert waiting.until == mailing_of(issue).due_at


@pytest.mark.usefixtures("small")
def test_a_small_issue_of_a_series_asks_nobody(app: Whereas, db: Session) -> None:
    issue = switched_on(2)
    assert approvals.waiting() == []
    assert "large" not in mailing_of(issue).facts


@pytest.mark.usefixtures("small")
def test_who_joins_in_the_last_minute_leaves_staff_their_hour(
    app: Whereas, db: Session, travel: time_machine.Traveller
) -> None:
    """It is counted once a day, also on the day on which it starts."""
    issue = switched_on(2)
    begin = mailing_of(issue).due_at
    kept = mailing_of(issue).expires_at
    travel.move_to(begin - timedelta(minutes=30))
    readers(1)
    tick()
    mailing = mailing_of(issue)
    assert mailing.facts["people"] == 3
    assert mailing.due_at == begin + timedelta(minutes=30) == clock.now() + second_person.WAIT
    assert (mailing.expires_at, kept) == (mailing.due_at + timedelta(days=6), begin + timedelta(6))


@pytest.mark.usefixtures("small")
def test_counting_again_on_the_same_day_changes_nothing(app: Whereas, db: Session) -> None:
    issue = switched_on(3)
    facts, due_at = mailing_of(issue).facts, mailing_of(issue).due_at
    readers(1)
    tick()
    assert (mailing_of(issue).facts, mailing_of(issue).due_at) == (facts, due_at)


@pytest.mark.usefixtures("small")
def test_anybody_approves_what_nobody_changed_and_it_keeps_its_time(
    app: Whereas, db: Session
) -> None:
    issue = switched_on(3)
    due_at, expires_at = mailing_of(issue).due_at, mailing_of(issue).expires_at
    assert second_person.approve(issue.id, by_id=staff_member().id)
    mailing = mailing_of(issue)
    assert (mailing.due_at, mailing.expires_at) == (due_at, expires_at)
    assert mailing.state == MailingState.SCHEDULED
    assert approvals.waiting() == []
    assert not second_person.approve(issue.id, by_id=staff_member().id)


def page_of(client: FlaskClient, issue: Issue) -> str:
    return client.get(f"/staff/digests/{issue.id}").text


def change(client: FlaskClient, issue: Issue, staff: Person, subject: str) -> None:
    form = {"subject": subject, "introduction": "", "every": "weekly"}
    sent = {**form, "version": str(coming().version)}
    answer = post(client, f"/staff/digests/{issue.id}/edit", sent, person=staff)
    assert answer.status_code == 303


@pytest.mark.usefixtures("small")
def test_who_changes_it_last_cannot_approve_it_and_the_others_look_again(
    app: Whereas, db: Session, client: FlaskClient, travel: time_machine.Traveller
) -> None:
    issue = switched_on(3)
    jo, kim = staff_member(name="Jo"), staff_member(name="Kim")
    assert second_person.approve(issue.id, by_id=kim.id)
    session.commit()
    begin = mailing_of(issue).due_at
    travel.move_to(begin - timedelta(minutes=10))
    sign_in(client, jo)
    change(client, issue, jo, "A new subject")
    assert mailing_of(issue).due_at == clock.now() + second_person.WAIT
    assert len(approvals.waiting()) == 1
    answer = post(client, f"/staff/digests/{issue.id}/approve", person=jo)
    assert answer.location.endswith("done=digest-not-you")
    assert "You changed it last" in page_of(client, issue)
    assert second_person.approve(issue.id, by_id=kim.id)
    assert approvals.waiting() == []


@pytest.mark.usefixtures("small")
def test_staff_see_that_somebody_should_look_and_may_skip(
    app: Whereas, db: Session, client: FlaskClient
) -> None:
    issue = switched_on(3)
    sign_in(client, jo := staff_member())
    page = page_of(client, issue)
    assert "assembles itself and goes to 3 people" in page
    assert "Approve" in page
    post(client, f"/staff/digests/{issue.id}/skip", person=jo)
    assert mailing_of(issue).state == MailingState.CANCELLED
