"""Importing people: who is new, changed, refused; nobody subscribed; applied once; taken back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.accounts.models import NationalRole
from app.alliances.models import Membership, MembershipState
from app.foundation import clock, edge
from app.foundation.web import Whereas
from app.mail.models import Delivery, Suppression, SuppressionReason
from app.moving import applying, consents, reading, reports, staging, undoing
from app.moving.commands import group
from app.moving.models import ImportKind, ImportRow, ImportRun
from app.people.actions import Agreement, unsubscribe
from app.people.models import Address, Consent, Person, Purpose, Unsubscription
from tests.factories import (
    AddressFactory,
    AllianceFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    SignUpFactory,
    seed_places,
)
from tests.moving.files import BAD_ADDRESSES, READABLE

FILE = READABLE["plain"]


@pytest.fixture(autouse=True)
def _places(db: Session) -> None:
    seed_places(db)
    db.commit()


def judged(content: bytes, kind: ImportKind = ImportKind.PEOPLE) -> ImportRun:
    table = reading.read(content)
    with edge.step() as session:
        run = staging.begin(kind, content, table, file_name="list.csv", by=None)
        run_id = run.id
    staging.stage(run_id, table)
    staging.judge(run_id)
    return session.get_one(ImportRun, run_id)


def applied(content: bytes, kind: ImportKind = ImportKind.PEOPLE) -> ImportRun:
    run_id = judged(content, kind).id
    with edge.step() as session:
        run = session.get_one(ImportRun, run_id)
        run.lists_first = True
        applying.apply(run)
    return session.get_one(ImportRun, run_id)


def outcomes(run: ImportRun) -> dict[str, int]:
    return {str(outcome): number for outcome, number in reports.counts(run).items()}


def reasons(run: ImportRun) -> list[str]:
    return [refusal.reason for refusal in reports.report(run).refused]


def table(*rows: str, headings: str = "name,email,zip,phone,status,opted_in,alliance") -> bytes:
    return "\n".join([headings, *rows]).encode()


@pytest.mark.parametrize("name", READABLE)
def test_each_readable_file_brings_the_same_three_people(db: Session, name: str) -> None:
    run = applied(READABLE[name])

    found = db.execute(select(Person.name, Person.zip, Address.email).join(Address)).all()
    assert {row.email for row in found} == {"zoe@example.org", "bo@example.org", "ana@example.org"}
    assert {row.zip for row in found} == {"43215", "02139", "90012"}
    assert outcomes(run)["new"] == 3
    assert db.scalars(select(NationalRole)).all() == []


@pytest.mark.parametrize("name", BAD_ADDRESSES)
def test_a_bad_address_is_refused_and_nothing_else(db: Session, name: str) -> None:
    quoted = BAD_ADDRESSES[name].replace('"', '""')
    run = applied(table("Good,good@example.org,,,,,", f'Bad,"{quoted}",,,,,'))

    assert outcomes(run) == {"new": 1, "refused": 1}
    assert db.scalars(select(Address.email)).all() == ["good@example.org"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Zoë,,43215,,,,", "neither an e-mail address nor a phone number"),
        ("Zoë,,43215,call me,,,", "“call me” is not a phone number"),
        (",,,614-555-0100,,,", "There is no name."),
        (f"{'Z' * 201},zoe@example.org,,,,,", "longer than 200 characters"),
        (f"{'Z' * 200_000},zoe@example.org,,,,,", "longer than 10000 characters"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(db: Session, row: str, sentence: str) -> None:
    run = judged(table(row))

    assert outcomes(run) == {"refused": 1}
    assert sentence in reasons(run)[0]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Zoë,zoe@example.org,ABC,,,,", "“ABC” is not a ZIP code. It was left out."),
        ("Zoë,zoe@example.org,00000,,,,", "We do not know the ZIP code 00000. It was left out."),
        ("Zoë,zoe@example.org,1,me,,,", "“me” is not a phone number, and was left out. “1” is not"),
    ],
)
def test_a_wrong_zip_code_is_left_out_and_the_person_comes_in(
    db: Session, row: str, sentence: str
) -> None:
    run = applied(table(row))

    assert outcomes(run) == {"new": 1}
    assert sentence in db.scalars(select(ImportRow.reason)).one()
    assert [tuple(found) for found in db.execute(select(Person.name, Person.zip))] == [
        ("Zoë", None)
    ]


@pytest.mark.parametrize(
    ("wish", "back", "unwanted", "stopped"),
    [
        ("false", "false", False, []),
        ("true", "false", True, []),
        ("2024-05-01 10:00", "", True, []),
        ("no", "true", False, [SuppressionReason.BOUNCED]),
        ("yes", "yes", True, [SuppressionReason.BOUNCED]),
    ],
)
def test_wishes_and_bounces_stand_in_columns_of_their_own(
    db: Session, wish: str, back: str, unwanted: bool, stopped: list[SuppressionReason]
) -> None:
    heads = "name,email1,email_opt_in,do_not_contact,email1_is_bad"
    run = applied(table(f"Zoë,zoe@example.org,true,{wish},{back}", headings=heads))

    assert outcomes(run) == {"new": 1}
    assert db.scalars(select(Suppression.reason)).all() == stopped
    wishes = set(db.scalars(select(Consent.channel)))
    assert wishes == ({"import: unsubscribed"} if unwanted else set())
    assert consents.count_willing(run) == (0 if unwanted or stopped else 1)


@pytest.mark.parametrize("between", [0, 1200])
def test_a_wish_counts_though_the_same_person_stands_in_the_file_twice(
    db: Session, between: int
) -> None:
    others = [f"P{n},p{n}@example.org,,,,," for n in range(between)]
    run = applied(
        table(
            "Zoë,zoe@example.org,,,subscribed,yes,",
            *others,
            "Zoë,zoe@example.org,,,unsubscribed,,",
            "Zoë,ZOE@example.org,,,bounced,,",
            "Zoë,zoe@example.org,,,subscribed,yes,",
        )
    )

    told = reports.report(run)
    assert (told.valid, told.people, told.new) == (between + 4, between + 1, between + 1)
    assert db.scalars(select(Suppression.reason)).all() == [SuppressionReason.BOUNCED]
    assert db.scalar(select(func.count()).select_from(Person)) == between + 1
    assert set(db.scalars(select(Consent.given))) == {False}
    assert consents.count_willing(run) == 0


def test_nobody_who_is_new_is_subscribed_or_confirmed(db: Session) -> None:
    applied(table("Zoë,zoe@example.org,43215,,,yes,"))

    person = db.scalars(select(Person)).one()
    assert db.get_one(Address, person.address_id).confirmed_at is None
    assert set(db.scalars(select(Unsubscription.purpose))) == {
        Purpose.DIGEST,
        Purpose.ANNOUNCEMENTS,
    }
    assert db.scalars(select(Consent)).all() == []


def test_who_is_here_keeps_what_they_have_and_is_not_subscribed_again(db: Session) -> None:
    zoe = PersonFactory(
        name="Zoë", address=AddressFactory(email="zoe@example.org"), phone="+16145550199"
    )
    unsubscribe(zoe.id, Agreement(Purpose.DIGEST, "digest-1", "mail"))
    zoe.zip = None
    db.commit()

    run = applied(table("ZOË,Zoe@Example.org,43215,614-555-0100,,yes,"))

    assert outcomes(run) == {"changed": 1}
    zoe = db.get_one(Person, zoe.id)
    assert (zoe.phone, zoe.zip, zoe.name) == ("+16145550199", "43215", "Zoë")
    assert db.scalars(select(Unsubscription.purpose)).all() == [Purpose.DIGEST]
    assert consents.count_willing(run) == 0


def test_a_person_twice_in_a_file_comes_once(db: Session) -> None:
    run = applied(
        table("Zoë,zoe@example.org,,,,,", "zoë,ZOE@example.org,,,,,", "Bo,zoe@example.org,,,,,")
    )

    assert reports.report(run).people == 2
    assert outcomes(run) == {"new": 2, "same": 1}
    assert db.scalar(select(func.count()).select_from(Address)) == 1


def test_wishes_from_elsewhere_are_kept(db: Session) -> None:
    applied(
        table(
            "Zoë,zoe@example.org,,,unsubscribed,,",
            "Bo,bo@example.org,,,cleaned,,",
            "Ana,ana@example.org,,,subscribed,,",
        )
    )

    assert db.scalars(select(Suppression.reason)).all() == [SuppressionReason.BOUNCED]
    by_name = Counter(
        db.scalars(select(Person.name).join(Unsubscription, Unsubscription.person_id == Person.id))
    )
    assert by_name == {"Zoë": 3, "Bo": 2, "Ana": 2}


def test_lists_of_who_must_not_get_mail_come_first(db: Session) -> None:
    run_id = judged(FILE).id
    with edge.step(), pytest.raises(applying.ListsFirst):
        applying.apply(db.get_one(ImportRun, run_id))
    assert db.scalars(select(Person)).all() == []

    applied(b"email,status\nbo@example.org,bounced\nana@example.org,\n", ImportKind.DO_NOT_EMAIL)

    assert applying.has_lists()
    assert set(db.scalars(select(Suppression.reason))) == {
        SuppressionReason.BOUNCED,
        SuppressionReason.ASKED,
    }


def test_members_come_into_their_alliance(db: Session) -> None:
    columbus = AllianceFactory(name="Columbus Alliance", slug="columbus")
    there = PersonFactory(name="Bo", address=AddressFactory(email="bo@example.org"))
    MembershipFactory(alliance=columbus, person=there)
    db.commit()

    run = applied(
        table("Zoë,zoe@example.org,,,,,Columbus alliance", "Bo,bo@example.org,,,,,columbus")
    )

    assert outcomes(run) == {"new": 1, "same": 1}
    assert db.scalars(select(Membership.state)).all() == [MembershipState.ACTIVE] * 2


def test_an_import_is_taken_back_but_for_who_did_something(db: Session) -> None:
    bo = PersonFactory(
        name="Bo",
        address=AddressFactory(email="bo@example.org"),
        phone=None,
        zip=None,
        time_zone="America/Denver",
    )
    db.commit()
    run = applied(
        table(
            "Zoë,zoe@example.org,,,,,",
            "Ana,ana@example.org,,,,,",
            "Bo,bo@example.org,90012,614-555-0100,,,",
        )
    )
    ana = db.scalars(select(Person).where(Person.name == "Ana")).one()
    SignUpFactory(event=EventFactory(), person=ana)
    db.commit()
    assert db.scalars(select(Person.phone).where(Person.id == bo.id)).one() == "+16145550100"

    with edge.step():
        undone = undoing.undo(db.get_one(ImportRun, run.id))

    assert (undone.gone, undone.kept) == (1, 1)
    assert set(db.scalars(select(Person.name))) >= {"Ana", "Bo"}
    assert "Zoë" not in set(db.scalars(select(Person.name)))
    assert db.scalars(select(Person.phone).where(Person.name == "Bo")).one() is None
    where = select(Person.zip, Person.time_zone).where(Person.name == "Bo")
    assert db.execute(where).all() == [(None, "America/Denver")]
    with edge.step(), pytest.raises(staging.NotNow):
        undoing.undo(db.get_one(ImportRun, run.id))


def test_who_got_mail_since_stays_when_an_import_is_taken_back(db: Session) -> None:
    run = applied(table("Zoë,zoe@example.org,,,,,", "Ana,ana@example.org,,,,,"))
    ana = db.scalars(select(Person).where(Person.name == "Ana")).one()
    db.add(Delivery(mailing_id=1, person_id=ana.id, batch_number=1, due_at=clock.now()))
    db.commit()

    with edge.step():
        undone = undoing.undo(db.get_one(ImportRun, run.id))

    assert (undone.gone, undone.kept) == (1, 1)
    assert db.scalars(select(Delivery.person_id)).all() == [ana.id]


def test_taken_back_who_was_here_before_leaves_what_the_import_let_them_join(db: Session) -> None:
    AllianceFactory(name="Columbus", slug="columbus")
    bo = PersonFactory(name="Bo", address=AddressFactory(email="bo@example.org"))
    db.commit()
    run = applied(table("Zoë,zoe@example.org,,,,,columbus", "Bo,bo@example.org,,,,,columbus"))
    joined = select(Membership.person_id).where(Membership.person_id == bo.id)
    assert db.scalars(joined).all() == [bo.id]

    with edge.step():
        undoing.undo(db.get_one(ImportRun, run.id))

    assert db.scalars(joined).all() == []


def taken_back(run: ImportRun) -> tuple[int, int]:
    with edge.step() as session:
        undone = undoing.undo(session.get_one(ImportRun, run.id))
    return undone.gone, undone.kept


def test_who_is_in_another_list_too_stays_until_that_is_taken_back(db: Session) -> None:
    AllianceFactory(name="Columbus", slug="columbus")
    austin = AllianceFactory(name="Austin", slug="austin")
    first = applied(table("Zoë,zoe@example.org,,,,,columbus", "Ana,ana@example.org,,,,,columbus"))
    second = applied(table("Ana,ana@example.org,,,,,austin"))
    third = applied(table("Ana,ana@example.org,,,,,"))
    assert (outcomes(second), outcomes(third)) == ({"changed": 1}, {"same": 1})
    names = select(Person.name).order_by(Person.name)

    assert taken_back(first) == (1, 1)
    assert reports.count_kept(first) == 1
    assert db.scalars(names).all() == ["Ana"]
    assert db.scalars(select(Membership.alliance_id)).all() == [austin.id]
    assert taken_back(second) == (0, 1)
    assert db.scalars(select(Membership.alliance_id)).all() == []
    assert taken_back(third) == (1, 0)
    assert db.scalars(names).all() == []


def test_the_same_file_again_changes_nothing(db: Session) -> None:
    applied(FILE)

    run = applied(FILE)

    assert outcomes(run) == {"same": 3}
    assert db.scalar(select(func.count()).select_from(Person)) == 3


def run_command(app: Whereas, *arguments: str) -> Result:
    """As from a terminal; the test's own transaction is over before."""
    staging.db.rollback()
    with app.app_context():
        return FlaskCliRunner(app).invoke(group, ["import", *arguments])


