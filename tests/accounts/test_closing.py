"""Administrators close accounts and open them again."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import links
from app.accounts.models import AuditEntry, LinkKind, SignInSession
from app.foundation import tokens
from app.people.models import Person, Standing
from tests.factories import PersonFactory, administrator, staff_member
from tests.signing_in import sign_in


@pytest.fixture
def admin(client: FlaskClient, db: Session) -> Person:
    """An administrator who just signed in."""
    person = administrator(name="Ada")
    sign_in(client, person)
    return person


def form(person: Person, act: str = "close", name: str = "") -> dict[str, str | None]:
    assert person.address is not None
    return {
        "email": person.address.email,
        "name": name,
        "act": act,
        "csrf_token": "",
    }


def send(client: FlaskClient, data: dict[str, str | None]) -> int:
    cookie = client.get_cookie("session")
    assert cookie is not None
    data |= {"csrf_token": tokens.keyed_digest("csrf", cookie.value)}
    return client.post("/admin/accounts", data=data).status_code


def test_a_closed_account_lets_nobody_in(client: FlaskClient, db: Session, admin: Person) -> None:
    ben = PersonFactory(name="Ben")
    elsewhere = client.application.test_client()
    sign_in(elsewhere, ben)
    assert ben.address is not None
    issued = links.issue(LinkKind.SIGN_IN, address=ben.address, person=ben)

    assert send(client, form(ben)) == 303

    db.refresh(ben)
    assert ben.standing == Standing.DISABLED
    assert elsewhere.get("/me").status_code == 303
    assert elsewhere.get(f"/confirm/{issued.secret}").status_code == 410
    left = select(SignInSession).where(SignInSession.person_id == ben.id)
    assert db.scalars(left).all() == []
    actions = db.scalars(select(AuditEntry.action).where(AuditEntry.object_id == ben.id)).all()
    assert actions == ["account closed"]


def test_it_can_be_opened_again(client: FlaskClient, db: Session, admin: Person) -> None:
    ben = PersonFactory(standing=Standing.DISABLED)

    assert send(client, form(ben, "open")) == 303

    db.refresh(ben)
    assert ben.standing == Standing.ACTIVE


@pytest.mark.parametrize(
    ("standing", "act"), [(Standing.DISABLED, "close"), (Standing.ACTIVE, "open")]
)
def test_what_is_so_already_is_said(
    client: FlaskClient, db: Session, admin: Person, standing: Standing, act: str
) -> None:
    ben = PersonFactory(standing=standing)

    assert send(client, form(ben, act)) == 422

    db.refresh(ben)
    assert ben.standing == standing


def test_of_two_who_share_an_address_one_is_named(
    client: FlaskClient, db: Session, admin: Person
) -> None:
    ben = PersonFactory(name="Ben")
    eva = PersonFactory(name="Eva", address=ben.address)

    assert send(client, form(ben)) == 422
    assert send(client, form(ben, name="eva")) == 303

    db.refresh(ben)
    db.refresh(eva)
    assert [ben.standing, eva.standing] == [Standing.ACTIVE, Standing.DISABLED]


def test_the_last_administrator_stays(client: FlaskClient, db: Session, admin: Person) -> None:
    assert send(client, form(admin)) == 409

    db.refresh(admin)
    assert admin.standing == Standing.ACTIVE


def test_it_asks_who_one_is_and_staff_may_not(client: FlaskClient, db: Session) -> None:
    ben = PersonFactory()
    data = form(ben)
    sign_in(client, administrator(), fresh=False)
    send(client, data)
    sign_in(client, staff_member())

    assert send(client, data) == 403
    assert client.get("/admin/accounts").status_code == 403
    db.refresh(ben)
    assert ben.standing == Standing.ACTIVE
