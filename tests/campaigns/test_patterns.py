"""Meeting rules in words: what they mean, what is refused, and recess."""

from __future__ import annotations

import calendar as months
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.campaigns import patterns
from app.campaigns.patterns import Calendar, Part, Pattern, Sitting, UnreadablePattern

TEN = time(10, 0)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("second and fourth Tuesday 10:00", Part((1,), TEN, (2, 4))),
        ("2nd & 4th Tuesdays of the month at 10 am", Part((1,), TEN, (2, 4))),
        ("every Tuesday, Wednesday and Friday 10:00", Part((1, 2, 4), TEN)),
        ("Mondays 6:30 p.m.", Part((0,), time(18, 30))),
        ("last Thu at noon", Part((3,), time(12, 0), (-1,))),
        ("first Wednesday 12:15 am in January and July", Part((2,), time(0, 15), (1,), (1, 7))),
        (
            "first Monday 17:00 except August",
            Part((0,), time(17, 0), (1,), (1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12)),
        ),
    ],
)
def test_a_rule_is_read(words: str, part: Part) -> None:
    assert patterns.read(words) == Pattern((part,))


def test_a_rule_may_have_several_parts() -> None:
    found = patterns.read("first Monday 17:00; third Thursday 19:00")
    assert found.at(date(2027, 7, 5)) == time(17, 0)
    assert found.at(date(2027, 7, 15)) == time(19, 0)
    assert found.at(date(2027, 7, 8)) is None


@pytest.mark.parametrize(
    ("words", "culprit"),
    [
        ("", ""),
        ("Tuesday", "tuesday"),
        ("second Blursday 10:00", "blursday"),
        ("Tuesday 25:00", "25:00"),
        ("second 10:00", "second 10:00"),
        ("Tuesday 10:00 in Smarch", "smarch"),
    ],
)
def test_what_cannot_be_read_is_named(words: str, culprit: str) -> None:
    with pytest.raises(UnreadablePattern) as refusal:
        patterns.read(words)
    assert refusal.value.args == (culprit,)


@given(
    st.dates(date(2024, 1, 1), date(2031, 12, 31)),
    st.sets(st.sampled_from([1, 2, 3, 4, 5, -1])),
    st.sets(st.integers(0, 6), min_size=1),
)
def test_a_rhythm_falls_on_the_days_that_a_calendar_shows(
    day: date, ordinals: set[int], weekdays: set[int]
) -> None:
    weeks = months.monthcalendar(day.year, day.month)
    shown = set()
    for weekday in weekdays:
        column = [week[weekday] for week in weeks if week[weekday]]
        picks = ordinals or range(1, len(column) + 1)
        shown |= {column[n - 1 if n > 0 else n] for n in picks if n <= len(column)}

    part = Part(tuple(weekdays), TEN, tuple(ordinals))

    assert part.falls_on(day) == (day.day in shown)


@pytest.mark.parametrize(
    ("raw", "inside", "outside"),
    [
        ("2027-07-01/2027-07-31", date(2027, 7, 31), date(2028, 7, 31)),
        ("07-01/07-31", date(2028, 7, 1), date(2028, 8, 1)),
        ("12-20/01-05", date(2028, 1, 5), date(2028, 1, 6)),
        ("2027-07-05", date(2027, 7, 5), date(2027, 7, 6)),
        ("02-29", date(2028, 2, 29), date(2028, 2, 28)),
    ],
)
def test_a_recess_holds_its_days(raw: str, inside: date, outside: date) -> None:
    assert patterns.span(raw).holds(inside)
    assert not patterns.span(raw).holds(outside)


@pytest.mark.parametrize(
    "raw", ["", "summer", "2015-06-31/2015-07-02", "07-01/2027-07-31", "2027-08-01/2027-07-01"]
)
def test_a_recess_that_is_none_is_refused(raw: str) -> None:
    with pytest.raises(patterns.UnreadableSpan):
        patterns.span(raw)


@pytest.fixture
def mondays() -> Calendar:
    """Every Monday but in July, June 14 and June 21; June 22 takes June 21's place."""
    return Calendar(
        pattern=patterns.read("Monday 17:00"),
        recess=(patterns.span("07-01/07-31"),),
        exceptions=frozenset({date(2027, 6, 14)}),
        entered=(Sitting(datetime(2027, 6, 22, 9, 0), True),),
        cancelled=frozenset({date(2027, 6, 21)}),
    )


def test_a_calendar_heeds_recess_exceptions_and_what_was_entered(mondays: Calendar) -> None:
    found = [sitting.wall_start for sitting in mondays.backwards(date(2027, 7, 16), 45)]
    assert found == [
        datetime(2027, 6, 28, 17),
        datetime(2027, 6, 22, 9),
        datetime(2027, 6, 7, 17),
    ]


def test_no_meeting_is_expected_on_a_federal_holiday_unless_somebody_entered_it() -> None:
    first_mondays = patterns.read("first Monday 10:00")
    observed = date(2027, 7, 5)  # Independence Day is a Sunday
    assert [s.day for s in Calendar(first_mondays).backwards(date(2027, 7, 16), 45)] == [
        date(2027, 6, 7)
    ]
    entered = Sitting(datetime(2027, 7, 5, 12), True)
    assert Calendar(first_mondays, entered=(entered,)).sitting(observed) == entered
    assert Calendar(patterns.read("every Sunday 10:00")).sitting(date(2027, 7, 4)) is not None


def test_a_calendar_goes_onwards_the_same_way(mondays: Calendar) -> None:
    first = date(2027, 6, 2)
    onwards = list(mondays.onwards(first, 45))
    assert onwards == list(mondays.backwards(first + timedelta(days=44), 45))[::-1]
    assert len(onwards) == 3


def test_a_calendar_without_anything_is_not_known(mondays: Calendar) -> None:
    assert not Calendar().is_known
    assert mondays.is_known
    assert list(Calendar().backwards(date(2027, 7, 16))) == []
