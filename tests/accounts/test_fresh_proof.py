"""Proving again who one is before a delicate act."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.foundation import clock
from app.people.models import Person
from tests.accounts.conftest import PASSWORD, Inbox
from tests.factories import PersonFactory
from tests.signing_in import post, sign_in


@pytest.fixture
def ana(db: Session) -> Person:
    """Somebody with a password."""
    person: Person = PersonFactory(address__email="ana@example.org")
    passwords.set_password(person.id, PASSWORD)
    return person


def test_a_delicate_page_asks_first_who_one_is_and_then_goes_on(
    client: FlaskClient, ana: Person
) -> None:
    sign_in(client, ana, fresh=False)
    asked = client.get("/me/password")
    assert asked.location == "/reauthenticate?next=/me/password"

    wrong = post(client, "/reauthenticate", {"password": "wrong", "next": "/me/password"})
    assert wrong.status_code == 422
    assert client.get("/me/password").status_code == 303

    right = post(client, "/reauthenticate", {"password": PASSWORD, "next": "/me/password"})
    assert right.location == "/me/password"
    assert client.get("/me/password").status_code == 200


def test_a_delicate_form_that_comes_late_goes_back_to_its_page(
    client: FlaskClient, ana: Person
) -> None:
    sign_in(client, ana, fresh=False)

    answer = post(
        client,
        "/me/password",
        {"password": "x"},
        headers={"Referer": "http://localhost/me/password"},
    )

    assert answer.location == "/reauthenticate?next=/me/password"


def test_a_delicate_page_is_found_again_in_its_language(client: FlaskClient, ana: Person) -> None:
    sign_in(client, ana, fresh=False)

    answer = client.get("/es/me/password")

    assert answer.location == "/es/reauthenticate?next=/es/me/password"


def test_a_referrer_that_is_no_address_leads_home(client: FlaskClient, ana: Person) -> None:
    sign_in(client, ana, fresh=False)

    answer = post(client, "/me/password", {"password": "x"}, headers={"Referer": "http://["})

    assert answer.location == "/reauthenticate?next=/me"


def test_freshness_ends_after_ten_minutes(client: FlaskClient, ana: Person) -> None:
    sign_in(client, ana)

    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1)):
        assert client.get("/me/delete").status_code == 303


def test_without_a_password_a_fresh_link_proves_who_one_is(
    client: FlaskClient, db: Session, inbox: Inbox
) -> None:
    person = PersonFactory(address__email="ana@example.org")
    sign_in(client, person, fresh=False)
    assert 'type="password"' not in client.get("/reauthenticate").text

    answer = post(client, "/reauthenticate", {"link": "1", "next": "/me/delete"})
    assert "Check your inbox" in answer.text
    answer = post(client, inbox.last().link)

    assert answer.location == "/me/delete"
    assert client.get("/me/delete").status_code == 200


def test_failures_to_prove_who_one_is_are_counted_as_well(client: FlaskClient, ana: Person) -> None:
    sign_in(client, ana, fresh=False)
    answers = [post(client, "/reauthenticate", {"password": "x"}).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]
