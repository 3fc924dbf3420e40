"""What waits for a second person: one list on a page, and one mail a day about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import sweeping
from app.digests import actions
from app.digests.actions import Sending
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.web import Whereas
from app.mail.models import Message
from app.people.models import DigestEvery, Person
from tests.digests import world
from tests.factories import PersonFactory, staff_member
from tests.signing_in import post, sign_in
from tests.snapshots import assert_same

SNAPSHOTS = Path(__file__).parent / "snapshots"
SEVEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""Seven in the morning in New York."""


@pytest.fixture(autouse=True)
def travel() -> object:
    with time_machine.travel(SEVEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def large(app: Whereas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SECOND_PERSON_ABOVE", 1)


@pytest.fixture
def jo(db: Session) -> Person:
    return staff_member(name="Jo", digest_every=DigestEvery.WEEKLY)


def waiting_issue(by: Person, **more: object) -> Issue:
    """A digest to two people for Thursday, which nobody approved."""
    for _ in range(2):
        PersonFactory()
    issue = world.issue(**more)
    day = clock.today() + timedelta(days=3)
    actions.send(issue.id, Sending(people=2, by_id=by.id, on=day))
    return issue


def told(db: Session) -> list[Message]:
    return list(db.scalars(select(Message).order_by(Message.id)))


@pytest.mark.usefixtures("large")
def test_a_large_digest_stands_in_the_list_until_somebody_approves(
    db: Session, client: FlaskClient, jo: Person
) -> None:
    issue = waiting_issue(jo, subject="Seven votes")
    sign_in(client, staff_member(name="Sam", digest_every=DigestEvery.WEEKLY))
    page = client.get("/staff/approvals").text
    assert "Seven votes" in page
    assert "A digest to 2 people." in page
    assert "goes by itself on Thursday, November 26, 2026 at 12:00 AM EST" in page
    assert f'href="/staff/digests/{issue.id}"' in page
    post(client, f"/staff/digests/{issue.id}/approve")
    assert "Nothing waits for you" in client.get("/staff/approvals").text


@pytest.mark.usefixtures("large")
def test_taking_it_back_empties_the_list_too(db: Session, client: FlaskClient, jo: Person) -> None:
    issue = waiting_issue(jo)
    sign_in(client, staff_member(digest_every=DigestEvery.WEEKLY))
    post(client, f"/staff/digests/{issue.id}/take-back")
    assert "Nothing waits for you" in client.get("/staff/approvals").text


@pytest.mark.usefixtures("large")
def test_staff_get_one_mail_a_day_from_eight_on(
    db: Session, jo: Person, travel: time_machine.Coordinates
) -> None:
    sam = staff_member(name="Sam", digest_every=DigestEvery.WEEKLY)
    waiting_issue(jo)
    assert sweeping.tell_of_approvals() == 0
    travel.shift(timedelta(hours=1))
    assert sweeping.tell_of_approvals() == 2
    travel.shift(timedelta(minutes=10))
    assert sweeping.tell_of_approvals() == 0
    assert [message.person_id for message in told(db)] == [jo.id, sam.id]
    travel.shift(timedelta(days=1))
    assert sweeping.tell_of_approvals() == 2


def test_a_morning_without_anything_brings_no_mail(
    db: Session, jo: Person, travel: time_machine.Coordinates
) -> None:
    travel.shift(timedelta(hours=3))
    assert sweeping.tell_of_approvals() == 0
    assert told(db) == []


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_mail_is_as_reviewed(
    db: Session, jo: Person, travel: time_machine.Coordinates, language: str
) -> None:
    jo.language = language
    waiting_issue(jo, subject="Seven votes <b>")
    travel.shift(timedelta(hours=1))
    sweeping.tell_of_approvals()
    (message,) = told(db)
    assert message.subject in (
        "1 thing waits for your answer",
        "1 asunto espera tu respuesta",
    )
    assert "Seven votes &lt;b&gt;" in message.html
    assert_same(message.text, SNAPSHOTS / f"approvals-{language}.txt")