def test_the_command_previews_reports_and_applies(
    app: Whereas, db: Session, tmp_path: Path
) -> None:
    file, report = tmp_path / "list.csv", tmp_path / "report.json"
    file.write_bytes(table("Zoë,zoe@example.org,,,,,", "Bad,bad,,,,,", "Zoë,zoe@example.org,,,,,"))

    answer = run_command(app, str(file), "--preview", "--report", str(report))

    assert answer.exit_code == 0, answer.output
    assert json.loads(report.read_text()) == {
        "rows": 3,
        "valid": 2,
        "people": 1,
        "new": 1,
        "changed": 0,
        "refused": [
            {"row": 2, "reason": "This does not look like an e-mail address. Is there a typo?"}
        ],
    }
    assert db.scalars(select(Person)).all() == []
    refused = run_command(app, str(file), "--apply")
    assert "First import the list" in refused.output

    assert run_command(app, str(file), "--apply", "--no-lists").exit_code == 0
    assert db.scalars(select(Person.name)).all() == ["Zoë"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a,b\n1,2\n"])
def test_the_command_refuses_what_it_cannot_read(
    app: Whereas, db: Session, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "list.csv").write_bytes(content)

    answer = run_command(app, str(tmp_path / "list.csv"), "--preview")

    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")


def test_killed_in_the_middle_a_second_start_goes_on(
    app: Whereas, settings: dict[str, str], db: Session, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    rows = [f"Person {n},person{n}@example.org,43215,,,," for n in range(6000)]
    file.write_bytes(table(*rows))
    command = [
        sys.executable,
        "-m",
        "flask",
        "people",
        "import",
        str(file),
        "--apply",
        "--no-lists",
    ]
    for seconds in (2.5, 3.5):
        child = subprocess.Popen(command, env=os.environ | settings | {"FLASK_APP": "wsgi"})
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert db.scalar(select(func.count()).select_from(Person)) in (0, 6000)
        db.rollback()

    answer = run_command(app, str(file), "--apply", "--no-lists")

    assert answer.exit_code == 0, answer.output
    assert db.scalar(select(func.count()).select_from(Person)) == 6000
    assert db.scalar(select(func.count()).select_from(Address)) == 6000


def test_memory_of_rows_names_nobody_who_is_erased(db: Session) -> None:
    applied(table("Zoë,zoe@example.org,,,,,"))
    person = db.scalars(select(Person)).one()

    erasure.erase(person)
    db.commit()

    assert db.scalars(select(ImportRow.cells)).all() == [[]]
