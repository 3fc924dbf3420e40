"""Observances: seeded once, opened thirteen months ahead, each with a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.events import editions
from app.events.models import Edition, EventState, Observance, Tone
from seeds import observances
from tasks.events import sweep
from tests.factories import (
    AllianceFactory,
    EditionFactory,
    EventFactory,
    ObservanceFactory,
    coordinator_of,
)
from tests.signing_in import sign_in
from tests.statements import count_statements


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 21, 17, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def opened(db: Session) -> list[tuple[str, int]]:
    rows = db.execute(
        select(Edition.observance_key, Edition.year)
        .where(Edition.opened_at.is_not(None))
        .order_by(Edition.on)
    )
    return [(key, year) for key, year in rows]


def test_thirteen_observances_are_seeded_once(db: Session) -> None:
    assert [observances.seed(), observances.seed()] == [13, 13]
    assert db.scalar(select(func.count(Observance.key))) == 13
    mourning = select(Observance.key).where(Observance.tone == Tone.REFLECTIVE)
    assert len(db.scalars(mourning).all()) == 9
    assert db.get_one(Observance, "justice-day").day == 17
    assert db.get_one(Observance, "yom-hashoah").month is None
    assert set(editions.DAYS) == set(db.scalars(select(Observance.key)))


def test_thirteen_months_are_open(db: Session) -> None:
    observances.seed()
    found = opened(db)
    assert len(found) == 13
    assert found[0] == ("genocide-victims-day", 2026)
    assert found[-1] == ("human-rights-day", 2027)
    assert ("justice-day", 2027) in found


def test_the_sweep_opens_the_next_year_once(db: Session, now: time_machine.Traveller) -> None:
    ObservanceFactory()
    EditionFactory(year=2028, opened_at=None)
    db.commit()
    sweep()
    sweep()
    assert opened(db) == [("justice-day", 2027)]
    db.commit()
    now.move_to(datetime(2027, 7, 18, 17, tzinfo=UTC))
    sweep()
    assert opened(db) == [("justice-day", 2027), ("justice-day", 2028)]


def test_the_page_lists_who_answers_the_call(client: FlaskClient, db: Session) -> None:
    observances.seed()
    edition = db.scalars(
        select(Edition).where(Edition.observance_key == "justice-day", Edition.year == 2027)
    ).one()
    EventFactory(title="Panel", edition_id=edition.id)
    EventFactory(title="Draft", edition_id=edition.id, state=EventState.DRAFT)
    EventFactory(title="Elsewhere")
    page = client.get("/observances/justice-day/2027").text
    assert "<h1>International Justice Day 2027</h1>" in page
    assert "In 238 days" in page
    assert "Saturday, July 17, 2027" in page
    assert ["Panel" in page, "Draft" in page, "Elsewhere" in page] == [True, False, False]


def test_a_day_of_mourning_speaks_softly(client: FlaskClient, db: Session) -> None:
    observances.seed()
    page = client.get("/observances/holocaust-remembrance-day/2027").text
    assert "We remember the victims of the Holocaust" in page
    assert "How we remember" in page
    assert "celebrat" not in page.lower()


def test_a_coordinator_is_led_to_the_form(client: FlaskClient, db: Session) -> None:
    edition = EditionFactory()
    sign_in(client, coordinator_of(AllianceFactory(slug="columbus", name="Columbus Alliance")))
    page = client.get("/observances/justice-day/2027").text
    assert f'href="/desk/columbus/events/new?part_of={edition.id}"' in page


@pytest.mark.parametrize(
    "address", ["/observances/justice-day/2031", "/observances/no-day/2027", "/observances/x/0"]
)
def test_a_year_that_is_not_open_has_no_page(
    client: FlaskClient, db: Session, address: str
) -> None:
    EditionFactory()
    EditionFactory(year=2031, opened_at=None)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_whatever_it_holds(
    client: FlaskClient, db: Session, rows: int
) -> None:
    edition = EditionFactory()
    for _n in range(rows):
        EventFactory(edition_id=edition.id)
    with count_statements() as statements:
        assert client.get("/observances/justice-day/2027").status_code == 200
    assert len(statements) == 4


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 20), "This day is over."),
        (date(2026, 11, 21), "Today"),
        (date(2026, 11, 22), "Tomorrow"),
        (date(2026, 12, 9), "In 18 days"),
    ],
)
def test_the_countdown_is_in_days(db: Session, on: date, words: str) -> None:
    assert editions.countdown(EditionFactory(on=on)) == words
