"""Events that come again: dates made ahead, changes for one or more, and no seat lost silently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.events import queries, reminders, rhythm, series
from app.events.forms import defaults_of
from app.events.models import Event, EventState, SignUp
from app.events.rhythm import Every
from app.events.series_models import EventSeries
from app.mail.models import Mailing, Message
from tasks.events import sweep
from tests.factories import (
    AllianceFactory,
    EventFactory,
    SignUpFactory,
    coordinator_of,
    seed_places,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements

DESK = "/desk/columbus"
NOW = datetime(2027, 1, 4, 16, tzinfo=UTC)
FIRST = datetime(2027, 1, 12, 19)


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def columbus(db: Session) -> Alliance:
    seed_places(db)
    return AllianceFactory(slug="columbus")


@pytest.fixture
def coordinator(client: FlaskClient, columbus: Alliance) -> FlaskClient:
    sign_in(client, coordinator_of(columbus))
    return client


@pytest.fixture
def evening(columbus: Alliance) -> Event:
    """The first of the planning evenings."""
    return EventFactory(alliance=columbus, title="Planning evening", wall_start=FIRST)


def begun(event: Event, every: Every = Every.MONTH, **ends: Any) -> EventSeries:
    found = rhythm.starting(every, event.wall_start.date())
    return series.begin(event, rhythm.Rhythm(found.every, found.weekday, found.nth, **ends))


def days(db: Session) -> list[date]:
    return list(db.scalars(select(Event.series_on).order_by(Event.series_on)))


def of_day(db: Session, on: date) -> Event:
    return db.scalars(select(Event).where(Event.series_on == on)).one()


def fields(event: Event, **changes: str) -> dict[str, str]:
    values = {name: str(value) for name, value in defaults_of(event).items() if value is not None}
    return values | changes


def test_a_meeting_is_repeated_by_a_page_that_names_its_weekday(
    coordinator: FlaskClient, db: Session, evening: Event
) -> None:
    address = f"{DESK}/events/{evening.id}/repeat"
    page = coordinator.get(address).text
    assert "the second Tuesday of each month" in page
    assert "every two weeks on Tuesday" in page
    assert "the last Tuesday" not in page
    answer = post(coordinator, address, {"every": "month", "ends": "never"})
    found = db.scalars(select(EventSeries)).one()
    assert answer.headers["Location"] == f"{DESK}/series/{found.id}?done=series-begun"
    expected = [date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9), date(2027, 4, 13)]
    assert days(db) == expected
    shown = coordinator.get(f"{DESK}/series/{found.id}").text
    assert "Comes again: the second Tuesday of each month" in shown
    assert "Tue, Feb 9, 2027, 7:00 PM EST" in shown


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"every": "last_of_month"},
        {"every": "week", "ends": "until"},
        {"every": "week", "ends": "until", "until": "2027-01-12"},
        {"every": "week", "ends": "until", "until": "2047-01-12"},
        {"every": "week", "ends": "count"},
        {"every": "week", "ends": "count", "count": "1"},
        {"every": "week", "ends": "count", "count": "x"},
    ],
)
def test_what_cannot_be_is_refused(
    coordinator: FlaskClient, db: Session, evening: Event, answers: dict[str, str]
) -> None:
    refused = post(coordinator, f"{DESK}/events/{evening.id}/repeat", answers)
    assert refused.status_code == 422
    assert db.scalars(select(EventSeries)).all() == []


def test_what_is_over_or_comes_again_is_not_repeated(
    coordinator: FlaskClient, db: Session, columbus: Alliance, evening: Event
) -> None:
    over = EventFactory(alliance=columbus, wall_start=datetime(2026, 12, 1, 19))
    begun(evening)
    for event in (over, evening):
        answer = post(coordinator, f"{DESK}/events/{event.id}/repeat", {"every": "week"})
        assert answer.headers["Location"].endswith("done=series-cannot")


def test_the_hour_stays_when_the_clocks_change(db: Session, evening: Event) -> None:
    begun(evening)
    before, after = of_day(db, date(2027, 3, 9)), of_day(db, date(2027, 4, 13))
    assert (before.wall_start.hour, after.wall_start.hour) == (19, 19)
    assert before.starts_at == datetime(2027, 3, 10, 0, tzinfo=UTC)
    assert after.starts_at == datetime(2027, 4, 13, 23, tzinfo=UTC)


def test_a_night_without_that_hour_takes_the_next(db: Session, columbus: Alliance) -> None:
    night = EventFactory(alliance=columbus, wall_start=datetime(2027, 2, 28, 2, 30))
    begun(night, Every.WEEK, count=4)
    assert of_day(db, date(2027, 3, 14)).wall_start == datetime(2027, 3, 14, 3)
    assert of_day(db, date(2027, 3, 21)).wall_start == datetime(2027, 3, 21, 2, 30)


def test_published_dates_have_pages_and_reminders_and_drafts_wait(
    coordinator: FlaskClient, db: Session, columbus: Alliance, evening: Event
) -> None:
    begun(evening, count=3)
    february = of_day(db, date(2027, 2, 9))
    assert coordinator.get(f"/events/{february.slug}").status_code == 200
    mailings = select(Mailing.due_at).where(
        Mailing.subject_id == february.id, Mailing.kind == reminders.KIND
    )
    assert len(db.scalars(mailings).all()) == 3
    draft = EventFactory(alliance=columbus, wall_start=FIRST, state=EventState.DRAFT)
    other = begun(draft, Every.WEEK, count=3)
    assert [each.event.state for each in series.dates(other)] == [EventState.DRAFT] * 3
    assert "Publish all 3 dates" in coordinator.get(f"{DESK}/series/{other.id}").text
    post(coordinator, f"{DESK}/series/{other.id}/publish")
    db.expire_all()
    assert [each.event.state for each in series.dates(other)] == [EventState.PUBLISHED] * 3


def test_the_sweep_makes_the_next_dates_once(
    db: Session, evening: Event, now: time_machine.Traveller
) -> None:
    begun(evening, Every.WEEK)
    db.commit()
    made = len(days(db))
    now.shift(timedelta(days=14))
    db.commit()
    sweep()
    sweep()
    assert len(days(db)) == made + 2
    assert series.due() == []


def test_a_date_thrown_away_or_cancelled_does_not_come_back(
    coordinator: FlaskClient, db: Session, columbus: Alliance, now: time_machine.Traveller
) -> None:
    draft = EventFactory(alliance=columbus, wall_start=FIRST, state=EventState.DRAFT)
    found = begun(draft, Every.WEEK, count=4)
    thrown = of_day(db, date(2027, 1, 26))
    post(coordinator, f"{DESK}/events/{thrown.id}/discard")
    db.refresh(found)
    assert found.skipped == ["2027-01-26"]
    found.made_until = date(2027, 1, 12)
    series.extend(found)
    assert days(db) == [date(2027, 1, 12), date(2027, 1, 19), date(2027, 2, 2)]


def test_a_change_of_one_date_stays_its_own(
    coordinator: FlaskClient, db: Session, evening: Event
) -> None:
    begun(evening, count=4)
    february = of_day(db, date(2027, 2, 9))
    page = coordinator.get(f"{DESK}/events/{february.id}/edit").text
    assert "the second Tuesday of each month, 4 times" in page
    changes = {"title": "Party", "date": "2027-02-10", "scope": "this"}
    post(coordinator, f"{DESK}/events/{february.id}/edit", fields(february, **changes))
    db.expire_all()
    march = of_day(db, date(2027, 3, 9))
    post(
        coordinator,
        f"{DESK}/events/{march.id}/edit",
        fields(march, title="Meeting", time="18:00", scope="all"),
    )
    db.expire_all()
    found = db.scalars(select(Event).order_by(Event.series_on)).all()
    assert [(event.title, f"{event.wall_start:%m-%d %H:%M}") for event in found] == [
        ("Meeting", "01-12 18:00"),
        ("Party", "02-10 19:00"),
        ("Meeting", "03-09 18:00"),
        ("Meeting", "04-13 18:00"),
    ]
    assert [event.series_own for event in found] == [False, True, False, False]


def test_this_and_following_leave_what_is_before(
    coordinator: FlaskClient, db: Session, evening: Event
) -> None:
    begun(evening, count=4)
    march = of_day(db, date(2027, 3, 9))
    changes = {"venue": "Town Hall", "scope": "following"}
    post(coordinator, f"{DESK}/events/{march.id}/edit", fields(march, **changes))
    db.expire_all()
    venues = db.scalars(select(Event.venue).order_by(Event.series_on)).all()
    assert [venue == "Town Hall" for venue in venues] == [False, False, True, True]


def test_later_dates_are_like_the_newest(
    coordinator: FlaskClient, db: Session, evening: Event, now: time_machine.Traveller
) -> None:
    begun(evening)
    post(
        coordinator,
        f"{DESK}/events/{evening.id}/edit",
        fields(evening, time="18:00", scope="all"),
    )
    now.shift(timedelta(days=30))
    sweep()
    assert of_day(db, date(2027, 5, 11)).wall_start == datetime(2027, 5, 11, 18)


def test_only_one_date_is_put_on_another_day(
    coordinator: FlaskClient, db: Session, evening: Event
) -> None:
    begun(evening, count=4)
    changes = {"date": "2027-01-13", "scope": "all"}
    answer = post(coordinator, f"{DESK}/events/{evening.id}/edit", fields(evening, **changes))
    assert answer.status_code == 422
    assert "Only a single date can be put on another day." in answer.text


def test_who_signed_up_for_a_date_is_told_when_all_are_moved(
    coordinator: FlaskClient, db: Session, evening: Event
) -> None:
    begun(evening, count=4)
    march = of_day(db, date(2027, 3, 9))
    SignUpFactory(event=march)
    page = coordinator.get(f"{DESK}/events/{evening.id}/edit").text
    assert "Tue, Mar 9, 2027, 7:00 PM EST: 1 person" in page
    post(
        coordinator,
        f"{DESK}/events/{evening.id}/edit",
        fields(evening, time="18:00", scope="all"),
    )
    (mail,) = db.scalars(select(Message).where(Message.kind == "events/moved")).all()
    assert "Tuesday, March 9, 2027" in mail.text
    assert db.scalars(select(SignUp.event_id)).all() == [march.id]


def test_another_rhythm_never_takes_a_seat_silently(
    coordinator: FlaskClient, db: Session, evening: Event
) -> None:
    found = begun(evening)
    march = of_day(db, date(2027, 3, 9))
    SignUpFactory(event=march)
    answer = post(
        coordinator,
        f"{DESK}/series/{found.id}/rhythm",
        {"first": "2027-02-18", "every": "month", "ends": "never"},
    )
    assert "On Mar 9, 2027 people are signed up, so that date stays as it is." in answer.text
    db.expire_all()
    states = {
        event.series_on: (event.state, event.series_own) for event in db.scalars(select(Event))
    }
    published, cancelled = EventState.PUBLISHED, EventState.CANCELLED
    assert states == {
        date(2027, 1, 12): (published, False),
        date(2027, 2, 9): (published, False),
        date(2027, 2, 18): (published, False),
        date(2027, 3, 9): (published, True),
        date(2027, 3, 18): (published, False),
        date(2027, 4, 13): (cancelled, False),
        date(2027, 4, 15): (published, False),
    }
    assert db.scalars(select(Message.kind)).all() == []


@pytest.mark.parametrize(
    "answers",
    [
        {"first": "2027-01-01", "every": "week"},
        {"first": "2027-02-02", "every": "last_of_month"},
        {"first": "", "every": "week"},
        {"first": "2027-02-02"},
    ],
)
def test_an_odd_rhythm_is_refused(
    coordinator: FlaskClient, db: Session, evening: Event, answers: dict[str, str]
) -> None:
    found = begun(evening)
    assert post(coordinator, f"{DESK}/series/{found.id}/rhythm", answers).status_code == 422
    assert len(days(db)) == 4


def test_a_series_ends_and_keeps_the_dates_with_people(
    coordinator: FlaskClient, db: Session, evening: Event, now: time_machine.Traveller
) -> None:
    found = begun(evening)
    SignUpFactory(event=of_day(db, date(2027, 4, 13)))
    assert post(coordinator, f"{DESK}/series/{found.id}/end", {"last": "x"}).status_code == 422
    answer = post(coordinator, f"{DESK}/series/{found.id}/end", {"last": "2027-02-28"})
    assert "Apr 13, 2027" in answer.text
    db.expire_all()
    assert of_day(db, date(2027, 3, 9)).state == EventState.CANCELLED
    assert of_day(db, date(2027, 4, 13)).state == EventState.PUBLISHED
    now.shift(timedelta(days=60))
    db.commit()
    sweep()
    assert len(days(db)) == 4


def test_other_events_are_not_crowded_out_by_what_comes_again(
    db: Session, columbus: Alliance, evening: Event
) -> None:
    begun(evening, Every.WEEK)
    panel = EventFactory(alliance=columbus, wall_start=datetime(2027, 3, 1, 18))
    assert [event.id for event in queries.upcoming(columbus.id)] == [evening.id, panel.id]


def test_another_alliance_has_no_such_series(
    client: FlaskClient, db: Session, evening: Event
) -> None:
    found = begun(evening)
    sign_in(client, coordinator_of(AllianceFactory(slug="cleveland")))
    assert client.get(f"/desk/cleveland/series/{found.id}").status_code == 404
    assert client.get(f"{DESK}/series/{found.id}").status_code == 404


@pytest.mark.parametrize("count", [2, 17])
def test_the_page_costs_the_same(
    coordinator: FlaskClient, db: Session, evening: Event, count: int
) -> None:
    found = begun(evening, Every.WEEK, count=count)
    with count_statements() as statements:
        assert coordinator.get(f"{DESK}/series/{found.id}").status_code == 200
    assert len(statements) <= 7


def test_its_pages_say_how_often_it_comes_and_lead_to_every_date(
    client: FlaskClient, db: Session, columbus: Alliance, evening: Event
) -> None:
    begun(evening, Every.SECOND_WEEK)
    page = client.get(f"/events/{evening.slug}").text
    assert "Every two weeks on Tuesday" in page
    assert f'href="/events/{evening.slug}/dates"' in page
    assert "every two weeks on Tuesday · 7:00 PM EST" in client.get("/alliances/columbus").text
    assert client.get(f"/es/events/{evening.slug}").text.count("martes") == 2


def test_the_page_of_its_dates_has_those_to_come_that_take_place(
    client: FlaskClient, db: Session, evening: Event
) -> None:
    begun(evening)
    for on, state in ((date(2027, 2, 9), EventState.CANCELLED), (date(2027, 3, 9), "draft")):
        of_day(db, on).state = state
    dates = client.get(f"/events/{evening.slug}/dates").text
    assert "Comes again: the second Tuesday of each month" in dates
    assert re.findall(r'<h3><a href="/events/([^"]+)"', dates) == [
        evening.slug,
        of_day(db, date(2027, 4, 13)).slug,
    ]


def test_the_page_of_dates_costs_the_same_for_many(
    client: FlaskClient, db: Session, evening: Event
) -> None:
    found = begun(evening, Every.WEEK, count=1)
    costs = []
    for rule in (found.rule, "FREQ=WEEKLY;BYDAY=TU"):
        found.rule, found.made_until = rule, FIRST.date()
        series.extend(found)
        client.get(f"/events/{evening.slug}/dates")
        with count_statements() as statements:
            client.get(f"/events/{evening.slug}/dates")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 4


def test_what_comes_once_has_no_page_of_dates(
    client: FlaskClient, db: Session, evening: Event
) -> None:
    assert client.get(f"/events/{evening.slug}/dates").status_code == 404
    assert "/dates" not in client.get(f"/events/{evening.slug}").text
    draft = EventFactory(state=EventState.DRAFT, wall_start=FIRST)
    begun(draft)
    assert client.get(f"/events/{draft.slug}/dates").status_code == 404
