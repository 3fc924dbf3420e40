"""Adding a name: members at once, visitors by mail; what others see; leaving."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.campaigns import signing
from app.campaigns.stages import Stage
from app.campaigns.support_models import Signature
from app.foundation import language, signals
from app.mail.models import Message
from app.people.models import Person
from tests.campaigns.world import campaign
from tests.factories import PersonFactory, seed_places
from tests.signing_in import post, sign_in
from tests.snapshots import assert_same

SNAPSHOTS = Path(__file__).parent / "snapshots"
VISITOR = {"name": "Maria", "email": "maria@example.org", "zip": "43215", "show_name": "y"}


@pytest.fixture
def open_campaign(client: FlaskClient, db: Session):
    seed_places(db)
    return campaign(slug="justice", stage=Stage.SEEKING_SPONSOR, title="Justice Day")


def states(db: Session) -> list[tuple[str, str, bool, bool]]:
    rows = db.execute(
        select(Person.name, Signature.state, Signature.show_name, Signature.is_local).join(
            Signature.person
        )
    )
    return [(name, state.value, shown, local) for name, state, shown, local in rows]


def test_a_visitor_counts_once_the_mail_is_confirmed(
    client: FlaskClient, db: Session, open_campaign
) -> None:
    assert "What becomes public" in client.get("/campaigns/justice/sign").text
    answer = client.post("/campaigns/justice/sign", data=VISITOR)
    assert "inbox" in answer.text
    assert states(db) == [("Maria", "pending", True, True)]
    message = db.scalars(select(Message)).one()
    assert message.kind == "campaigns/please_confirm"
    path = re.search(r"http://localhost(/confirm/\S+)", message.text)[1]
    client.get(path)
    assert states(db) == [("Maria", "pending", True, True)]
    assert client.post(path).status_code == 303
    db.expire_all()
    assert states(db) == [("Maria", "confirmed", True, True)]
    assert [own.person.name for own in signing.listed(open_campaign.id)] == ["Maria"]


def test_a_known_address_gets_the_same_answer(
    client: FlaskClient, db: Session, open_campaign
) -> None:
    PersonFactory(name="Maria", address__email="maria@example.org")
    known = client.post("/campaigns/justice/sign", data=VISITOR)
    unknown = client.post("/campaigns/justice/sign", data=VISITOR | {"email": "o@example.org"})
    assert known.text.replace("maria@", "o@") == unknown.text


def test_nobody_else_decides_what_is_shown_of_who_is_about_to_confirm(
    client: FlaskClient, db: Session, open_campaign
) -> None:
    quiet = {name: value for name, value in VISITOR.items() if name != "show_name"}
    client.post("/campaigns/justice/sign", data=quiet)

    client.post("/campaigns/justice/sign", data=VISITOR | {"affiliation": "Friend of dictators"})

    own = db.scalars(select(Signature)).one()
    assert (own.show_name, own.affiliation) == (False, "")


def test_nonsense_comes_back(client: FlaskClient, db: Session, open_campaign) -> None:
    answer = client.post("/campaigns/justice/sign", data={"name": "", "email": "maria"})
    assert answer.status_code == 422
    assert states(db) == []


def test_a_member_signs_changes_and_takes_back(
    client: FlaskClient, db: Session, open_campaign
) -> None:
    sign_in(client, PersonFactory(name="Ana", zip="90012"))
    post(client, "/campaigns/justice/sign")
    assert states(db) == [("Ana", "confirmed", False, False)]
    post(client, "/campaigns/justice/sign", {"show_name": "y"})
    db.expire_all()
    assert states(db) == [("Ana", "confirmed", True, False)]
    post(client, "/campaigns/justice/take-back")
    db.expire_all()
    assert states(db) == [("Ana", "withdrawn", True, False)]


@pytest.mark.parametrize(
    ("post_typed", "kept"),
    [("Editor, Change.org", "Editor, Change.org"), ("https://x.example", ""), ("Ana@x.org", "")],
)
def test_a_member_may_work_for_whom_they_like_but_leads_nobody_elsewhere(
    client: FlaskClient, db: Session, open_campaign, post_typed: str, kept: str
) -> None:
    sign_in(client, PersonFactory(name="Maria"))

    post(client, "/campaigns/justice/sign", {"affiliation": post_typed, "show_name": "y"})

    posts = db.scalars(select(Signature.affiliation)).all()
    assert list(posts) == ([kept] if kept else [])


def test_a_post_stands_beside_a_shown_name_for_identification_only(
    client: FlaskClient, db: Session, open_campaign
) -> None:
    sign_in(client, PersonFactory(name="Ana"))
    post(client, "/campaigns/justice/sign", {"affiliation": "Judge, Ohio"})
    hidden = client.get("/campaigns/justice/supporters").text
    assert "Judge, Ohio" not in hidden
    assert post(client, "/campaigns/justice/sign", {"affiliation": "x" * 121}).status_code == 422
    assert 'value="Judge, Ohio"' in client.get("/campaigns/justice/sign").text
    post(client, "/campaigns/justice/sign", {"affiliation": "Judge, Ohio", "show_name": "y"})
    shown = client.get("/campaigns/justice/supporters").text
    assert "Ana, Judge, Ohio*" in shown
    assert "For identification only." in shown


def test_people_known_only_to_a_coordinator_are_never_listed(db: Session, open_campaign) -> None:
    signing.sign(open_campaign, PersonFactory(discreet=True), show_name=True)
    assert list(signing.listed(open_campaign.id)) == []


def test_two_records_of_one_person_are_one_signature(db: Session, open_campaign) -> None:
    one, two = PersonFactory(), PersonFactory()
    signing.sign(open_campaign, one, show_name=True)
    signing.sign(open_campaign, two, show_name=False)
    signals.person_merged.send(one.id, into_id=two.id)
    db.expire_all()
    assert states(db) == [(two.name, "confirmed", False, True)]


def test_erasing_a_person_takes_the_signature_along(db: Session, open_campaign) -> None:
    person = PersonFactory()
    signing.sign(open_campaign, person, show_name=True)
    open_campaign.owner_id = person.id
    db.flush()
    erasure.erase(person)
    db.expire_all()
    assert states(db) == []
    assert open_campaign.owner_id is None


@pytest.mark.parametrize("spoken", ["en", "es"])
def test_the_mail_reads_as_it_was_agreed(
    client: FlaskClient, db: Session, open_campaign, spoken: str, monkeypatch
) -> None:
    prefix = "/es" if spoken == "es" else ""
    client.post(f"{prefix}/campaigns/justice/sign", data=VISITOR)
    message = db.scalars(select(Message)).one()
    text = re.sub(r"/confirm/\S+", "/confirm/SECRET", message.text)
    text = re.sub(r"\b\d{6}\b", "123456", text)
    html = re.sub(r"/confirm/[^\"]+", "/confirm/SECRET", message.html)
    html = re.sub(r">\s*\d{6}\s*<", ">123456<", html)
    assert spoken in language.LANGUAGES
    assert_same(message.subject, SNAPSHOTS / f"please_confirm.{spoken}.subject.txt")
    assert_same(text, SNAPSHOTS / f"please_confirm.{spoken}.txt")
    assert_same(html, SNAPSHOTS / f"please_confirm.{spoken}.html")
