"""The month of public events: each on its day by its own clock, filtered, at the same cost."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.events.models import EventKind, EventState
from tests.factories import AllianceFactory, EventFactory
from tests.statements import count_statements

JULY = "/events/month/2027-07"


def on(day: int, hour: int = 18, **values: object) -> None:
    EventFactory(wall_start=datetime(2027, 7, day, hour), **values)


def test_each_event_stands_on_its_day_by_its_own_clock(client: FlaskClient, db: Session) -> None:
    on(31, 23, title="Late in Los Angeles", alliance=AllianceFactory(zip="90012"))
    on(1, 0, title="First minute")
    on(17, title="Draft", state=EventState.DRAFT)
    EventFactory(title="In August", wall_start=datetime(2027, 8, 1, 0))

    page = client.get(JULY).text

    assert "Events in July 2027" in page
    assert "Late in Los Angeles" in page
    assert "First minute" in page
    assert "Draft" not in page
    assert "In August" not in page
    assert "/events/month/2027-06" in page
    assert "/events/month/2027-08" in page


def test_a_day_shows_three_and_leads_to_the_others(client: FlaskClient, db: Session) -> None:
    for number in range(5):
        on(17, 10 + number, title=f"Vigil {number}")

    page = client.get(JULY).text
    assert "Vigil 2" in page
    assert "Vigil 3" not in page
    assert "2 more" in page

    day = client.get(f"{JULY}?day=17").text
    assert "Saturday, July 17, 2027" in day
    assert "Vigil 4" in day
    assert "Nothing on this day." in client.get(f"{JULY}?day=18").text


def test_what_is_chosen_stays_from_month_to_month_and_in_the_list(
    client: FlaskClient, db: Session
) -> None:
    for number in range(5):
        on(17, 10 + number, title=f"Vigil {number}")

    page = client.get(f"{JULY}?state=OH&kind=&x=1").text

    for link in (
        "/events/month/2027-06?",
        "/events/month/2027-08?",
        "/events/?",
        f"{JULY}?day=17&amp;",
    ):
        assert f'href="{link}state=OH"' in page
    assert f"{JULY}?day=17&amp;state=OH" in page
    assert "?state=OH" in client.get("/events/?state=OH").text.split("See the month")[0]


def test_the_month_is_filtered_as_the_list_is(client: FlaskClient, db: Session) -> None:
    on(17, title="Panel here")
    on(17, title="Vigil there", kind=EventKind.VIGIL, alliance=AllianceFactory(zip="90012"))

    assert "Panel here" not in client.get(f"{JULY}?state=CA").text
    assert "Vigil there" in client.get(f"{JULY}?kind=vigil").text
    assert "Panel here" not in client.get(f"{JULY}?kind=vigil").text


def test_an_empty_month_says_so(client: FlaskClient, db: Session) -> None:
    assert "Nothing in this month." in client.get(JULY).text


@pytest.mark.parametrize("month", ["2027-13", "2027", "x", "1999-12", "2101-01"])
def test_what_is_no_month_is_not_found(client: FlaskClient, db: Session, month: str) -> None:
    assert client.get(f"/events/month/{month}").status_code == 404


def test_a_month_costs_the_same_for_any_number(client: FlaskClient, db: Session) -> None:
    on(1)
    client.get(JULY)
    with count_statements() as one:
        client.get(JULY)
    for number in range(40):
        on(1 + number % 28)
    with count_statements() as many:
        page = client.get(JULY)
    assert len(many) == len(one) <= 4
    assert len(page.data) <= 16_000
