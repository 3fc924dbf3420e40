"""How often an event comes again: rules, days, and words that people say."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.events import rhythm
from app.events.rhythm import Every, Rhythm

TUESDAY = date(2027, 1, 12)  # the second of its month


@pytest.mark.parametrize(
    ("every", "rule"),
    [
        (Every.WEEK, "FREQ=WEEKLY;BYDAY=TU"),
        (Every.SECOND_WEEK, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        (Every.MONTH, "FREQ=MONTHLY;BYDAY=2TU"),
        (Every.LAST_OF_MONTH, "FREQ=MONTHLY;BYDAY=-1TU"),
    ],
)
def test_rules_are_those_of_calendars(every: Every, rule: str) -> None:
    assert rhythm.starting(every, TUESDAY).rule() == rule


def test_a_fifth_weekday_is_the_last_of_its_month() -> None:
    fifth = date(2027, 3, 30)
    assert rhythm.starting(Every.MONTH, fifth).every == Every.LAST_OF_MONTH
    assert [every for every in Every if rhythm.fits(every, fifth)] == [
        Every.WEEK,
        Every.SECOND_WEEK,
        Every.LAST_OF_MONTH,
    ]
    assert not rhythm.fits(Every.LAST_OF_MONTH, TUESDAY)
    assert rhythm.fits(Every.LAST_OF_MONTH, date(2027, 12, 28))


@given(
    st.sampled_from(list(Every)),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.one_of(st.none(), st.dates(date(2030, 1, 2), date(2032, 1, 1))),
    st.one_of(st.none(), st.integers(2, 200)),
)
def test_what_is_written_is_read_again(
    every: Every, first: date, until: date | None, count: int | None
) -> None:
    found = rhythm.starting(every, first)
    wanted = Rhythm(found.every, found.weekday, found.nth, until, None if until else count)
    assert rhythm.read(wanted.rule()) == wanted


@given(st.sampled_from(list(Every)), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_a_rhythm_begins_on_its_first_date(every: Every, first: date) -> None:
    if not rhythm.fits(every, first):
        return
    rule = rhythm.starting(every, first).rule()
    start = datetime.combine(first, datetime.min.time().replace(hour=19))
    days = list(rhythm.days(rule, start, after=date(2025, 1, 1), until=date(2032, 1, 1)))
    assert days[0] == first
    assert {day.weekday() for day in days} == {first.weekday()}


def test_days_are_after_one_and_up_to_another() -> None:
    rule = "FREQ=MONTHLY;BYDAY=2TU"
    start = datetime(2027, 1, 12, 19)
    found = rhythm.days(rule, start, after=date(2027, 1, 12), until=date(2027, 4, 13))
    assert list(found) == [date(2027, 2, 9), date(2027, 3, 9), date(2027, 4, 13)]


def test_a_rule_ends_by_number_and_by_day() -> None:
    start = datetime(2027, 1, 12, 19)
    far = {"after": date(2026, 1, 1), "until": date(2028, 1, 1)}
    three = rhythm.days("FREQ=WEEKLY;BYDAY=TU;COUNT=3", start, **far)
    assert list(three) == [date(2027, 1, 12), date(2027, 1, 19), date(2027, 1, 26)]
    ended = rhythm.until("FREQ=WEEKLY;BYDAY=TU;COUNT=30", date(2027, 1, 19))
    assert list(rhythm.days(ended, start, **far)) == [date(2027, 1, 12), date(2027, 1, 19)]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=MO", "every Monday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every two weeks on Tuesday"),
        ("FREQ=MONTHLY;BYDAY=2TU", "the second Tuesday of each month"),
        ("FREQ=MONTHLY;BYDAY=-1SU;COUNT=6", "the last Sunday of each month, 6 times"),
        ("FREQ=WEEKLY;BYDAY=FR;UNTIL=20270601T235959", "every Friday, until Jun 1, 2027"),
    ],
)
def test_rules_are_said_in_plain_words(app: Flask, rule: str, words: str) -> None:
    with app.test_request_context():
        assert rhythm.in_words(rule) == words
