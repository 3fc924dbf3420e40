"""A new sending domain sends a little more each day, so that receivers learn to trust it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.web import Whereas
from app.mail import engine, warm_up
from app.mail.models import Batch, Lane
from app.people.models import Purpose
from tests.factories import PersonFactory
from tests.mail.kinds import circular, states
from tests.services.smtp import SmtpServer

FIRST_DAY = date(2027, 3, 10)
NOON = datetime(2027, 3, 10, 17, tzinfo=UTC)


@pytest.fixture
def travel() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def short_ramp(mailing_app: Whereas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_up, "RAMP", (4, 8))
    mailing_app.config.update(WARM_UP_SINCE=FIRST_DAY)


def go_on() -> None:
    engine.sweep()
    engine.work()


@pytest.mark.parametrize(
    ("day", "most"),
    [
        (FIRST_DAY - timedelta(days=5), 50),
        (FIRST_DAY, 50),
        (FIRST_DAY + timedelta(days=1), 100),
        (FIRST_DAY + timedelta(days=19), 640_000),
        (FIRST_DAY + timedelta(days=20), None),
    ],
)
def test_each_day_allows_more_until_there_is_no_limit(
    mailing_app: Whereas, mail_db: Session, day: date, most: int | None
) -> None:
    mailing_app.config.update(WARM_UP_SINCE=FIRST_DAY)
    assert warm_up.allowance(day) == most


def test_without_a_first_day_there_is_no_limit(mail_db: Session) -> None:
    assert warm_up.allowance(FIRST_DAY) is None


def test_a_day_of_sending_begins_in_the_morning() -> None:
    assert warm_up.day_of(datetime(2027, 3, 10, 12, 59, tzinfo=UTC)) == date(2027, 3, 9)
    assert warm_up.day_of(datetime(2027, 3, 10, 13, tzinfo=UTC)) == date(2027, 3, 10)
    assert warm_up.begin_of(date(2027, 3, 15)) == datetime(2027, 3, 15, 12, tzinfo=UTC)


def test_what_a_day_does_not_allow_goes_on_the_next_ones(
    mail_db: Session, short_ramp: None, smtp_server: SmtpServer, travel: time_machine.Coordinates
) -> None:
    PersonFactory.create_batch(14)
    mailing = circular(at_any_hour=False)
    sent = []
    for _ in range(3):
        go_on()
        go_on()
        sent.append(states(mailing)["sent"])
        mail_db.rollback()
        travel.shift(timedelta(days=1))
    assert sent == [4, 12, 14]
    assert len(set(smtp_server.message_ids)) == 14


def test_whole_batches_wait_for_the_next_morning(
    mail_db: Session, short_ramp: None, smtp_server: SmtpServer, travel: time_machine.Coordinates
) -> None:
    PersonFactory.create_batch(14)
    circular(at_any_hour=False)
    go_on()
    assert set(mail_db.scalars(select(Batch.due_at))) == {datetime(2027, 3, 11, 13, tzinfo=UTC)}
    assert mail_db.scalars(select(Lane.on_day)).one() == 4


def test_the_allowance_is_one_for_all_mailings_together(
    mail_db: Session, short_ramp: None, smtp_server: SmtpServer, travel: time_machine.Coordinates
) -> None:
    PersonFactory.create_batch(3)
    first, second = circular("first"), circular("second", purpose=Purpose.ANNOUNCEMENTS)
    go_on()
    assert (states(first)["sent"], states(second)["sent"]) == (3, 1)


def test_reminders_go_although_the_day_is_used_up(
    mail_db: Session, short_ramp: None, smtp_server: SmtpServer, travel: time_machine.Coordinates
) -> None:
    PersonFactory.create_batch(6)
    circular("first")
    go_on()
    assert states(circular("reminder", purpose=Purpose.EVENTS)) == {}
    go_on()
    assert len(smtp_server.messages) == 4 + 6
