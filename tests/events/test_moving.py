"""Moving an event: across the night on which the clocks change, and never into the past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.events import calendars, plans, reminders
from app.events.models import Event
from app.mail.models import Mailing, MailingState, Message
from app.work.models import ToDo
from tests.events.hosting import ShiftFactory
from tests.events.test_desk import as_filled
from tests.factories import (
    AllianceFactory,
    EventFactory,
    SignUpFactory,
    coordinator_of,
    seed_places,
)
from tests.signing_in import post, sign_in

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2027, 2, 1, 16, tzinfo=UTC)
BEFORE, AFTER = date(2027, 3, 13), date(2027, 3, 14)
"""The clocks go forward in the night between these two."""


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def event(client: FlaskClient, db: Session) -> Event:
    """An evening that is still in winter time, with a plan, a shift and a guest."""
    seed_places(db)
    columbus: Alliance = AllianceFactory(slug="columbus")
    ana = coordinator_of(columbus)
    made: Event = EventFactory(alliance=columbus, wall_start=datetime(2027, 3, 13, 18, 30))
    SignUpFactory(event=made)
    ShiftFactory(event=made)
    reminders.schedule(made)
    plans.begin(made, full=False, owner_id=ana.id)
    sign_in(client, ana)
    return made


def move(client: FlaskClient, event: Event, to: date) -> int:
    form = as_filled(event, date=to.isoformat())
    return post(client, f"/desk/columbus/events/{event.id}/edit", form).status_code


def test_the_hour_stays_and_all_that_hangs_on_it_follows(
    client: FlaskClient, db: Session, event: Event
) -> None:
    event_id, due_before = event.id, dict(db.execute(select(ToDo.key, ToDo.due_on)).all())
    assert move(client, event, AFTER) == 303

    event = db.get_one(Event, event_id)
    assert event.wall_start == datetime(2027, 3, 14, 18, 30)
    assert event.starts_at == datetime(2027, 3, 14, 22, 30, tzinfo=UTC)  # EDT; before it was 23:30
    due = select(Mailing.due_at).where(
        Mailing.kind == reminders.KIND, Mailing.state == MailingState.SCHEDULED
    )
    assert [at.astimezone(NEW_YORK).strftime("%m-%d %H:%M %Z") for at in db.scalars(due)] == [
        "03-07 11:00 EST",
        "03-13 11:00 EST",
        "03-14 16:30 EDT",
    ]
    due_now = dict(db.execute(select(ToDo.key, ToDo.due_on)).all())
    assert due_now.keys() == due_before.keys()
    assert sum((due_now[key] - due_before[key]).days for key in due_now) > 0
    told = db.scalars(select(Message)).one()
    assert "6:30 PM" in told.text
    assert "EDT" in told.text
    entry = calendars.attachment(event, "en").content
    assert "DTSTART;TZID=America/New_York:20270314T183000" in entry
    page = client.get(f"/events/{event.slug}").text.replace("\u202f", " ")
    assert "5:30 PM – 6:30 PM" in page


@pytest.mark.parametrize("to", [date(2027, 1, 31), date(2020, 3, 13)])
def test_nothing_is_moved_into_the_past(
    client: FlaskClient, db: Session, event: Event, to: date
) -> None:
    event_id = event.id
    assert move(client, event, to) == 422
    event = db.get_one(Event, event_id)
    assert (event.revision, event.wall_start.date()) == (1, BEFORE)
    assert db.scalars(select(Message)).all() == []
    assert set(db.scalars(select(Mailing.state))) == {MailingState.SCHEDULED}
