"""What stands in public of a signer: what the confirmed mail said, and nothing that it did not."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import signing
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.campaigns.support_models import Signature
from app.mail.models import Message
from tests.campaigns.world import campaign
from tests.factories import seed_places

VISITOR = {"name": "Maria", "email": "maria@example.org", "zip": "43215", "show_name": "y"}


@pytest.fixture
def open_campaign(client: FlaskClient, db: Session) -> Measure:
    seed_places(db)
    return campaign(slug="justice", stage=Stage.SEEKING_SPONSOR, title="Justice Day")


def shown(db: Session) -> tuple[str, bool, str]:
    db.expire_all()
    own = db.scalars(select(Signature)).one()
    return own.state.value, own.show_name, own.affiliation


def paths(db: Session) -> list[str]:
    texts = db.scalars(select(Message.text).order_by(Message.id))
    return [re.search(r"http://localhost(/confirm/\S+)", each)[1] for each in texts]


def test_the_mail_says_what_will_be_shown_and_its_link_makes_just_that_real(
    client: FlaskClient, db: Session, open_campaign: Measure
) -> None:
    client.post("/campaigns/justice/sign", data=VISITOR | {"affiliation": "Judge, Ohio"})
    message = db.scalars(select(Message)).one()
    for part in (message.text, message.html):
        assert "Maria, Judge, Ohio" in part
    client.post(paths(db)[0])
    assert shown(db) == ("confirmed", True, "Judge, Ohio")


def test_a_link_shows_nothing_that_its_own_mail_did_not_say(
    client: FlaskClient, db: Session, open_campaign: Measure
) -> None:
    quiet = {name: value for name, value in VISITOR.items() if name != "show_name"}
    client.post("/campaigns/justice/sign", data=quiet)
    client.post("/campaigns/justice/sign", data=quiet)
    old, newer = paths(db)
    client.post(newer)
    signing.withdraw(db.scalars(select(Signature)).one())
    db.commit()
    typed = VISITOR | {"affiliation": "Friend of dictators"}
    elsewhere = client.application.test_client()
    elsewhere.post("/campaigns/justice/sign", data=typed)
    assert shown(db) == ("pending", True, "Friend of dictators")
    elsewhere.post(old)
    assert shown(db) == ("confirmed", False, "")


def test_a_mail_that_says_nothing_of_the_campaign_shows_no_name(
    client: FlaskClient, db: Session, open_campaign: Measure
) -> None:
    client.post("/campaigns/justice/sign", data=VISITOR | {"affiliation": "Friend of dictators"})
    client.post("/login", data={"email": "maria@example.org", "link": "1"})
    generic = paths(db)[1]
    client.post(generic)
    assert shown(db) == ("confirmed", False, "")


@pytest.mark.parametrize("field", ["name", "affiliation"])
def test_nobody_advertises_by_our_mail(
    client: FlaskClient, db: Session, open_campaign: Measure, field: str
) -> None:
    for text in ("Pills at https://evil.example", "www.evil.example", "evil.com", "a@evil.example"):
        answer = client.post("/campaigns/justice/sign", data=VISITOR | {field: text})
        assert answer.status_code == 422
    assert db.scalars(select(Message)).all() == []
    kind = VISITOR | {"name": "J.R. St.John", "affiliation": "Dr., St. Mary's Inc."}
    assert client.post("/campaigns/justice/sign", data=kind).status_code == 200
