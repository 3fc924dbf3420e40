"""Letters to the editor that staff ask a member to write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.library import actions, points, queries
from app.library.reading_models import PressItem, PressState
from app.mail.models import Message
from app.people.models import Person
from tests.factories import AddressFactory, AllianceFactory, coordinator_of, member_of, staff_member
from tests.library.world import TalkingPointFactory
from tests.signing_in import post, sign_in
from tests.snapshots import assert_same

SNAPSHOTS = Path(__file__).parent / "snapshots"
TODAY = date(2026, 7, 17)


@pytest.fixture
def item(db: Session) -> PressItem:
    point = TalkingPointFactory(key="answer", words="The Court steps in last.")
    told = actions.PressText(
        outlet="The Dispatch",
        title="Court out of bounds",
        link="https://dispatch.example.org/court",
        seen_on=TODAY,
        claim="The Court goes first.",
        correction="",
    )
    return actions.see_in_press(told, point, by=staff_member().id)


@pytest.fixture
def writer(db: Session) -> Person:
    address = AddressFactory(email="ana@example.org")
    alliance = AllianceFactory(slug="columbus")
    return coordinator_of(alliance, name="Ana Writer", address=address)


def ask(client: FlaskClient, item: PressItem) -> None:
    path = f"/staff/library/press/{item.id}/writer"
    sign_in(client, staff_member())
    assert "Court out of bounds" in client.get(path).text
    assert post(client, path, {"email": "ana@example.org"}).status_code == 303


def test_a_member_is_asked_to_write_and_says_how_far_it_is(
    client: FlaskClient, db: Session, item: PressItem, writer: Person
) -> None:
    path = f"/library/letters/{item.id}"

    ask(client, item)
    ask(client, item)

    [mail] = db.scalars(select(Message).where(Message.person_id == writer.id))
    written = mail.text.replace(path, "/library/letters/1")
    assert_same(f"{mail.subject}\n\n{written}", SNAPSHOTS / "letter.txt")
    assert f'<a href="http://localhost{path}"' in mail.html
    sign_in(client, writer)
    assert "Court out of bounds" in client.get("/me").text
    assert "The Court steps in last." in client.get(path).text
    assert post(client, path, {"state": "nonsense"}).status_code == 422
    for state in ("sent", "printed"):
        assert post(client, path, {"state": state}).status_code == 303
        assert (item.state, item.writer_id) == (state, writer.id)
    assert "Court out of bounds" not in client.get("/me").text


def test_a_coordinator_finds_the_letter_on_the_desk_and_can_give_it_back(
    client: FlaskClient, db: Session, item: PressItem, writer: Person
) -> None:
    ask(client, item)
    sign_in(client, writer)
    assert f"/library/letters/{item.id}" in client.get("/desk/columbus/").text

    post(client, f"/library/letters/{item.id}", {"state": "seen"})

    assert (item.state, item.writer_id) == (PressState.SEEN, None)
    assert client.get(f"/library/letters/{item.id}").status_code == 404
    assert f"/library/letters/{item.id}" not in client.get("/desk/columbus/").text


def test_the_writer_is_told_when_the_point_in_the_letter_is_corrected(
    client: FlaskClient, db: Session, item: PressItem, writer: Person
) -> None:
    ask(client, item)
    point = queries.point("answer")
    assert point is not None

    points.correct(point, "The Court steps in where no state does.", "Clearer.", TODAY)
    db.flush()

    told = select(Message.text).where(Message.kind == "library/corrected")
    [text] = db.scalars(told.where(Message.person_id == writer.id))
    assert f"http://localhost/library/letters/{item.id}" in text


def test_a_letter_is_for_its_writer_and_for_staff(
    client: FlaskClient, db: Session, item: PressItem
) -> None:
    path = f"/library/letters/{item.id}"
    assert client.get(path).status_code == 303
    sign_in(client, member_of(AllianceFactory()))
    assert client.get(path).status_code == 404
    assert post(client, path, {"state": "taken"}).status_code == 404
    assert client.get(f"/staff/library/press/{item.id}/writer").status_code == 403
    sign_in(client, staff_member())
    assert client.get(path).status_code == 200


def test_nobody_is_asked_at_an_address_that_no_member_has(
    client: FlaskClient, db: Session, item: PressItem
) -> None:
    told = {"email": "nobody@example.org"}
    answer = post(client, f"/staff/library/press/{item.id}/writer", told, staff_member())
    assert answer.status_code == 422
    assert "Exactly one person who confirmed must have this address." in answer.text
