"""Counting days and hours, against a walk that looks at each of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.campaigns import counting
from app.campaigns.counting import Counting
from app.work import working_days

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
HOUR = timedelta(hours=1)


def counted_between(first: date, last: date, kind: Counting) -> int:
    """How many counted days lie before `last`, from `first` on."""
    number = 0
    while first < last:
        working = first.weekday() < 5 and working_days.works(first)
        number += {
            Counting.CALENDAR: True,
            Counting.WORKING: working,
            Counting.NO_SUNDAYS: first.isoweekday() != 7,
        }[kind]
        first += timedelta(days=1)
    return number


@given(DAYS, st.integers(0, 40), st.sampled_from(Counting))
def test_counting_back_leaves_exactly_so_many_days(day: date, number: int, kind: Counting) -> None:
    found = counting.back(day, number, kind)

    assert counted_between(found, day, kind) == number
    assert found == day or counted_between(found + timedelta(days=1), day, kind) == number - 1


@given(DAYS, st.integers(0, 40), st.sampled_from(Counting))
def test_counting_ahead_ends_on_the_last_counted_day(
    day: date, number: int, kind: Counting
) -> None:
    after = timedelta(days=1)

    found = counting.ahead(day, number, kind)

    assert counted_between(day + after, found + after, kind) == number
    assert found == day or counted_between(day + after, found, kind) == number - 1


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(
        lambda moment: moment.replace(minute=0, second=0, microsecond=0)
    ),
    st.integers(1, 200),
)
def test_hours_without_weekends_are_counted_one_by_one(moment: datetime, hours: int) -> None:
    walked, left = moment, hours
    while left:
        walked -= HOUR
        left -= working_days.works(walked.date())

    assert counting.hours_back(moment, hours, weekends=False) == walked


@pytest.mark.parametrize(
    ("weekends", "expected"), [(True, datetime(2027, 7, 9, 17)), (False, datetime(2027, 7, 7, 17))]
)
def test_72_hours_before_a_monday_evening(weekends: bool, expected: datetime) -> None:
    monday = datetime(2027, 7, 12, 17)
    assert counting.hours_back(monday, 72, weekends=weekends) == expected


def test_a_holiday_counts_no_hours() -> None:
    """July 5, 2027 is the Monday on which Independence Day is observed."""
    tuesday = datetime(2027, 7, 6, 10)
    assert counting.hours_back(tuesday, 24, weekends=False) == datetime(2027, 7, 2, 10)


def test_no_hours_are_the_meeting_itself() -> None:
    saturday = datetime(2027, 7, 17, 10)
    assert counting.hours_back(saturday, 0, weekends=False) == saturday
