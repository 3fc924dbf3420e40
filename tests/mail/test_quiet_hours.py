"""Digests and news come by day where their reader lives, or in the morning after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.mail import engine, mailings, quiet_hours
from app.mail.models import Delivery, Mailing, SendState
from app.people.models import Person, Purpose
from tests.factories import PersonFactory
from tests.mail.kinds import circular, reasons, states
from tests.services.smtp import SmtpServer

# 04:30 UTC is 23:30 in New York, 20:30 in Los Angeles and 18:30 in Honolulu.
NIGHT = datetime(2027, 1, 13, 4, 30, tzinfo=UTC)


@pytest.fixture
def travel() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NIGHT) as traveller:
        yield traveller


@pytest.mark.parametrize(
    ("zone", "at", "morning"),
    [
        ("America/New_York", datetime(2027, 1, 13, 1, 59), None),  # 20:59
        ("America/New_York", datetime(2027, 1, 13, 2, 0), datetime(2027, 1, 13, 13)),  # 21:00
        ("America/New_York", datetime(2027, 1, 13, 12, 59), datetime(2027, 1, 13, 13)),  # 07:59
        ("America/New_York", datetime(2027, 1, 13, 13, 0), None),  # 08:00
        ("America/Phoenix", datetime(2027, 1, 13, 5, 0), datetime(2027, 1, 13, 15)),  # 22:00
        ("Nowhere/AtAll", datetime(2027, 1, 13, 2, 0), datetime(2027, 1, 13, 13)),
        # the clocks go forward in this night, and back in that one
        ("America/New_York", datetime(2027, 3, 14, 3, 0), datetime(2027, 3, 14, 12)),
        ("America/New_York", datetime(2027, 11, 7, 3, 0), datetime(2027, 11, 7, 13)),
    ],
)
def test_the_night_is_from_nine_to_eight_where_the_reader_lives(
    zone: str, at: datetime, morning: datetime | None
) -> None:
    expected = morning and morning.replace(tzinfo=UTC)
    assert quiet_hours.until(zone, 9, at.replace(tzinfo=UTC)) == expected


def test_the_hour_that_a_reader_chose_is_not_too_late() -> None:
    ten_at_night = datetime(2027, 1, 13, 3, 10, tzinfo=UTC)
    assert quiet_hours.until("America/New_York", 22, ten_at_night) is None


def test_a_digest_waits_for_the_morning_of_each_reader(
    mail_db: Session, smtp_server: SmtpServer, travel: time_machine.Coordinates
) -> None:
    east, west = PersonFactory(), PersonFactory(zip="90012")
    mailing = circular(at_any_hour=False)
    engine.sweep()
    engine.work()
    assert len(smtp_server.to(west.address.email)) == 1
    assert smtp_server.to(east.address.email) == []
    assert reasons(mailing, SendState.WAITING) == {"night": 1}
    waits = select(Delivery.due_at, Delivery.tries).where(Delivery.person_id == east.id)
    assert mail_db.execute(waits).one() == (datetime(2027, 1, 13, 13, tzinfo=UTC), 0)
    mail_db.commit()
    travel.move_to(datetime(2027, 1, 13, 12, 59, tzinfo=UTC))
    assert engine.sweep().batches == 0
    travel.move_to(datetime(2027, 1, 13, 13, 0, 5, tzinfo=UTC))
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 2}


def test_what_staff_send_now_goes_now_but_not_what_slips_into_the_night(
    mail_db: Session, smtp_server: SmtpServer, travel: time_machine.Coordinates
) -> None:
    PersonFactory.create_batch(2)
    mailing = circular()
    engine.sweep()
    mailings.pause(mail_db.get_one(Mailing, mailing.id))
    mail_db.commit()
    travel.shift(timedelta(hours=3, seconds=1))
    mailings.resume(mail_db.get_one(Mailing, mailing.id))
    mail_db.commit()
    engine.work()
    assert reasons(mailing, SendState.WAITING) == {"night": 2}
    assert smtp_server.messages == []


def test_a_reader_who_moves_west_gets_it_by_their_own_clock(
    mail_db: Session, smtp_server: SmtpServer, travel: time_machine.Coordinates
) -> None:
    mover = PersonFactory()
    mailing = circular(at_any_hour=False)
    engine.sweep()
    mail_db.execute(
        update(Person).where(Person.id == mover.id).values(time_zone="Pacific/Honolulu")
    )
    mail_db.commit()
    engine.work()
    assert states(mailing) == {"sent": 1}


def test_reminders_of_events_know_no_night(
    mail_db: Session, smtp_server: SmtpServer, travel: time_machine.Coordinates
) -> None:
    PersonFactory()
    mailing = circular(at_any_hour=False, purpose=Purpose.EVENTS)
    engine.sweep()
    engine.work()
    assert states(mailing) == {"sent": 1}
