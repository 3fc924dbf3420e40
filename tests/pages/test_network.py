"""The health of the network: alliances by stage, each with what it is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.alliances.models import LifeCycle
from app.foundation import clock, pagecontext
from tests.factories import (
    AllianceFactory,
    CoordinatorTermFactory,
    EventFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import sign_in
from tests.statements import count_statements

NOBODY = "Nobody coordinates it"
SOON = "The last term ends soon and there is no successor"
QUIET = "No event in six months"


def row_of(client: FlaskClient, name: str) -> str:
    """The line of the file that tells of an alliance."""
    lines = client.get("/staff/network?format=csv").text.splitlines()
    [line] = [line for line in lines if line.startswith(name)]
    return line


def test_an_alliance_that_lacks_nothing_is_well(client: FlaskClient, db: Session) -> None:
    columbus = AllianceFactory(name="Columbus Alliance")
    coordinator_of(columbus)
    EventFactory(alliance=columbus)
    sign_in(client, staff_member())

    assert "1 of 1 alliances lack nothing." in client.get("/staff/network").text
    assert row_of(client, "Columbus Alliance").endswith(",")


@pytest.mark.parametrize(("days", "missing"), [(59, True), (60, True), (61, False)])
def test_a_term_that_ends_soon_needs_a_successor(
    client: FlaskClient, db: Session, days: int, missing: bool
) -> None:
    columbus = AllianceFactory(name="Columbus Alliance")
    until = clock.today() + timedelta(days=days)
    CoordinatorTermFactory(alliance=columbus, until=until)
    sign_in(client, staff_member())

    assert (SOON in row_of(client, "Columbus Alliance")) is missing
    CoordinatorTermFactory(alliance=columbus, since=until, until=until + timedelta(days=365))
    assert SOON not in row_of(client, "Columbus Alliance")


def test_nobody_leads_and_nothing_happens(client: FlaskClient, db: Session) -> None:
    quiet = AllianceFactory(name="Quiet Alliance", life_cycle=LifeCycle.DORMANT)
    CoordinatorTermFactory(alliance=quiet, until=clock.today() - timedelta(days=1))
    long_ago = clock.now() - timedelta(days=183)
    EventFactory(alliance=quiet, starts_at=long_ago, ends_at=long_ago + timedelta(hours=1))
    member_of(quiet)
    AllianceFactory(name="Gone Alliance", life_cycle=LifeCycle.CLOSED)
    sign_in(client, staff_member())

    row = row_of(client, "Quiet Alliance")
    day = pagecontext.local_day(long_ago, quiet.time_zone)
    assert row == f"Quiet Alliance,Resting,1,{day},,{NOBODY}; {QUIET}"
    assert "Gone Alliance" not in client.get("/staff/network").text


def test_the_last_event_and_the_next_one_are_told_apart(client: FlaskClient, db: Session) -> None:
    columbus = AllianceFactory(name="Columbus Alliance")
    coordinator_of(columbus)
    for days in (-300, -200, 40, 70):
        at = clock.now() + timedelta(days=days)
        EventFactory(alliance=columbus, starts_at=at, ends_at=at + timedelta(hours=1))
    sign_in(client, staff_member())

    last, following = (clock.today() + timedelta(days=days) for days in (-200, 40))
    assert row_of(client, "Columbus Alliance") == f"Columbus Alliance,Active,1,{last},{following},"
    page = client.get("/staff/network").text
    assert f"last event on {last:%b} {last.day}" in page
    assert f"next event on {following:%b} {following.day}" in page


def test_an_evening_belongs_to_the_day_of_the_place(client: FlaskClient, db: Session) -> None:
    portland = AllianceFactory(name="Portland Alliance", time_zone="America/Los_Angeles")
    evening = datetime(2026, 7, 18, 2, tzinfo=UTC)
    EventFactory(alliance=portland, starts_at=evening, ends_at=evening + timedelta(hours=1))
    sign_in(client, staff_member())

    assert "2026-07-17" in row_of(client, "Portland Alliance")


def test_only_staff_see_the_network(client: FlaskClient, db: Session) -> None:
    sign_in(client, coordinator_of(AllianceFactory()))

    assert client.get("/staff/network").status_code == 403


def test_thirty_alliances_take_as_many_statements_as_one(client: FlaskClient, db: Session) -> None:
    sign_in(client, staff_member())
    asked = []
    for number in (1, 29):
        for _each in range(number):
            coordinator_of(AllianceFactory())
        with count_statements() as statements:
            assert client.get("/staff/network").status_code == 200
        asked.append(len(statements))

    assert asked[0] == asked[1]
