"""Only its owner ends that we do not e-mail an address: by a link that arrives, or by asking."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.mail import engine
from app.mail.models import Message, SendState, Suppression, SuppressionReason
from app.mail.suppression import suppress
from app.people import preferences
from app.people.models import Person, Unsubscription
from tests.factories import PersonFactory
from tests.signing_in import post, sign_in

CAME_BACK = [SuppressionReason.BOUNCED, SuppressionReason.UNREACHABLE]
OWN_WISH = [SuppressionReason.ASKED, SuppressionReason.COMPLAINED]


@pytest.fixture
def ana(db: Session) -> Person:
    person: Person = PersonFactory(name="Ana", address__email="ana@example.org")
    return person


def sent(db: Session) -> list[tuple[str, SendState]]:
    db.commit()
    engine.work()
    rows = db.execute(select(Message.kind, Message.state).order_by(Message.id))
    return [(kind, state) for kind, state in rows]


def stopped(db: Session) -> list[SuppressionReason]:
    db.commit()
    return list(db.scalars(select(Suppression.reason)))


def ask(client: FlaskClient) -> None:
    client.post("/login", data={"email": "ana@example.org", "link": "1"})


def waiting_link(db: Session) -> str:
    """The button's address in the newest mail, which keeps its words until it is over."""
    text = db.scalars(select(Message.text).order_by(Message.id.desc())).first()
    token = text.split("/confirm/")[1].split()[0]
    return f"/confirm/{token}"


@pytest.mark.parametrize("reason", CAME_BACK)
def test_a_link_that_arrives_after_all_ends_it(
    db: Session, client: FlaskClient, ana: Person, reason: SuppressionReason
) -> None:
    suppress("ana@example.org", reason)
    ask(client)
    link = waiting_link(db)
    assert sent(db) == [("accounts/sign_in", SendState.SENT)]
    assert stopped(db) == [reason]
    assert post(client, link).status_code == 303
    assert stopped(db) == []


def test_one_link_a_day_goes_to_an_address_from_which_mail_came_back(
    db: Session, client: FlaskClient, ana: Person
) -> None:
    suppress("ana@example.org", SuppressionReason.BOUNCED)
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(3):
            ask(client)
        assert len(sent(db)) == 1
        traveller.shift(timedelta(days=1, minutes=1))
        ask(client)
        assert len(sent(db)) == 2


@pytest.mark.parametrize("reason", OWN_WISH)
def test_no_link_goes_to_somebody_who_does_not_want_our_mail(
    db: Session, client: FlaskClient, ana: Person, reason: SuppressionReason
) -> None:
    suppress("ana@example.org", reason)
    ask(client)
    link = waiting_link(db)
    assert sent(db) == [("accounts/sign_in", SendState.SKIPPED)]
    assert post(client, link).status_code == 303
    assert stopped(db) == [reason]


@pytest.mark.parametrize("reason", OWN_WISH)
def test_the_owner_asks_for_mail_again_signed_in(
    db: Session, client: FlaskClient, ana: Person, reason: SuppressionReason
) -> None:
    suppress("ana@example.org", reason)
    sign_in(client, ana)
    assert "We do not e-mail you at all" in client.get("/me/preferences").text
    answer = post(client, "/me/preferences/mail-again")
    assert answer.location == "/me/preferences?done=mail-again"
    assert "We do not e-mail you" not in client.get(answer.location).text
    assert stopped(db) == []
    assert list(db.scalars(select(Unsubscription))) == []


def test_or_by_the_link_of_a_mail(db: Session, client: FlaskClient, ana: Person) -> None:
    suppress("ana@example.org", SuppressionReason.COMPLAINED)
    url = f"/preferences/{preferences.token_of(ana.id)}"
    assert f'action="{url}/mail-again"' in client.get(url).text
    assert client.post(f"{url}/mail-again").location == f"{url}?done=mail-again"
    assert stopped(db) == []
    assert client.post("/preferences/forged/mail-again").status_code == 404


def test_an_address_from_which_mail_came_back_is_proved_first(
    db: Session, client: FlaskClient, ana: Person
) -> None:
    suppress("ana@example.org", SuppressionReason.BOUNCED)
    sign_in(client, ana)
    assert "Our mail to you came back" in client.get("/me/preferences").text
    assert post(client, "/me/preferences/mail-again").status_code == 200
    assert stopped(db) == [SuppressionReason.BOUNCED]
    link = waiting_link(db)
    assert sent(db) == [("accounts/sign_in", SendState.SENT)]
    assert post(client, link).status_code == 303
    assert stopped(db) == []


def test_somebody_else_cannot_ask(db: Session, client: FlaskClient, ana: Person) -> None:
    suppress("ana@example.org", SuppressionReason.ASKED)
    assert client.post("/me/preferences/mail-again").status_code == 401
    sign_in(client, PersonFactory())
    post(client, "/me/preferences/mail-again")
    assert stopped(db) == [SuppressionReason.ASKED]


def test_nothing_is_said_where_nothing_was_stopped(
    db: Session, client: FlaskClient, ana: Person
) -> None:
    sign_in(client, ana)
    assert "mail-again" not in client.get("/me/preferences").text
