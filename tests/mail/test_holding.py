"""Holding all mail: staff do it, nothing leaves, and everything waits."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.mail import engine, holding
from app.mail.models import HoldReason
from tests.factories import PersonFactory, staff_member
from tests.mail.kinds import circular, states
from tests.signing_in import post, sign_in


def test_staff_hold_all_mail_and_let_it_leave(client: FlaskClient, db: Session) -> None:
    PersonFactory.create_batch(2)
    sign_in(client, staff_member())
    assert "Hold all mail?" in client.get("/staff/mail/hold").text

    post(client, "/staff/mail/hold")
    mailing = circular()
    engine.sweep()
    engine.work()

    assert states(mailing) == {"waiting": 3}
    assert "Nothing leaves: all mail is held." in client.get("/staff/mail").text

    post(client, "/staff/mail/release")
    engine.work()

    assert states(mailing) == {"sent": 3}
    assert "Nothing leaves" not in client.get("/staff/mail").text


def test_who_holds_already_goes_on_holding(db: Session) -> None:
    holding.hold(db.connection(), HoldReason.RESTORING)
    holding.hold(db.connection(), HoldReason.STAFF)

    hold = holding.current()

    assert hold is not None
    assert hold.reason == HoldReason.RESTORING
    assert not holding.release()


def test_nobody_but_staff_holds_mail(client: FlaskClient, db: Session) -> None:
    sign_in(client, PersonFactory())

    assert post(client, "/staff/mail/hold").status_code == 403
    assert post(client, "/staff/mail/release").status_code == 403
    assert holding.current() is None
