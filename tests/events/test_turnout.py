"""What an alliance's own history says of its next event."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.events import door, forgetting, reports, turnout
from app.events.door import Said
from app.events.models import Event, EventKind, SignUp, SignUpState
from app.events.queries import Counts
from app.foundation import clock
from tests.events.world import coming
from tests.factories import (
    AllianceFactory,
    EditionFactory,
    EventFactory,
    coordinator_of,
)
from tests.signing_in import sign_in
from tests.statements import count_statements


def past_event(
    alliance: Alliance, *, seats: int, came: int, days: int = 30, **values: object
) -> Event:
    """An event that is over, with so many seats given and so many people reported."""
    start = clock.now() - timedelta(days=days)
    event: Event = EventFactory(
        alliance=alliance, starts_at=start, ends_at=start + timedelta(hours=1), **values
    )
    coming(event, "Somebody", seats=seats)
    if came:
        reports.save(event, reports.Written(came, None, "", (), "", False), None)
    return event


def test_the_share_is_of_all_counted_events(db: Session) -> None:
    alliance = AllianceFactory()
    past_event(alliance, seats=10, came=8)
    past_event(alliance, seats=10, came=4, days=60)
    past_event(alliance, seats=10, came=0, days=90)
    past_event(AllianceFactory(), seats=10, came=1)
    past = turnout.history(alliance.id)
    assert [(one.expected, one.came) for one in past] == [(10, 8), (10, 4)]
    forecast = turnout.forecast(past, Counts(confirmed=50), 60)
    room = turnout.Filling(seats=60, missing=50, free=10, at_most=36)
    assert forecast == turnout.Forecast(share=0.6, events=2, will_come=30, room=room)


@pytest.mark.parametrize(
    ("came", "taken", "seats", "missing", "gets_full"),
    [(6, 100, 60, 0, True), (6, 99, 60, 1, False), (6, 0, 3, 5, False), (12, 40, 60, 10, True)],
)
def test_how_many_sign_ups_fill_the_room(
    came: int, taken: int, seats: int, missing: int, gets_full: bool
) -> None:
    past = [turnout.Past(1, EventKind.PANEL, "Panel", clock.today(), 10, came)] * 2
    forecast = turnout.forecast(past, Counts(taken - 2, held=2) if taken else Counts(), seats)
    assert forecast is not None
    assert forecast.room is not None
    assert (forecast.room.missing, forecast.room.gets_full) == (missing, gets_full)
    assert forecast.room.free == max(0, seats - taken)


def test_nothing_fills_a_room_without_a_limit() -> None:
    past = [turnout.Past(1, EventKind.PANEL, "Panel", clock.today(), 10, 6)] * 2
    forecast = turnout.forecast(past, Counts(50), None)
    assert forecast == turnout.Forecast(share=0.6, events=2, will_come=30, room=None)


def test_the_room_of_an_event_held_both_ways_is_both_parts_unless_the_whole_is_less(
    db: Session,
) -> None:
    event = EventFactory(is_online=True, seats_at_place=20, seats_online=30)
    assert event.limit == 50
    event.capacity = 40
    assert event.limit == 40
    event.capacity, event.seats_online = None, None
    assert event.limit is None


def test_only_the_part_that_is_held_limits_an_event(db: Session) -> None:
    event = EventFactory(is_online=True, venue="", street="", seats_at_place=3, seats_online=30)
    assert event.limit == 30
    event.is_online, event.venue = False, "Main Library"
    assert event.limit == 3


def test_one_event_is_no_history(db: Session) -> None:
    alliance = AllianceFactory()
    past_event(alliance, seats=10, came=8)
    assert turnout.forecast(turnout.history(alliance.id), Counts(5), 5) is None


def test_the_door_counts_where_nobody_reported_and_numbers_outlive_names(db: Session) -> None:
    alliance = AllianceFactory()
    counted = past_event(alliance, seats=10, came=0)
    door.record(counted, None, [Said("walk-in-1", 7, clock.now())])
    old = past_event(alliance, seats=10, came=0, days=200)
    old.past_confirmed, old.past_came = 20, 15
    db.flush()
    past = turnout.history(alliance.id)
    assert [(one.expected, one.came) for one in past] == [(10, 7), (20, 15)]


def test_kinds_are_summed_apart(db: Session) -> None:
    alliance = AllianceFactory()
    past_event(alliance, seats=10, came=8, kind=EventKind.VIGIL)
    past_event(alliance, seats=6, came=3, kind=EventKind.PANEL)
    past_event(alliance, seats=4, came=4, kind=EventKind.PANEL)
    sums = turnout.by_kind(turnout.history(alliance.id))
    assert sums == {EventKind.PANEL: (7, 10), EventKind.VIGIL: (8, 10)}


def test_sign_ups_are_compared_with_the_same_day_a_year_before(db: Session) -> None:
    alliance = AllianceFactory()
    day = clock.today()
    last = EditionFactory(year=day.year - 1, on=day - timedelta(days=355))
    this = EditionFactory(year=day.year, on=day + timedelta(days=10))
    before = past_event(alliance, seats=3, came=0, days=355, edition=last, edition_id=last.id)
    before.wall_start = before.starts_at.replace(tzinfo=None)
    event = EventFactory(alliance=alliance, edition=this, edition_id=this.id)
    coming(event, "Ana", seats=2)
    db.flush()
    found = turnout.a_year_before(event)
    assert found is before
    days = turnout.sign_ups_by_day(event, found)
    assert len(days) == turnout.DAYS_SHOWN + 1
    assert days[-11][1] == 2
    assert days[-1][1] == 0  # still to come
    assert days[-1][2] == 3
    assert [then for _day, _now, then in turnout.sign_ups_by_day(event, None)] == [None] * 29


def test_the_days_of_last_year_stay_when_its_names_are_deleted(db: Session) -> None:
    alliance = AllianceFactory()
    before = past_event(alliance, seats=3, came=0, days=355)
    before.wall_start = datetime.combine(before.starts_at.date(), time(12))
    noon = before.wall_start.replace(tzinfo=ZoneInfo(before.time_zone))
    for days, name, seats in ((20, "Ben", 2), (40, "Cleo", 4), (3, "Dora", 1), (-1, "Eve", 1)):
        early = coming(before, name, seats=seats)
        early.created_at = noon - timedelta(days=days)
    waits = coming(before, "Finn", seats=1)
    waits.state = SignUpState.WAITING
    none_came = past_event(alliance, seats=1, came=0, days=400)
    db.execute(delete(SignUp).where(SignUp.event_id == none_came.id))
    event = EventFactory(alliance=alliance)
    db.commit()
    known = turnout.sign_ups_by_day(event, before)
    assert [then for _day, _now, then in known][7:10] == [4, 6, 6]
    assert known[-1][2] == 11

    with count_statements() as statements:
        assert forgetting.forget_names() == 2
    db.commit()
    db.expire_all()
    assert db.scalars(select(SignUp.id)).all() == []
    assert turnout.sign_ups_by_day(event, before) == known
    assert (before.past_confirmed, len(before.past_totals)) == (11, 41)
    assert none_came.past_totals == []
    assert len(statements) <= 7


def test_of_a_year_that_was_brought_only_the_last_number_is_said(db: Session) -> None:
    alliance = AllianceFactory()
    before = past_event(alliance, seats=3, came=0, days=355)
    before.past_confirmed = 51
    event = EventFactory(alliance=alliance)
    coming(event, "Ana", seats=2)
    then = [number for _day, _now, number in turnout.sign_ups_by_day(event, before)]
    assert then == [None] * turnout.DAYS_SHOWN + [51]


def test_an_event_that_is_far_ahead_shows_the_days_until_today(db: Session) -> None:
    alliance = AllianceFactory()
    far = clock.now() + timedelta(days=200)
    event = EventFactory(alliance=alliance, wall_start=far.replace(tzinfo=None))
    coming(event, "Ana", seats=2)
    days = turnout.sign_ups_by_day(event, None)
    assert len(days) == turnout.DAYS_SHOWN + 1
    assert (days[-1][1], days[0][1]) == (2, 0)


@pytest.mark.parametrize(("ahead", "is_named"), [(10, True), (40, False)])
def test_the_year_before_is_named_only_where_the_chart_shows_it(
    client: FlaskClient, db: Session, ahead: int, is_named: bool
) -> None:
    alliance, day = AllianceFactory(), clock.today()
    last = EditionFactory(year=day.year - 1, on=day - timedelta(days=365 - ahead))
    this = EditionFactory(year=day.year, on=day + timedelta(days=ahead))
    before = past_event(alliance, seats=3, came=0, days=365 - ahead, edition_id=last.id)
    before.past_confirmed = 51
    start = clock.now() + timedelta(days=ahead)
    event = EventFactory(
        alliance=alliance, wall_start=start.replace(tzinfo=None), edition_id=this.id
    )
    coming(event, "Ana", seats=2)
    sign_in(client, coordinator_of(alliance))
    page = client.get(f"/desk/{alliance.slug}/events/{event.id}/numbers").text
    assert "This time" in page
    assert ("A year before" in page) is is_named


def test_the_page_says_it_in_words(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory()
    for days in (30, 60):
        past_event(alliance, seats=10, came=5, days=days)
    event = EventFactory(alliance=alliance, capacity=20)
    coming(event, "Ana", seats=8)
    sign_in(client, coordinator_of(alliance))
    page = client.get(f"/desk/{alliance.slug}/events/{event.id}/numbers").text
    assert "About 4 people will come" in page
    assert "50 percent of those who signed up came" in page
    assert "12 more sign-ups take the last seats; then about 10 of 20 people will be there." in page
    assert "Seats given, day by day" in page


@pytest.mark.parametrize(
    ("seats", "said"),
    [(0, "Nobody has signed up yet."), (1, "1 person is coming."), (4, "About 2 people will come")],
)
def test_few_or_none_are_counted_in_words(
    client: FlaskClient, db: Session, seats: int, said: str
) -> None:
    alliance = AllianceFactory()
    for days in (30, 60):
        past_event(alliance, seats=10, came=5, days=days)
    event = EventFactory(alliance=alliance)
    if seats:
        coming(event, "Ana", seats=seats)
    sign_in(client, coordinator_of(alliance))
    page = client.get(f"/desk/{alliance.slug}/events/{event.id}/numbers").text
    assert said in page
    assert "About 0" not in page
    assert "At your last 2 counted events" in page


@pytest.mark.parametrize(
    ("came", "seats", "said"),
    [
        (10, 20, "12 more sign-ups fill the room."),
        (5, 20, "12 more sign-ups take the last seats; then about 10 of 20 people will be there."),
        (5, 8, "Every seat is taken, and about 4 of 8 people will be there."),
        (20, 16, "By that, the room will be full."),
    ],
)
def test_the_desk_says_how_full_the_next_room_gets_and_no_number_that_cannot_be(
    client: FlaskClient, db: Session, came: int, seats: int, said: str
) -> None:
    alliance = AllianceFactory()
    for days in (30, 60):
        past_event(alliance, seats=10, came=came, days=days)
    coming(EventFactory(alliance=alliance, capacity=seats), "Ana", seats=8)
    sign_in(client, coordinator_of(alliance))
    page = client.get(f"/desk/{alliance.slug}/").text
    assert f"8 people are coming <b>{said}</b>" in " ".join(page.split())


def test_of_an_event_that_is_over_nobody_foretells_anything(
    client: FlaskClient, db: Session
) -> None:
    alliance = AllianceFactory()
    past_event(alliance, seats=10, came=5)
    counted = past_event(alliance, seats=10, came=7)
    uncounted = past_event(alliance, seats=4, came=0)
    sign_in(client, coordinator_of(alliance))
    at = f"/desk/{alliance.slug}/events"
    pages = [client.get(f"{at}/{event.id}/numbers").text for event in (counted, uncounted)]
    assert "7 people came" in pages[0]
    assert "10 people had signed up." in pages[0]
    assert "4 people had signed up. Say in the report how many came." in pages[1]
    assert "will come" not in pages[0] + pages[1]


def test_the_page_of_a_new_alliance_says_what_to_do(client: FlaskClient, db: Session) -> None:
    event = EventFactory()
    at = f"/desk/{event.alliance.slug}/events/{event.id}/numbers"
    sign_in(client, coordinator_of(event.alliance))
    page = client.get(at).text
    assert "0 people have a seat." in page
    assert "Nothing is counted yet" in page


def test_numbers_cost_the_same_for_one_and_twenty_events(client: FlaskClient, db: Session) -> None:
    alliance = AllianceFactory()
    slug = alliance.slug
    event_id = EventFactory(alliance=alliance).id
    sign_in(client, coordinator_of(alliance))
    costs = []
    for number in (1, 19):
        alliance = db.get_one(Alliance, alliance.id)
        for days in range(number):
            past_event(alliance, seats=5, came=4, days=10 + days)
        with count_statements() as statements:
            client.get(f"/desk/{slug}/events/{event_id}/numbers")
        costs.append(len(statements))
    assert costs[0] == costs[1]
