"""Taking one's data along, and being forgotten in every table."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure, passwords, personal
from app.accounts.models import AuditEntry, Credential, EmailLink, SignInSession
from app.foundation import clock, signals
from app.foundation.db import Base
from app.mail.models import Message, SendState, Suppression, SuppressionReason
from app.people.actions import address_digest
from app.people.models import Address, Person, Standing
from tests.accounts.conftest import JOINING, PASSWORD, Inbox
from tests.factories import ConsentFactory, DisclosureFactory, PersonFactory
from tests.signing_in import post, sign_in

TRACES = ("Ana Unmistakable", "ana@example.org", "90012", "+16145550100")


@pytest.fixture
def ana(client: FlaskClient, db: Session) -> Person:
    """Somebody with a trace in many tables, signed in."""
    person: Person = PersonFactory(
        name=TRACES[0], address__email=TRACES[1], zip=TRACES[2], phone=TRACES[3]
    )
    passwords.set_password(person.id, PASSWORD)
    ConsentFactory(person=person)
    DisclosureFactory(person=person)
    client.post("/login", data={"email": "ana@example.org"})
    sign_in(client, person)
    return person


def everything(db: Session) -> str:
    """Every row of every table but the places, as text."""
    db.commit()
    tables = [table for table in Base.metadata.sorted_tables if table.name != "place"]
    return "\n".join(str(row) for table in tables for row in db.execute(table.select()))


def test_the_page_says_what_will_happen(client: FlaskClient, ana: Person) -> None:
    page = client.get("/me/delete").text

    assert "Delete everything about me" in page
    assert "your seats at coming events go to others" in page


def test_deleting_leaves_no_trace_in_any_table(
    client: FlaskClient, db: Session, ana: Person
) -> None:
    before = everything(db)
    answer = post(client, "/me/delete")
    after = everything(db)

    assert answer.location == "/?done=account-deleted"
    assert [trace for trace in TRACES if trace not in before] == []
    assert [trace for trace in TRACES if trace in after] == []
    row = db.scalars(select(Person).where(Person.id == ana.id)).one()
    assert (row.standing, row.address_id, row.latitude) == (Standing.ERASED, None, None)


def test_deleting_closes_every_door(client: FlaskClient, db: Session, ana: Person) -> None:
    cookie = client.get_cookie("session")
    post(client, "/me/delete")

    client.set_cookie("session", cookie.value)  # type: ignore[union-attr]
    assert client.get("/me/settings").status_code == 303
    for table in (Credential, EmailLink, SignInSession):
        assert db.scalars(select(table)).all() == []


def test_mail_that_waits_is_not_sent_after_deleting(
    client: FlaskClient, db: Session, ana: Person
) -> None:
    post(client, "/me/delete")

    rows = db.execute(select(Message.state, Message.reason, Message.text)).all()
    assert [tuple(row) for row in rows] == [(SendState.SKIPPED, "erased", "")]


def test_other_domains_hear_of_it_while_the_row_still_stands(
    client: FlaskClient, ana: Person
) -> None:
    heard = []

    def hear(person: Person) -> None:
        heard.append((person.id, person.standing))

    with signals.person_erased.connected_to(hear):
        post(client, "/me/delete")

    assert heard == [(ana.id, Standing.ERASED)]


def test_an_address_that_two_share_stays_the_others(
    client: FlaskClient, db: Session, ana: Person
) -> None:
    ben = PersonFactory(name="Ben", address=db.get(Address, ana.address_id))
    post(client, "/me/delete")

    db.expire_all()
    assert db.get_one(Address, ben.address_id).email == "ana@example.org"
    assert ben.name == "Ben"


def test_a_suppression_outlives_the_address_without_its_words(db: Session, ana: Person) -> None:
    digest = address_digest("ana@example.org")
    db.add(
        Suppression(
            digest=digest,
            masked="a…@example.org",
            reason=SuppressionReason.BOUNCED,
            detail="550 <ana@example.org> unknown",
            at=clock.now(),
        )
    )
    db.flush()
    erasure.erase(ana)

    kept = db.scalars(select(Suppression)).one()
    assert (kept.digest, kept.detail) == (digest, "")


def test_whoever_left_may_join_again(
    client: FlaskClient, db: Session, inbox: Inbox, ana: Person
) -> None:
    post(client, "/me/delete")
    client.post("/join", data=JOINING)

    assert client.post(inbox.last().link).status_code == 303
    standings = db.scalars(select(Person.standing).order_by(Person.id)).all()
    assert [s for s in standings if s != Standing.ACTIVE] == [Standing.ERASED]


def test_erasing_is_audited_by_number(client: FlaskClient, db: Session, ana: Person) -> None:
    post(client, "/me/delete")

    entry = db.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.object_id, entry.detail) == ("erased", ana.id, {})


def rows_of(client: FlaskClient) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = json.loads(client.get("/me/data.json").text)["tables"]
    return tables


def test_my_data_come_as_json(client: FlaskClient, ana: Person) -> None:
    tables = rows_of(client)

    assert tables["person"][0]["name"] == TRACES[0]
    assert tables["address"][0]["email"] == TRACES[1]
    assert {"consent", "disclosure", "message", "sign_in_session"} <= set(tables)


def test_my_data_hold_no_secret_and_nobody_elses_number(client: FlaskClient, ana: Person) -> None:
    text = client.get("/me/data.json").text

    for secret in ("password_hash", "secret_digest", "code_digest", "viewer_id", "/confirm/"):
        assert secret not in text


def test_my_data_hold_nothing_of_others(client: FlaskClient, ana: Person) -> None:
    ConsentFactory(person=PersonFactory(name="Ben"), wording="of somebody else")

    text = client.get("/me/data.json").text

    assert "Ben" not in text
    assert "of somebody else" not in text


def test_my_data_come_as_csv_that_no_spreadsheet_runs(
    client: FlaskClient, db: Session, ana: Person
) -> None:
    ana.name = "=HYPERLINK(1)"
    answer = client.get("/me/data.csv")

    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["table", "row", "field", "value"]
    assert ["person", "1", "name", "'=HYPERLINK(1)"] in rows
    assert 'filename="my-data.csv"' in answer.headers["Content-Disposition"]


def test_every_personal_column_lies_in_a_table_that_erasing_reaches(db: Session) -> None:
    person = PersonFactory()
    reached = {belongings.table.name for belongings in personal.of_person(person)}
    personal_tables = {
        table.name for table in Base.metadata.sorted_tables if personal.personal_columns(table)
    }
    by_address = {"suppression", "bounce"}
    by_signal = {"alliance", "hand_over", "invitation", "organization_merge", "person_merge"}
    # Walk-ins have no record here, and their names go after 90 days; an officer who let us name an
    # organization stays named with the authority on file.
    nobodys = {"arrival", "organization"}

    assert personal_tables - reached - by_address - by_signal - nobodys == set()
