"""Staff are told before they send when the last copy leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.foundation.web import Whereas
from app.mail import engine, forecast, mailings, rates, tallies
from app.mail.forecast import USUAL_PACE, Load
from app.mail.models import Mailing
from app.mail.rates import Limits, Wish
from app.mail.wire import Fate
from tests.factories import PersonFactory
from tests.mail.kinds import circular

NOON = datetime(2027, 3, 10, 17, tzinfo=UTC)
"""A Wednesday."""
NEW_YORK = "America/New_York"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def seconds(load: Load, **more: float) -> float:
    return (forecast.finish(load, NOON, **more) - NOON).total_seconds()


def test_people_by_the_usual_pace(db: Session) -> None:
    assert seconds(Load(1200)) == 1200 / USUAL_PACE


def test_the_busiest_minute_so_far_is_the_pace(db: Session) -> None:
    tallies.add({("gmail.com", Fate.SENT): 4000, ("other", Fate.SENT): 2000})
    assert seconds(Load(12_000)) == 120


def test_a_minute_with_few_mails_tells_nothing(db: Session) -> None:
    tallies.add({("other", Fate.SENT): 10})
    assert seconds(Load(1200)) == 1200 / USUAL_PACE


def test_the_rate_of_all_mail_limits_the_pace(app: Whereas, db: Session) -> None:
    app.config["MAIL_RATE"] = 2
    assert seconds(Load(600)) == 300


def test_the_slowest_provider_decides(app: Whereas, db: Session) -> None:
    app.config["DOMAIN_RATES"] = {"gmail.com": 1.0, "yahoo.com": 10.0}
    load = Load(1000, {"gmail.com": 600, "yahoo.com": 300, "example.org": 100})
    assert seconds(load) == 600


def test_what_is_measured_just_now_counts_more(db: Session) -> None:
    assert seconds(Load(1000), pace=100.0) == 10


def test_nights_are_not_counted(db: Session) -> None:
    nine_hours = int(9 * 3600 * USUAL_PACE)
    end = forecast.finish(Load(nine_hours + 1200), NOON)
    assert end == datetime(2027, 3, 11, 13, 1, tzinfo=UTC)


def test_what_is_sent_at_any_hour_uses_its_first_hours(db: Session) -> None:
    evening = datetime(2027, 3, 11, 3, tzinfo=UTC)
    load = Load(int(3600 * USUAL_PACE))
    assert forecast.finish(load, evening) > evening + timedelta(hours=8)
    now = Load(load.people, at_any_hour=True)
    assert forecast.finish(now, evening) == evening + timedelta(hours=1)


def test_a_new_sender_takes_its_days(app: Whereas, db: Session) -> None:
    app.config["WARM_UP_SINCE"] = date(2027, 3, 10)
    rates.draw(Limits.configured(), [Wish("gmail.com")] * 20, has_allowance=True)
    # 30 today, 100 tomorrow, 500 on Friday, and 70 of a thousand on Saturday
    end = forecast.finish(Load(700), NOON)
    assert end == datetime(2027, 3, 13, 13, 0, 3, 500_000, tzinfo=UTC)
    assert forecast.in_words(end, NEW_YORK) == "Saturday at 9:00\u202fAM"
    assert forecast.in_words(end, "America/Los_Angeles") == "Saturday at 6:00\u202fAM"


def test_other_mail_that_waits_goes_first(mail_db: Session) -> None:
    PersonFactory.create_batch(3)
    first = circular("first")
    engine.sweep()
    assert forecast.waiting_before() == 3
    assert forecast.waiting_before(first) == 0
    mailings.pause(mail_db.get_one(Mailing, first.id))
    assert forecast.waiting_before() == 0


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(seconds=5), "in about 1 minute"),
        (timedelta(minutes=20), "in about 20 minutes"),
        (timedelta(hours=3, minutes=20), "today at 4:00\u202fPM"),
        (timedelta(days=3), "Saturday at 12:00\u202fPM"),
        (timedelta(days=12), "Monday, March 22 at 1:00\u202fPM"),
    ],
)
def test_an_end_is_told_as_people_say_it(
    app: Whereas, db: Session, after: timedelta, words: str
) -> None:
    with app.test_request_context():
        assert forecast.in_words(NOON + after, NEW_YORK) == words
