"""Reminders through the real engine into a Maildir: when, to whom, and never with old facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events import actions, afterwords, reminders, sign_ups
from app.events.models import Event, EventState, SignUpState
from app.foundation import clock
from app.foundation.web import Whereas
from app.mail import engine, maildir
from app.mail.maildir import StoredMessage
from app.mail.models import Delivery, Mailing, SendState
from app.people.models import Purpose, Unsubscription
from tests.factories import AllianceFactory, EventFactory, PersonFactory, SignUpFactory

NOVEMBER = datetime(2026, 11, 21, 12, tzinfo=UTC)
JULY_17 = datetime(2027, 7, 17, 14, 0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOVEMBER, tick=False) as traveller:
        yield traveller


def published(**values: object) -> Event:
    """A published event on July 17, 2 pm in Los Angeles, with its reminders."""
    ordinary = {"alliance": AllianceFactory(zip="90012"), "wall_start": JULY_17}
    event = EventFactory(**{**ordinary, **values})
    reminders.schedule(event)
    return event


def delivered(app: Whereas, db: Session) -> list[StoredMessage]:
    """Let the engine send what is due; everything that lies in the mailbox then."""
    db.commit()
    with app.app_context():
        engine.sweep()
        engine.work()
    db.expire_all()
    folder = Path(app.config["SMTP_URL"].removeprefix("maildir://"))
    return [maildir.read_message(folder, one.name) for one in maildir.list_messages(folder)]


def due_times(event: Event) -> list[str]:
    return [f"{mailing.due_at:%Y-%m-%d %H:%M}" for mailing in reminders.scheduled(event)]


def test_three_reminders_by_the_clock_of_the_place(db: Session) -> None:
    event = published()
    assert due_times(event) == ["2027-07-10 18:00", "2027-07-16 18:00", "2027-07-17 19:00"]
    assert len(reminders.schedule(event)) == 3
    assert len(due_times(event)) == 3


@pytest.mark.parametrize(
    ("zip_code", "wall", "expected"),
    [
        ("43215", datetime(2027, 3, 14, 12), ["03-07 16:00", "03-13 16:00", "03-14 14:00"]),
        ("43215", datetime(2027, 11, 7, 12), ["10-31 15:00", "11-06 15:00", "11-07 15:00"]),
        ("85001", datetime(2027, 3, 14, 12), ["03-07 18:00", "03-13 18:00", "03-14 17:00"]),
        ("96813", datetime(2028, 2, 29, 9), ["02-22 21:00", "02-28 21:00", "02-29 17:00"]),
    ],
)
def test_the_days_on_which_clocks_change(
    db: Session, zip_code: str, wall: datetime, expected: list[str]
) -> None:
    event = published(alliance=AllianceFactory(zip=zip_code), wall_start=wall)
    assert [due[5:] for due in due_times(event)] == expected


def test_what_would_be_late_is_not_scheduled(db: Session) -> None:
    tomorrow = datetime(2026, 11, 22, 10)
    assert due_times(published(wall_start=tomorrow)) == ["2026-11-21 19:00", "2026-11-22 16:00"]
    in_an_hour = datetime(2026, 11, 21, 5)
    assert due_times(published(wall_start=in_an_hour)) == []


def test_who_has_a_seat_is_reminded_once(
    app: Whereas, db: Session, now: time_machine.Traveller
) -> None:
    alliance = AllianceFactory(name="Los Angeles Alliance", zip="90012")
    link = "https://meet.example.org/x"
    event = published(alliance=alliance, title="Justice Day panel", online_link=link)
    ana = PersonFactory(name="Ana", address__email="ana@example.org", language="es")
    SignUpFactory(event=event, person=ana)
    for state in (SignUpState.WAITING, SignUpState.HELD, SignUpState.CANCELLED):
        SignUpFactory(event=event, state=state)
    now.move_to(datetime(2027, 7, 16, 18, 1, tzinfo=UTC))
    [mail] = delivered(app, db)
    assert delivered(app, db) == [mail]
    headers = dict(mail.headers)
    assert mail.recipient == "ana@example.org"
    assert headers["From"].startswith("Los Angeles Alliance vía Coalition for Justice")
    assert "Justice Day panel" in mail.subject
    assert "https://meet.example.org/x" in mail.text
    assert "http://localhost/es/events/sign-ups/" in mail.text
    assert "List-Unsubscribe-Post" in headers
    assert "http://localhost/es/unsubscribe/" in mail.text


def test_late_reminders_are_skipped_sensibly(
    app: Whereas, db: Session, now: time_machine.Traveller
) -> None:
    event = published()
    SignUpFactory(event=event)
    now.move_to(event.starts_at - timedelta(minutes=90))
    assert len(delivered(app, db)) == 1
    now.move_to(event.starts_at + DAY)
    subjects = [mail.subject for mail in delivered(app, db)]
    assert [subject for subject in subjects if subject.startswith("Today:")] == [
        f"Today: {event.title}"
    ]


def test_a_person_who_cancelled_or_does_not_want_it_is_not_reminded(
    app: Whereas, db: Session, now: time_machine.Traveller
) -> None:
    event = published()
    gone, quiet = SignUpFactory(event=event), SignUpFactory(event=event)
    db.add(Unsubscription(person_id=quiet.person_id, purpose=Purpose.EVENTS, at=clock.now()))
    now.move_to(datetime(2027, 7, 16, 18, 1, tzinfo=UTC))
    db.commit()
    with app.app_context():
        engine.sweep()
    sign_ups.cancel(gone)
    assert delivered(app, db) == []
    reasons = {row.person_id: (row.state, row.reason) for row in db.scalars(select(Delivery))}
    assert reasons[gone.person_id] == (SendState.SKIPPED, "not coming")
    assert reasons[quiet.person_id][0] == SendState.SKIPPED


@pytest.mark.parametrize("what", ["cancelled", "moved"])
def test_an_event_changed_a_second_before_sends_no_old_facts(
    app: Whereas, db: Session, now: time_machine.Traveller, what: str
) -> None:
    event = published()
    SignUpFactory(event=event)
    now.move_to(datetime(2027, 7, 16, 18, 1, tzinfo=UTC))
    db.commit()
    with app.app_context():
        engine.sweep()
    event.revision += 1
    if what == "cancelled":
        event.state = EventState.CANCELLED
    assert delivered(app, db) == []
    day_before = select(Mailing.id).where(Mailing.once.contains(":1d:"))
    row = db.scalars(select(Delivery).where(Delivery.mailing_id.in_(day_before))).one()
    assert (row.state, row.reason) == (SendState.SKIPPED, "event changed")


def test_a_moved_event_reminds_at_its_new_time(
    app: Whereas, db: Session, now: time_machine.Traveller
) -> None:
    event = published()
    SignUpFactory(event=event)
    plan = actions.Plan(
        kind=event.kind,
        title=event.title,
        wall_start=JULY_17 + 7 * DAY,
        time_zone=event.time_zone,
        minutes=event.minutes,
        venue=event.venue,
    )
    actions.save(event, plan, version=event.version)
    assert due_times(event) == ["2027-07-17 18:00", "2027-07-23 18:00", "2027-07-24 19:00"]
    assert len(delivered(app, db)) == 1  # the notice of the move
    now.move_to(datetime(2027, 7, 16, 18, 1, tzinfo=UTC))
    assert len(delivered(app, db)) == 1
    now.move_to(datetime(2027, 7, 23, 18, 1, tzinfo=UTC))
    assert len(delivered(app, db)) == 2


def test_the_whole_thread_from_publishing_to_the_reminder(
    app: Whereas, db: Session, now: time_machine.Traveller
) -> None:
    alliance = AllianceFactory(zip="90012")
    plan = actions.Plan(
        kind=EventFactory.kind,
        title="Reading",
        wall_start=JULY_17,
        time_zone=alliance.time_zone,
        minutes=90,
        venue="Library",
        capacity=3,
    )
    event = actions.draft(alliance, plan, None)
    actions.publish(event)
    sign_ups.sign_up(event, PersonFactory(name="Ana").id)
    subjects = [mail.subject for mail in delivered(app, db)]
    assert subjects == ["You are signed up: Reading"]
    for due in ((7, 10, 18), (7, 16, 18), (7, 17, 19)):
        now.move_to(datetime(2027, *due, 1, tzinfo=UTC))
        delivered(app, db)
    subjects = sorted(mail.subject for mail in delivered(app, db))
    assert subjects == [
        "Saturday, July 17: Reading",
        "Today: Reading",
        "Tomorrow: Reading",
        "You are signed up: Reading",
    ]
    kinds = {mailing.kind for mailing in db.scalars(select(Mailing))}
    assert kinds == {reminders.KIND, afterwords.KIND}
