"""The mails of events as people read them, compared with files; and what must never be in one."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events import actions, afterwords, co_hosts, sign_ups
from app.events.co_host_models import CoHostState
from app.events.models import Event, SignUpState
from app.events.reminders import ReminderKind, schedule
from app.events.sign_ups import Visitor
from app.foundation import tokens
from app.mail import mailings
from app.mail.models import Message
from app.mail.registry import Reader
from tests.events.hosting import CoHostFactory
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
)
from tests.snapshots import assert_same

SNAPSHOTS = Path(__file__).parent / "snapshots"
LANGUAGES = ("en",)


@pytest.fixture(autouse=True)
def _same_every_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tokens, "new", lambda: "the-secret-of-the-link")
    monkeypatch.setattr(tokens, "new_code", lambda: "123456")
    with time_machine.travel(datetime(2027, 7, 16, 15, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def event(db: Session) -> Event:
    return EventFactory(
        slug="justice-day-panel",
        alliance=AllianceFactory(slug="los-angeles", name="Los Angeles Alliance", zip="90012"),
        title="Justice Day panel",
        wall_start=datetime(2027, 7, 17, 14),
        venue="Central Library",
        street="630 W 5th St",
        access="Step-free, ASL on request.",
        is_online=True,
        online_link="https://meet.example.org/justice",
        capacity=1,
    )


def assert_as_kept(message: Message, language: str) -> None:
    name = f"{message.kind.removeprefix('events/')}.{language}"
    head = f"From: {message.from_name}\nSubject: {message.subject}\n\n"
    entry = "".join(f"\n[{a['name']}, {a['method']}]\n" for a in message.attachments)
    assert_same(head + message.text + entry, SNAPSHOTS / f"{name}.txt")
    assert_same(message.html, SNAPSHOTS / f"{name}.html")


def unquoted(part: bytes) -> str:
    return binascii.a2b_qp(part).decode()


def sent(db: Session, kind: str) -> Message:
    return db.scalars(select(Message).where(Message.kind == f"events/{kind}")).one()


@pytest.mark.parametrize("language", LANGUAGES)
def test_you_are_signed_up(db: Session, event: Event, language: str) -> None:
    sign_ups.sign_up(event, PersonFactory(name="Ana", language=language).id)
    assert_as_kept(sent(db, "sign_up_confirmed"), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_you_are_on_the_list_and_then_there_is_a_seat(
    db: Session, event: Event, language: str
) -> None:
    seated = SignUpFactory(event=event)
    sign_ups.sign_up(event, PersonFactory(name="Ana", language=language).id)
    assert_as_kept(sent(db, "waiting"), language)
    sign_ups.cancel(seated)
    assert_as_kept(sent(db, "seat_offered"), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_please_confirm(db: Session, event: Event, language: str) -> None:
    sign_ups.hold(event, Visitor("Ana", "ana@example.org", None, language), "/events/x")
    assert_as_kept(sent(db, "please_confirm"), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_event_moves_and_is_cancelled(db: Session, event: Event, language: str) -> None:
    SignUpFactory(event=event, person=PersonFactory(name="Ana", language=language))
    plan = actions.Plan(
        kind=event.kind,
        title=event.title,
        wall_start=event.wall_start + timedelta(hours=2),
        time_zone=event.time_zone,
        minutes=event.minutes,
        venue="City Hall",
    )
    actions.save(event, plan, version=event.version)
    assert_as_kept(sent(db, "moved"), language)
    actions.cancel(event, "The building is closed after the storm.\nWe will find a new day.")
    assert_as_kept(sent(db, "cancelled"), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reminder(db: Session, event: Event, language: str) -> None:
    own = SignUpFactory(event=event, person=PersonFactory(name="Ana", language=language))
    [day_before, *_later] = schedule(event)
    reader = Reader(
        own.person_id,
        "Ana",
        "ana@example.org",
        language,
        unsubscribe_url="http://localhost/unsubscribe/x",
        preferences_url="http://localhost/preferences/x",
    )
    copy = ReminderKind().composer(day_before, [reader])(reader)
    message = Message(kind="events/reminder", subject=copy.subject, from_name="", attachments=[])
    message.text, message.html = unquoted(copy.text), unquoted(copy.html)
    assert_as_kept(message, language)


@pytest.mark.parametrize("letter", ["thanks", "missed", "report_wanted"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_afterwards(db: Session, event: Event, language: str, letter: str) -> None:
    ana = PersonFactory(name="Ana", language=language)
    SignUpFactory(event=event, person=ana)
    afterwords.schedule(event)
    mailing = next(
        each for each in mailings.of(afterwords.KIND, event.id) if each.facts["letter"] == letter
    )
    reader = Reader(
        person_id=ana.id,
        name="Ana",
        email="ana@example.org",
        language=language,
        unsubscribe_url="http://localhost/unsubscribe/x",
        preferences_url="http://localhost/preferences/x",
    )
    copy = afterwords.AfterwordKind().composer(mailing, [reader])(reader)
    message = Message(kind=f"events/{letter}", subject=copy.subject, from_name="", attachments=[])
    message.text, message.html = unquoted(copy.text), unquoted(copy.html)
    assert_as_kept(message, language)


def test_script_in_a_mail_stays_text(db: Session) -> None:
    evil = "<script>alert(1)</script>{{7*7}}"
    event = EventFactory(
        alliance=AllianceFactory(name=evil),
        title=f"{evil}\r\nBcc: everybody@example.org",
        venue=evil,
        access=evil,
    )
    sign_ups.sign_up(event, PersonFactory(name=evil).id)
    actions.cancel(event, evil)
    for message in db.scalars(select(Message)):
        assert "<script>" not in message.html
        assert "{{7*7}}" in message.text
        assert "\n" not in message.subject
        assert "\r" not in message.subject


def test_an_unconfirmed_address_gets_only_its_confirmation(db: Session, event: Event) -> None:
    sign_ups.hold(event, Visitor("Ana", "ana@example.org", None, "en"), "/events/x")
    actions.cancel(event, "Storm")
    assert [message.kind for message in db.scalars(select(Message))] == ["events/please_confirm"]


def test_those_who_wait_do_not_get_the_online_link(db: Session, event: Event) -> None:
    SignUpFactory(event=event)
    waiting = PersonFactory()
    sign_ups.sign_up(event, waiting.id)
    actions.cancel(event, "Storm")
    theirs = db.scalars(
        select(Message).where(Message.person_id == waiting.id).order_by(Message.id)
    ).all()
    assert [message.kind for message in theirs] == ["events/waiting", "events/cancelled"]
    assert not any("meet.example.org" in message.text + message.html for message in theirs)
    assert [message.attachments for message in theirs] == [[], []]


def test_a_person_without_address_gets_no_mail_but_a_seat(db: Session, event: Event) -> None:
    own = sign_ups.sign_up(event, PersonFactory(without_email=True).id)
    assert own.state == SignUpState.CONFIRMED
    assert db.scalars(select(Message)).all() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_will_you_hold_it_with_us_and_the_answer(db: Session, event: Event, language: str) -> None:
    dayton = AllianceFactory(name="San Diego Alliance")
    coordinator_of(dayton, name="Bo", language=language)
    coordinator_of(event.alliance, name="Ana", language=language)
    co_hosts.invite(event, "San Diego Alliance", by=None)
    assert_as_kept(sent(db, "co_host_invited"), language)
    [asked] = co_hosts.of_event(event.id)
    co_hosts.answer(asked, accept=True, by=None)
    assert_as_kept(sent(db, "co_host_answered"), language)
    actions.cancel(event, "The building is closed after the storm.")
    assert_as_kept(sent(db, "co_host_changed"), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_you_do_not_hold_it_any_more(db: Session, event: Event, language: str) -> None:
    dayton = AllianceFactory(name="San Diego Alliance")
    coordinator_of(dayton, name="Bo", language=language)
    holds = CoHostFactory(event=event, alliance=dayton, state=CoHostState.ACCEPTED)
    co_hosts.take_back(event.id, holds.id)
    assert_as_kept(sent(db, "co_host_let_go"), language)
