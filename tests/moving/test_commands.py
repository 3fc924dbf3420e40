"""What the command line says of columns, and that it looks again at what has changed since."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Membership
from app.foundation.web import Whereas
from app.mail.models import Suppression, SuppressionReason
from app.moving import staging
from app.moving.commands import group
from app.moving.models import ImportRow, Outcome
from app.people.models import Address, Person
from tests.factories import AllianceFactory


def run_command(app: Whereas, *arguments: str) -> Result:
    staging.db.rollback()
    with app.app_context():
        return FlaskCliRunner(app).invoke(group, ["import", *arguments])


def test_columns_are_named_by_hand(app: Whereas, db: Session, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Who,Reach,Phone\nZoë,zoe@example.org,614-555-0100\n")
    by_hand = ("--column", "name=Who", "--column", "email=reach")

    answer = run_command(app, str(file), "--apply", "--no-lists", *by_hand)

    assert "1 rows, 1 valid, 1 people: 1 new, 0 changed, 0 refused." in answer.output
    found = db.execute(select(Person.name, Address.email, Person.phone).join(Address)).one()
    assert tuple(found) == ("Zoë", "zoe@example.org", "+16145550100")


def test_what_each_column_was_taken_for_is_said(app: Whereas, db: Session, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Who,Mobile,Do not mail\nZoë,614-555-0100,\n")

    answer = run_command(app, str(file), "--preview")

    assert "Read: phone from “Mobile”, unwanted from “Do not mail”." in answer.output
    assert "Passed over: Who. --column FIELD=HEADING says what one is." in answer.output
    assert "No column is named as the e-mail address: see --column." in answer.output


def test_a_column_without_which_no_row_can_be_taken_is_asked_for_once(
    app: Whereas, db: Session, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Name,Reach\nZoë,zoe@example.org\nBo,bo@example.org\n")

    answer = run_command(app, str(file), "--preview")

    assert answer.exit_code == 1
    assert answer.output == (
        "Error: No column is named as “E-mail address” or “Phone”. Say --column email=HEADING. "
        "The headings are: Name, Reach.\n"
    )
    run_command(app, str(file), "--preview", "--column", "email=Reach")
    assert db.scalars(select(ImportRow.outcome)).all() == [Outcome.NEW, Outcome.NEW]


@pytest.mark.parametrize(
    ("column", "sentence"),
    [("role=Who", "role is none of: name,"), ("name=Nobody", "no column has the heading Nobody")],
)
def test_a_column_that_cannot_be_named_is_refused(
    app: Whereas, db: Session, tmp_path: Path, column: str, sentence: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Who,Email\nZoë,zoe@example.org\n")

    answer = run_command(app, str(file), "--preview", "--column", column)

    assert answer.exit_code == 2
    assert sentence in answer.output


def test_a_second_look_sees_what_came_since(app: Whereas, db: Session, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("name,email,alliance\nZoë,zoe@example.org,Springfield\n")
    assert "1 new, 0 changed, 0 refused" in run_command(app, str(file), "--preview").output
    remark = "There is no alliance called “Springfield”. They come in without one."
    assert db.scalars(select(ImportRow.reason)).all() == [remark]

    AllianceFactory(name="Springfield")
    db.commit()

    assert "1 new, 0 changed, 0 refused" in run_command(app, str(file), "--preview").output
    db.expire_all()
    assert db.scalars(select(ImportRow.reason)).all() == [""]


def test_who_came_in_without_an_alliance_joins_it_when_the_file_comes_again(
    app: Whereas, db: Session, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("name,email,alliance\nZoë,zoe@example.org,Springfield\n")
    assert run_command(app, str(file), "--apply", "--no-lists").exit_code == 0
    assert db.scalars(select(Membership.person_id)).all() == []

    AllianceFactory(name="Springfield")
    db.commit()
    again = run_command(app, str(file), "--apply", "--no-lists")

    assert "0 new, 1 changed, 0 refused" in again.output
    db.expire_all()
    assert db.scalars(select(Membership.person_id)).all() == db.scalars(select(Person.id)).all()


def test_a_bare_list_of_bounced_addresses(app: Whereas, db: Session, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Email\nbo@example.org\n")

    answer = run_command(app, str(file), "--bounced", "--apply")

    assert "1 new" in answer.output
    assert db.scalars(select(Suppression.reason)).all() == [SuppressionReason.BOUNCED]
