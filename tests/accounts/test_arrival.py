"""From the form to the mailbox: mails of accounts leave, also to whoever has not confirmed yet."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.mail import engine
from app.mail.models import Message, Suppression, SuppressionReason
from app.people.actions import Agreement, address_digest, unsubscribe
from app.people.models import BULK, Standing
from tests.accounts.conftest import JOINING
from tests.factories import PersonFactory

ASK = {"email": "ana@example.org", "link": "1"}


def outcomes(db: Session) -> list[tuple[str, str, str]]:
    db.commit()
    engine.work(10)
    db.commit()
    rows = db.execute(select(Message.kind, Message.state, Message.reason).order_by(Message.id))
    return [(kind.removeprefix("accounts/"), state.value, reason) for kind, state, reason in rows]


def test_the_confirmation_of_a_new_person_leaves(client: FlaskClient, db: Session) -> None:
    client.post("/join", data=JOINING)

    assert outcomes(db) == [("confirm", "sent", "")]


def test_somebody_whose_account_is_closed_is_told(client: FlaskClient, db: Session) -> None:
    PersonFactory(address__email="ana@example.org", standing=Standing.DISABLED)
    client.post("/login", data=ASK)

    assert outcomes(db) == [("closed", "sent", "")]


def test_a_link_to_sign_in_survives_every_unsubscription(client: FlaskClient, db: Session) -> None:
    person = PersonFactory(address__email="ana@example.org")
    for purpose in BULK:
        unsubscribe(person.id, Agreement(purpose, "digest-1", "web"))
    client.post("/login", data=ASK)

    assert outcomes(db) == [("sign_in", "sent", "")]


@pytest.mark.parametrize("reason", [SuppressionReason.ASKED, SuppressionReason.COMPLAINED])
def test_an_address_whose_owner_does_not_want_our_mail_gets_nothing(
    client: FlaskClient, db: Session, reason: SuppressionReason
) -> None:
    digest = address_digest("ana@example.org")
    db.add(Suppression(digest=digest, masked="a…", reason=reason, at=clock.now()))
    client.post("/join", data=JOINING)

    assert outcomes(db) == [("confirm", "skipped", "do_not_email")]
