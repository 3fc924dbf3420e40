"""Long lists of records: few statements for each row, and rows that mean one another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import cases, exchange, importing
from app.campaigns.importing import Line, Outcome
from app.campaigns.measure_models import Measure, StageEntry
from tests.campaigns.councils import DivisionFactory
from tests.statements import count_statements

OHIO = "ocd-division/country:us/state:oh/place:"
PLACES = ("athens", "bexley", "delaware", "granville")


def record(number: int, **change: Any) -> dict[str, Any]:
    """One of many records: the years of four places, each renewing the one before."""
    year = 1950 + number // len(PLACES)
    earlier = {"renewal_of": f"r-{number - len(PLACES)}"} if number >= len(PLACES) else {}
    return {
        "id": f"r-{number}",
        "name": "World Day",
        "division": OHIO + PLACES[number % len(PLACES)],
        "instrument": "resolution",
        "session": str(year),
        "file_number": f"{year}-{number}",
        "path": [["introduced", f"{year}-05"], ["final", f"{year}-07-01"]],
        "votes": {"yes": 5, "no": 0, "seats": 5},
        "source": f"https://example.org/{number}",
        **earlier,
        **change,
    }


def outcomes(lines: Sequence[Line]) -> set[Outcome]:
    return {line.outcome for line in lines}


@pytest.fixture(autouse=True)
def official_list(db: Session) -> None:
    for place in PLACES:
        DivisionFactory(id=OHIO + place, name=f"{place.title()} city", state="OH", kind="place")


def test_a_long_list_costs_few_statements(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 50)
    rows = [record(number) for number in range(200)]
    changed = [row | {"name": "World Day for Justice", "votes": {"yes": 4}} for row in rows]
    for given, outcome, most in (
        (rows, Outcome.NEW, 320),
        (rows, Outcome.UNCHANGED, 60),
        (changed, Outcome.CHANGED, 320),
    ):
        with count_statements() as statements:
            assert outcomes(importing.load(given)) == {outcome}
        assert len(statements) <= most
    monkeypatch.setattr(exchange, "AT_ONCE", 60)
    with count_statements() as statements:
        assert exchange.as_cases(public_only=False) == changed
    assert len(statements) == 4 * 5 + 1
    assert json.loads(cases.as_json(changed)) == changed
    assert len(json.loads(exchange.as_ocd(public_only=True))) == 200


def test_a_record_renews_one_of_an_earlier_row_by_its_id_or_its_year(db: Session) -> None:
    rows = [record(0), record(4), record(8, renewal_of="1951"), record(12, renewal_of="1999")]
    importing.load(rows)
    first, second, third, fourth = db.scalars(select(Measure).order_by(Measure.id))
    assert [each.prior_session_id for each in (first, second, third, fourth)] == [
        None,
        first.id,
        second.id,
        None,
    ]
    assert outcomes(importing.load([record(12, renewal_of="r-0")])) == {Outcome.CHANGED}
    assert fourth.prior_session_id == first.id


def test_a_file_number_that_an_earlier_row_gave_up_is_free(db: Session) -> None:
    importing.load([record(0, session="", file_number="5"), record(4, session="", file_number="6")])
    again = [
        record(4, session="", file_number="7"),
        record(0, session="", file_number="6"),
        record(8, session="", file_number="5"),
    ]
    assert [line.outcome for line in importing.load(again)] == [
        Outcome.CHANGED,
        Outcome.CHANGED,
        Outcome.NEW,
    ]
    numbers = select(Measure.external_id, Measure.file_number).order_by(Measure.id)
    assert [tuple(row) for row in db.execute(numbers)] == [("r-0", "6"), ("r-4", "7"), ("r-8", "5")]


def test_two_rows_that_mean_one_record_change_it_one_after_the_other(db: Session) -> None:
    address = "athens-world-day-1950"
    lines = importing.load([record(0), record(4) | {"id": address, "division": OHIO + "bexley"}])
    assert [line.outcome for line in lines] == [Outcome.NEW, Outcome.CHANGED]
    measure = db.scalars(select(Measure)).one()
    assert (measure.slug, measure.place, measure.year) == (address, "Bexley", 1951)
    days = select(StageEntry.on).order_by(StageEntry.position)
    assert db.scalars(days).all() == ["1951-05", "1951-07-01"]
