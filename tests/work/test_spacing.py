"""When the steps of a plan are due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.events.plans import SMALL, STEPS
from app.work import working_days
from app.work.spacing import later, shifted, spaced

JULY_17 = date(2027, 7, 17)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def test_with_time_enough_each_step_is_its_days_before() -> None:
    times = spaced(STEPS, JULY_17, JULY_17 - days(200))

    assert times.dropped == []
    assert times.due["format"] == JULY_17 - days(60)
    assert times.due["at-the-door"] == JULY_17
    assert times.due["record"] == JULY_17 + days(30)


def test_the_small_plan_has_eight_steps() -> None:
    assert len(SMALL) == 8


def test_what_an_office_does_is_due_on_the_working_day_before() -> None:
    """T-45 is June 2, T-90 is April 18, a Sunday; T-5 is July 12, a Monday."""
    times = spaced(STEPS, JULY_17, date(2027, 1, 4))

    assert times.due["proclamation"] == date(2027, 6, 2)
    assert times.due["ask-sponsor"] == date(2027, 4, 16)
    assert times.due["advisory"] == date(2027, 7, 12)


def test_starting_late_spaces_anew_and_names_what_no_longer_fits() -> None:
    times = spaced(STEPS, JULY_17, JULY_17 - days(30))

    assert [step.key for step in times.dropped] == ["owners", "ask-sponsor", "send-text"]
    assert times.due["format"] == JULY_17 - days(30)
    before = ["format", "proclamation", "speakers", "page-live", "press-release", "reconfirm"]
    assert [times.due[key] for key in before] == sorted(times.due[key] for key in before)


def test_the_day_before_hardly_anything_fits() -> None:
    times = spaced(SMALL, JULY_17, JULY_17 - days(1))

    assert set(times.due) == {"call-round", "at-the-door", "thanks", "debrief"}


def test_of_a_past_day_only_what_comes_after_it_is_left() -> None:
    times = spaced(STEPS, JULY_17, JULY_17 + days(10))

    assert set(times.due) == {"record"}


@given(left=st.integers(-40, 400), start=st.dates(date(2025, 1, 1), date(2035, 1, 1)))
def test_nothing_is_born_overdue_and_nothing_is_lost(left: int, start: date) -> None:
    times = spaced(STEPS, start + days(left), start)

    assert all(due >= start for due in times.due.values())
    assert len(times.due) + len(times.dropped) == len(STEPS)
    office = [times.due[step.key] for step in STEPS if step.office and step.key in times.due]
    assert all(working_days.works(due) for due in office)
    assert all(due <= start + days(left) for due in office)


@pytest.mark.parametrize(
    ("due", "by", "office", "expected"),
    [
        (date(2027, 7, 1), 7, False, date(2027, 7, 8)),
        (date(2027, 7, 1), -60, False, date(2027, 6, 1)),
        (date(2027, 6, 28), 7, True, date(2027, 7, 2)),  # July 5 is a holiday, 3 and 4 a weekend
        (date(2027, 6, 1), 0, True, date(2027, 6, 1)),
    ],
)
def test_what_is_moved_is_never_in_the_past(
    due: date, by: int, office: bool, expected: date
) -> None:
    assert shifted(due, days(by), office=office, today=date(2027, 6, 1)) == expected


@pytest.mark.parametrize(
    ("day", "open_that_day"),
    [
        (date(2027, 7, 5), False),  # Independence Day is a Sunday
        (date(2027, 6, 18), False),  # Juneteenth is a Saturday
        (date(2027, 12, 31), False),  # New Year's Day 2028 is a Saturday
        (date(2027, 5, 31), False),  # Memorial Day
        (date(2027, 5, 24), True),
        (date(2027, 11, 25), False),  # Thanksgiving
        (date(2027, 11, 26), True),
        (date(2027, 2, 15), False),
        (date(2027, 1, 18), False),
        (date(2027, 9, 6), False),
        (date(2027, 10, 11), False),
        (date(2027, 11, 11), False),
        (date(2027, 7, 17), False),  # a Saturday
        (date(2028, 7, 17), True),
    ],
)
def test_offices_are_closed_on_weekends_and_federal_holidays(
    day: date, open_that_day: bool
) -> None:
    assert working_days.works(day) is open_that_day


@given(
    due=st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    day=st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    today=st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    office=st.booleans(),
)
def test_a_later_day_is_later_within_a_week_and_before_the_day(
    due: date, day: date, today: date, office: bool
) -> None:
    on = later(due, day, office=office, today=today)
    if on is None:
        return
    assert max(due, today) < on <= max(due, today) + days(7)
    assert on < day or due > day
    assert working_days.works(on) or not office


def test_without_a_day_it_is_a_week_and_for_an_office_the_working_day_before() -> None:
    saturday, today = date(2027, 7, 10), date(2027, 7, 1)
    assert later(saturday, None, office=False, today=saturday) == JULY_17
    assert later(saturday, None, office=True, today=saturday) == date(2027, 7, 16)
    assert later(date(2027, 7, 9), JULY_17, office=True, today=today) == date(2027, 7, 16)
    assert later(date(2027, 7, 16), JULY_17, office=True, today=today) is None
