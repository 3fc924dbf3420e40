"""Consent carried over by two, or after an hour; and the one mail that asks."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import approvals
from app.foundation import clock, edge, tokens
from app.foundation.uploads import Upload
from app.mail.models import Message
from app.moving import consents, mails, queries, undoing
from app.moving.consents import Record
from app.moving.models import ImportRun
from app.people.actions import Agreement, unsubscribe
from app.people.models import Address, Consent, Person, Purpose, Unsubscription
from tests.factories import EventFactory, SignUpFactory, staff_member
from tests.moving.test_people import applied, table
from tests.signing_in import post, sign_in
from tests.snapshots import assert_same

SNAPSHOTS = Path(__file__).parent / "snapshots"


def imported(db: Session) -> ImportRun:
    """Zoë agreed elsewhere, Bo did not."""
    run = applied(table("Zoë,zoe@example.org,,,,yes,", "Bo,bo@example.org,,,,no,"))
    return db.get_one(ImportRun, run.id)


def record(db: Session) -> Record:
    upload = Upload(
        content=b"%PDF-1.4",
        content_type="application/pdf",
        size=8,
        sha256="0",
        created_at=clock.now(),
    )
    db.add(upload)
    db.flush()
    return Record("the form of 2024", date(2024, 7, 17), "Yes, send me the digest.", upload.id)


def subscribed(db: Session) -> set[str]:
    """Who may be sent the digest."""
    no = select(Unsubscription.person_id).where(Unsubscription.purpose == Purpose.DIGEST)
    rows = (
        select(Person.name)
        .join(Address)
        .where(Address.confirmed_at.is_not(None), Person.id.not_in(no))
    )
    return set(db.scalars(rows))


def test_a_second_person_carries_the_consent_over(db: Session) -> None:
    run = imported(db)
    first, second = staff_member(), staff_member()
    consents.ask(run, record(db), first.id)
    with pytest.raises(consents.SamePerson):
        consents.confirm(run, first.id)
    before = subscribed(db)

    assert consents.confirm(run, second.id) == 1

    assert subscribed(db) - before == {"Zoë"}
    log = db.scalars(select(Consent).where(Consent.scope == f"import:{run.id}")).all()
    assert {(line.purpose, line.wording, line.at.year) for line in log} == {
        (Purpose.DIGEST, "Yes, send me the digest.", 2024),
        (Purpose.ANNOUNCEMENTS, "Yes, send me the digest.", 2024),
    }
    with pytest.raises(consents.NothingAsked):
        consents.confirm(run, second.id)


def test_after_an_hour_it_carries_itself_over_unless_it_was_stopped(db: Session) -> None:
    run = imported(db)
    run_id = run.id
    consents.ask(run, record(db), staff_member().id)
    db.commit()
    assert consents.due() == []

    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert consents.due() == [run_id]
        assert consents.carry_over_due(run_id) == 1
        assert consents.carry_over_due(run_id) == 0
        assert consents.due() == []


def test_stopped_nothing_is_carried_over(db: Session) -> None:
    run = imported(db)
    consents.ask(run, record(db), staff_member().id)
    consents.stop(run)

    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert consents.due() == []
        with pytest.raises(consents.NothingAsked):
            consents.confirm(run, None)


def test_who_said_no_meanwhile_is_not_carried_over(db: Session) -> None:
    run = imported(db)
    zoe = db.scalars(select(Person).where(Person.name == "Zoë")).one()
    db.execute(Unsubscription.__table__.delete())
    unsubscribe(zoe.id, Agreement(Purpose.DIGEST, "digest-1", "mail"))
    consents.ask(run, record(db), None)

    assert consents.count_willing(run) == 0


def test_one_mail_asks_each_address_once(db: Session) -> None:
    run = imported(db)
    assert mails.ask_some(run) == 2
    assert mails.ask_some(run) == 0
    db.commit()
    again = db.get_one(ImportRun, applied(table("Zoe Two,zoe@example.org,,,,,")).id)

    assert mails.ask_some(again) == 0

    messages = db.scalars(select(Message).order_by(Message.id)).all()
    assert [message.email for message in messages] == ["zoe@example.org", "bo@example.org"]
    token = tokens.sign(mails.PURPOSE, messages[0].person_id or 0)
    assert token in messages[0].text
    body = f"{messages[0].subject}\n\n{messages[0].text}".replace(token, "TOKEN")
    assert_same(body, SNAPSHOTS / "permission.txt")


def test_the_button_of_that_mail_is_a_yes_and_opening_it_is_none(
    client: FlaskClient, db: Session
) -> None:
    imported(db)
    zoe = db.scalars(select(Person).where(Person.name == "Zoë")).one()
    url = f"/permission/{tokens.sign(mails.PURPOSE, zoe.id)}"

    assert "May we write to you?" in client.get(url).text
    assert subscribed(db) == set()
    assert "Thank you" in client.post(url).text
    assert client.post(url).status_code == 200

    assert subscribed(db) == {"Zoë"}
    assert len(db.scalars(select(Consent)).all()) == 2
    assert client.get("/permission/nonsense").status_code == 404


def test_asked_people_are_all_asked_once(client: FlaskClient, db: Session) -> None:
    run = imported(db)
    with edge.step():
        consents.ask_by_mail(db.get_one(ImportRun, run.id))
    with edge.step(), pytest.raises(consents.NotNow):
        consents.ask_by_mail(db.get_one(ImportRun, run.id))


def test_the_others_may_be_asked_when_consent_was_carried_over(
    client: FlaskClient, db: Session
) -> None:
    sign_in(client, staff_member())
    run = imported(db)
    consents.ask(run, record(db), None)
    db.commit()
    page = f"/staff/imports/{run.id}"
    assert "by one mail" not in client.get(page).text

    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        consents.carry_over_due(run.id)
        db.commit()

    assert "Ask 1 person by one mail" in client.get(page).text
    consents.ask_by_mail(run)
    db.commit()
    shown = client.get(page).text
    assert "by one mail</button>" not in shown
    assert "Who had not agreed was asked by one mail on" in shown


def test_what_waits_for_a_second_person_is_listed_with_its_hour(
    client: FlaskClient, db: Session
) -> None:
    run = imported(db)
    assert approvals.waiting() == []
    consents.ask(run, record(db), staff_member().id)
    db.commit()

    (each,) = approvals.waiting()
    assert each.what == "list.csv: 1 person agreed to mail."
    assert each.until == each.since + consents.WAIT
    sign_in(client, staff_member())
    assert f"/staff/imports/{run.id}" in client.get("/staff/approvals").text

    consents.confirm(run, None)
    assert approvals.waiting() == []


def test_an_import_that_is_taken_back_carries_nothing_over_and_asks_nobody(db: Session) -> None:
    run = imported(db)
    for person in db.scalars(select(Person).where(Person.name.in_(("Zoë", "Bo")))).all():
        SignUpFactory(event=EventFactory(), person=person)
    consents.ask(run, record(db), staff_member().id)
    consents.ask_by_mail(run)

    assert undoing.undo(run).kept == 2

    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert consents.due() == []
        assert consents.carry_over_due(run.id) == 0
    assert queries.asking() == []
    assert subscribed(db).isdisjoint({"Zoë", "Bo"})


def test_evidence_must_be_given_and_is_marked_so(client: FlaskClient, db: Session) -> None:
    run = imported(db)
    sign_in(client, staff_member())
    url = f"/staff/imports/{run.id}/consent"
    told = {"source": "the form", "given_on": "2024-07-17", "wording": "Yes"}

    answer = post(client, url, told)

    assert answer.status_code == 422
    assert "Please choose a file." in answer.text
    assert client.get(url).text.count('class="need"') == 4


def test_who_asked_for_a_consent_is_not_offered_to_confirm_it(
    client: FlaskClient, db: Session
) -> None:
    run = imported(db)
    first, second = staff_member(), staff_member()
    consents.ask(run, record(db), first.id)
    pages = []
    for person in (first, second):
        sign_in(client, person)
        pages.append(client.get(f"/staff/imports/{run.id}").text)

    assert ["Do not carry it over" in page for page in pages] == [True, True]
    assert ["Confirm for 1 person" in page for page in pages] == [False, True]


def test_only_staff_see_imports(client: FlaskClient, db: Session) -> None:
    run = imported(db)
    db.commit()
    assert client.get(f"/staff/imports/{run.id}").status_code == 303
    sign_in(client, staff_member())
    assert "Zoë" in client.get(f"/staff/imports/{run.id}").text
