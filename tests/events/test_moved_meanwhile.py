"""An event that is moved at the desk while its reminders go out, between two batches of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from app.events import reminders
from app.events.models import Event
from app.foundation.db import db
from app.foundation.web import Whereas
from app.mail import engine
from app.mail.models import Delivery, SendState
from app.people.models import Person
from tests.apps import Apps
from tests.events.test_desk import as_filled
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
    seed_places,
)
from tests.services.smtp import Received, SmtpServer
from tests.signing_in import post, sign_in

NOVEMBER = datetime(2026, 11, 21, 12, tzinfo=UTC)
JULY_16, JULY_23 = (
    datetime(2027, 7, 16, 18, 1, tzinfo=UTC),
    datetime(2027, 7, 23, 18, 1, tzinfo=UTC),
)
"""Just after the reminder of the day before is due: of the old day, and of the new one."""
GUESTS, BATCH = 25, 10
OLD, NEW = "July 17", "July 24"


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOVEMBER) as traveller:
        yield traveller


@pytest.fixture
def reminding(
    settings: dict[str, str], apps: Apps, smtp_server: SmtpServer, now: time_machine.Traveller
) -> Iterator[Whereas]:
    """The application with small batches and a relay of its own."""
    small = {"BATCH_SIZE": str(BATCH), "SMTP_TIMEOUT": "5", "SMTP_URL": smtp_server.url}
    with apps.lend(settings | small) as app:
        yield app


def published() -> tuple[Event, Person]:
    """July 17, 2 pm in Los Angeles, with guests and reminders; and its coordinator."""
    seed_places(db)
    alliance = AllianceFactory(slug="los-angeles", zip="90012")
    event: Event = EventFactory(alliance=alliance, wall_start=datetime(2027, 7, 17, 14))
    for _n in range(GUESTS):
        SignUpFactory(event=event, person=PersonFactory())
    reminders.schedule(event)
    return event, coordinator_of(alliance)


def letters(received: list[Received]) -> Counter[tuple[str, str, str]]:
    """To whom, about which day, and under which first word of the subject."""
    said: Counter[tuple[str, str, str]] = Counter()
    for each in received:
        body = each.message.get_body(("plain",))
        assert body is not None
        day = NEW if NEW in body.get_content() else OLD
        said[each.recipients[0], day, str(each.message["Subject"]).partition(":")[0]] += 1
    return said


def work() -> None:
    while engine.sweep():
        engine.work(10)


def test_nobody_reads_the_old_day_after_the_move_and_nobody_is_reminded_twice(
    reminding: Whereas, smtp_server: SmtpServer, now: time_machine.Traveller
) -> None:
    browser, answers = reminding.test_client(), []
    with reminding.app_context():
        event, ana = published()
        path = f"/desk/los-angeles/events/{event.id}/edit"
        moved = as_filled(event, date="2027-07-24", time_zone="America/Los_Angeles")
        now.move_to(JULY_16)
        sign_in(browser, ana)
        db.commit()
    smtp_server.hang_up = lambda _received: move_after(BATCH)

    def move_after(number: int) -> bool:
        """Done at the desk when the last mail of the first batch is with the relay."""
        if len(smtp_server.messages) == number and not answers:
            with reminding.app_context():
                answers.append(post(browser, path, moved).status_code)
        return False

    with reminding.app_context():
        work()
        before, after = smtp_server.messages[:BATCH], smtp_server.messages[BATCH:]
        assert answers == [303]
        assert {key[1:] for key in letters(before)} == {(OLD, "Tomorrow")}
        told = letters(after)
        assert len(told) == told.total() == GUESTS
        assert {day for _to, day, _subject in told} == {NEW}
        states = Counter(db.scalars(select(Delivery.state)))
        assert states.keys() == {SendState.SENT, SendState.SKIPPED}
        assert states[SendState.SENT] == BATCH
        db.rollback()

        now.move_to(JULY_23)
        work()
        again = letters(smtp_server.messages[BATCH + GUESTS :])
        assert len(again) == again.total() == GUESTS
        assert {key[1:] for key in again} == {(NEW, "Tomorrow")}
