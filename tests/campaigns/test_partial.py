"""Dates of which only the year or the month is known."""

from __future__ import annotations

from datetime import date

import pytest

from app.campaigns import partial
from app.foundation.web import Whereas


@pytest.mark.parametrize("raw", ["2007", "2008-07", "2008-07-28", " 2024-02-29 "])
def test_dates_may_be_partial(raw: str) -> None:
    assert partial.checked(raw) == raw.strip()


@pytest.mark.parametrize(
    "raw",
    ["2015-06-31", "2023-02-29", "2015-13", "07/17/2015", "", "20", "0000", "9999", "２０１５"],
)
def test_days_that_no_calendar_has_are_refused(raw: str) -> None:
    with pytest.raises(partial.WrongDate):
        partial.checked(raw)


@pytest.mark.parametrize(
    ("raw", "first", "last"),
    [
        ("2007", date(2007, 1, 1), date(2007, 12, 31)),
        ("2008-02", date(2008, 2, 1), date(2008, 2, 29)),
        ("2008-07-28", date(2008, 7, 28), date(2008, 7, 28)),
    ],
)
def test_a_date_means_a_span(raw: str, first: date, last: date) -> None:
    assert (partial.first_day(raw), partial.last_day(raw)) == (first, last)


@pytest.mark.parametrize(
    ("dates", "pairs"),
    [
        (["2008", "2008-07"], []),
        (["2008-07", "2008"], []),
        (["2019-07-15", "2019-07-11"], [("2019-07-15", "2019-07-11")]),
        (["2008", "", "2007"], [("2008", "2007")]),
        (["2019-07-15", "2019-07-15"], []),
    ],
)
def test_only_what_is_certainly_out_of_order_is_named(
    dates: list[str], pairs: list[tuple[str, str]]
) -> None:
    assert list(partial.out_of_order(dates)) == pairs


@pytest.mark.parametrize(
    ("raw", "spoken"),
    [("2007", "2007"), ("2008-07", "July 2008"), ("2008-07-28", "July 28, 2008"), ("", "")],
)
def test_dates_are_said_as_far_as_they_are_known(app: Whereas, raw: str, spoken: str) -> None:
    with app.test_request_context():
        assert partial.spoken(raw) == spoken
