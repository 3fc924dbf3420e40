"""My page: alliances, events, and who opened my details."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.alliances.models import MembershipState
from app.events.models import EventState, SignUpState
from tests.factories import (
    AllianceFactory,
    CoordinatorTermFactory,
    DisclosureFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    SignUpFactory,
)
from tests.signing_in import sign_in
from tests.statements import count_statements

NOVEMBER = datetime.fromisoformat("2026-11-21T12:00:00-05:00")


def test_my_page_is_mine_alone(client: FlaskClient) -> None:
    assert client.get("/me").location == "/login?next=/me"


def test_a_new_member_is_told_what_to_do(client: FlaskClient, db: Session) -> None:
    sign_in(client, PersonFactory(name="Maria Reyes"))

    page = client.get("/me").text

    assert "Hello, Maria Reyes" in page
    assert "You have not signed up for an event" in page
    assert "You belong to no alliance yet." in page
    assert "Nobody has opened your address or telephone number." in page


def test_a_coordinator_finds_the_desk_at_once(client: FlaskClient, db: Session) -> None:
    term = CoordinatorTermFactory(alliance=AllianceFactory(name="Columbus Alliance"))
    sign_in(client, term.person)

    main = client.get("/me").text.partition("<main")[2]

    assert re.search(r'href="/desk/[^"/]+/"[^>]*>My desk<', main)


def test_my_alliances_and_where_my_asking_stands(client: FlaskClient, db: Session) -> None:
    person = PersonFactory()
    MembershipFactory(person=person, alliance=AllianceFactory(name="Columbus Alliance"))
    MembershipFactory(
        person=person,
        alliance=AllianceFactory(name="Twin Cities Alliance"),
        state=MembershipState.ASKED,
    )
    MembershipFactory(
        person=person,
        alliance=AllianceFactory(name="Old Alliance"),
        state=MembershipState.LEFT,
    )
    sign_in(client, person)

    page = client.get("/me").text

    assert "Columbus Alliance" in page
    assert "asked to join" in page
    assert "Old Alliance" not in page


def test_my_events_and_those_of_my_alliances(client: FlaskClient, db: Session) -> None:
    person = PersonFactory()
    alliance = AllianceFactory()
    MembershipFactory(person=person, alliance=alliance)
    SignUpFactory(person=person, event=EventFactory(alliance=alliance, title="My panel"))
    SignUpFactory(
        person=person,
        event=EventFactory(alliance=alliance, title="Full film"),
        state=SignUpState.WAITING,
    )
    SignUpFactory(
        person=person,
        event=EventFactory(alliance=alliance, title="Called off", state=EventState.CANCELLED),
    )
    EventFactory(alliance=alliance, title="Not answered yet")
    EventFactory(title="Of strangers")
    sign_in(client, person)

    page = client.get("/me").text

    mine, suggested = page.split("In my alliances")
    assert "My panel" in mine
    assert "Full film" in mine
    assert "On the waiting list" in mine
    assert "Called off" in mine
    assert "Not answered yet" in suggested
    assert "My panel" not in suggested
    assert "Of strangers" not in page


@time_machine.travel(NOVEMBER, tick=False)
def test_who_opened_my_details_by_role_and_date(client: FlaskClient, db: Session) -> None:
    person = PersonFactory()
    DisclosureFactory(person=person)
    DisclosureFactory(person=PersonFactory(), what="phone of another")
    sign_in(client, person)

    page = client.get("/me").text

    assert "Saturday, November 21, 2026" in page
    assert "coordinator" in page
    assert "e-mail address" in page
    assert "phone of another" not in page


def test_names_are_shown_as_typed_and_run_nothing(client: FlaskClient, db: Session) -> None:
    sign_in(client, PersonFactory(name="<script>alert(1)</script> {{7*7}}"))

    page = client.get("/me").text

    assert "<script>alert" not in page
    assert "{{7*7}}" in page


@pytest.mark.parametrize("many", [1, 30])
def test_my_page_takes_the_same_statements_for_many(
    client: FlaskClient, db: Session, many: int
) -> None:
    person = PersonFactory()
    for _ in range(many):
        SignUpFactory(person=person)
        MembershipFactory(person=person)
    sign_in(client, person)
    client.get("/me")

    with count_statements() as statements:
        client.get("/me")

    assert len(statements) == 7


def test_a_page_of_a_signed_in_person_is_never_kept(client: FlaskClient, db: Session) -> None:
    sign_in(client, PersonFactory())

    assert client.get("/me").headers["Cache-Control"] == "no-store"
