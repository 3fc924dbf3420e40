"""The way of staff through an import: bring, name the columns, look, import, take back."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import tasks.moving
from app.mail.models import Suppression, SuppressionReason
from app.moving.models import ImportRun, ImportState
from app.people.models import Person
from tests.factories import (
    AllianceFactory,
    PersonFactory,
    coordinator_of,
    seed_places,
    staff_member,
)
from tests.moving.files import READABLE, UNREADABLE
from tests.signing_in import post, sign_in


@pytest.fixture
def staff(client: FlaskClient, db: Session) -> FlaskClient:
    seed_places(db)
    sign_in(client, staff_member())
    return client


def bring(client: FlaskClient, content: bytes, kind: str = "people") -> str:
    """The address of the import of a file."""
    file = (io.BytesIO(content), "list.csv")
    answer = post(
        client,
        "/staff/imports/",
        {"kind": kind, "file": file, "pasted": ""},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def run_of(db: Session) -> ImportRun:
    db.expire_all()
    return db.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()  # type: ignore[return-value]


def work(db: Session) -> None:
    """What a worker does."""
    run = run_of(db)
    state, number = run.state, run.id
    db.commit()
    {ImportState.JUDGING: tasks.moving.judge, ImportState.APPLYING: tasks.moving.apply}[state].run(
        number
    )


def test_a_column_that_is_not_known_is_to_be_named(staff: FlaskClient, db: Session) -> None:
    for table in (b"name,email,shoes\nAna,ana@example.org,38\n", b"name\nAna\n"):
        page = staff.get(bring(staff, table)).text
        assert "Say below which column is what, then look through the rows." in page
        assert "<progress" not in page


def test_the_whole_way(staff: FlaskClient, db: Session) -> None:
    url = bring(staff, READABLE["CP1252"])
    page = staff.get(url).text
    assert "The columns are recognized" in page
    assert "Change below what is not right, then look through the rows." in page
    assert "<progress" not in page  # nothing is looked at yet
    columns = {"email": "2", "first_name": "0", "last_name": "1", "zip": "3"}
    others = dict.fromkeys(("name", "phone", "city", "state", "language"), "-")
    others |= dict.fromkeys(("alliance", "opted_in", "status"), "-")

    post(staff, f"{url}/columns", columns | others)
    work(db)
    page = staff.get(url).text
    assert "Import 3 rows" in page
    assert "O’Neil" in page
    assert staff.get(f"{url}/progress.json").json["states"]["new"] == 3

    assert "lists-first" in post(staff, f"{url}/apply").location
    post(staff, f"{url}/apply", {"no_lists": "y"})
    going = staff.get(f"{url}/progress.json").json
    assert going["sentence"] == "All 3 rows are checked and are being imported at once."
    work(db)
    assert set(db.scalars(select(Person.zip))) >= {"43215", "02139", "90012"}
    assert "We may not write to the new people yet." in staff.get(url).text
    assert "O’Neil" in staff.get(f"{url}?format=csv").text

    post(staff, f"{url}/undo")
    assert run_of(db).state == ImportState.UNDONE
    assert "too-late" in post(staff, f"{url}/undo").location


def test_the_file_of_rows_asks_for_the_password_like_other_exports(
    staff: FlaskClient, db: Session
) -> None:
    url = bring(staff, READABLE["plain"])
    sign_in(staff, staff_member(), fresh=False)

    answer = staff.get(f"{url}?format=csv")

    assert answer.status_code == 303
    assert answer.location.startswith("/reauthenticate")


def test_pasted_rows_are_read_as_a_file_is(staff: FlaskClient, db: Session) -> None:
    pasted = "Name\tEmail\nZoë\tzoe@example.org\n"

    answer = post(staff, "/staff/imports/", {"kind": "people", "pasted": pasted})

    assert answer.status_code == 303
    assert run_of(db).headings == ["Name", "Email"]


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_is_no_table_is_refused_beside_its_field(
    staff: FlaskClient, db: Session, name: str
) -> None:
    content, sentence = UNREADABLE[name]
    file = (io.BytesIO(content), "list.csv")

    answer = post(
        staff,
        "/staff/imports/",
        {"kind": "people", "file": file, "pasted": ""},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.scalars(select(ImportRun)).all() == []


def test_columns_must_be_named(staff: FlaskClient, db: Session) -> None:
    url = bring(staff, b"a,b\n1,2\n")

    answer = post(staff, f"{url}/columns", {})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("kind", "content", "sentences"),
    [
        ("people", b"Name,Reach\nBo,bo@example.org\n", ["“E-mail address” or “Phone”"]),
        ("do_not_email", b"Name,Reach\nBo,bo@example.org\n", ["“E-mail address”"]),
        ("organizations", b"Kind,Reach\nbar,bo@example.org\n", ["“Name”"]),
        (
            "events",
            b"What,When,Venue\nVigil,2024-07-17,Park\n",
            ["“Alliance”", "“Title of the event”", "“Day”"],
        ),
    ],
)
def test_a_column_without_which_each_row_would_be_refused_is_asked_for_first(
    staff: FlaskClient, db: Session, kind: str, content: bytes, sentences: list[str]
) -> None:
    url = bring(staff, content, kind)
    page = staff.get(url).text

    answer = post(staff, f"{url}/columns", {"description": "0"})

    assert answer.status_code == 422
    for sentence in sentences:
        assert f"No column is named as {sentence}. Say below which one it is" in page
        assert f"No column is named as {sentence}.</" in answer.text
    assert run_of(db).state == ImportState.STAGED


def test_a_file_without_a_column_of_addresses_is_warned_of(staff: FlaskClient, db: Session) -> None:
    url = bring(staff, b"name,contact,phone\nBo,bo@example.org,614-555-0100\n")

    assert "No column is named as the e-mail address." in staff.get(url).text
    post(staff, f"{url}/columns", {"name": "0", "email": "1", "phone": "2"})
    work(db)
    assert "No column is named as the e-mail address." not in staff.get(url).text


def test_columns_that_nothing_is_taken_from_are_named(staff: FlaskClient, db: Session) -> None:
    url = bring(staff, b"name,email,T-shirt,Begins\nBo,bo@example.org,M,6 pm\n")

    assert "Passed over: T-shirt, Begins." in staff.get(url).text


def test_the_refused_rows_are_one_step_away_and_the_file_may_be_brought_again(
    staff: FlaskClient, db: Session
) -> None:
    content = b"name,email,alliance\nBo,bo@example.org,Springfield\nAna,no-address,\n"
    columns = {"name": "0", "email": "1", "alliance": "2"}
    url = bring(staff, content)
    post(staff, f"{url}/columns", columns)
    work(db)

    assert "See the 1 row that is refused, and why" in staff.get(url).text
    shown = staff.get(f"{url}?outcome=refused").text
    assert "no-address" in shown
    assert "bo@example.org" not in shown
    remark = "There is no alliance called “Springfield”. They come in without one."
    assert remark in staff.get(f"{url}?outcome=remarked").text

    AllianceFactory(name="Springfield")
    db.commit()
    assert bring(staff, content) == url
    assert run_of(db).state == ImportState.STAGED
    post(staff, f"{url}/columns", columns)
    work(db)
    assert "Import 1 row" in staff.get(url).text
    assert remark not in staff.get(url).text


def test_a_list_of_addresses_not_to_write_to(staff: FlaskClient, db: Session) -> None:
    url = bring(staff, b"email\nbo@example.org\n", "do_not_email")
    post(staff, f"{url}/columns", {"email": "0", "status": "-"})
    work(db)
    post(staff, f"{url}/apply")
    work(db)

    assert run_of(db).state == ImportState.APPLIED
    assert "b…@example.org" in staff.get("/staff/mail/do-not-email").text


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("do_not_email", SuppressionReason.ASKED), ("bounced", SuppressionReason.BOUNCED)],
)
def test_who_brings_a_bare_list_says_whether_its_mail_came_back(
    staff: FlaskClient, db: Session, kind: str, reason: SuppressionReason
) -> None:
    url = bring(staff, b"email,bounced\nbo@example.org,\n", kind)
    place = str(run_of(db).columns["bounced"])
    email = str(run_of(db).columns["email"])
    post(staff, f"{url}/columns", {"email": email, "status": "-", "bounced": place})
    work(db)
    post(staff, f"{url}/apply")
    work(db)

    assert db.scalars(select(Suppression.reason)).all() == [reason]


def test_a_file_is_kept_while_one_proves_who_one_is(staff: FlaskClient, db: Session) -> None:
    sign_in(staff, staff_member(), fresh=False)
    url = bring(staff, READABLE["plain"])
    columns = {name: str(place) for name, place in run_of(db).columns.items()}
    others = dict.fromkeys(("name", "phone", "city", "state", "language", "alliance"), "-")
    others |= dict.fromkeys(("opted_in", "status", "unwanted", "bounced"), "-")
    post(staff, f"{url}/columns", columns | others)
    work(db)

    for act in ("apply", "undo"):
        answer = post(staff, f"{url}/{act}", {"no_lists": "y"})
        assert answer.location.startswith("/reauthenticate")
    assert staff.get(f"{url}/consent").location.startswith("/reauthenticate")
    assert run_of(db).state == ImportState.JUDGED


def test_rows_with_a_remark_are_one_step_away(staff: FlaskClient, db: Session) -> None:
    url = bring(staff, b"name,email,zip\nBo,bo@example.org,ABC\nAna,ana@example.org,43215\n")
    unnamed = dict.fromkeys(("first_name", "last_name", "phone", "city", "state", "language"), "-")
    unnamed |= dict.fromkeys(("alliance", "opted_in", "status", "unwanted", "bounced"), "-")
    post(staff, f"{url}/columns", {"name": "0", "email": "1", "zip": "2"} | unnamed)
    work(db)

    assert "See the 1 row that is taken with a remark" in staff.get(url).text
    shown = staff.get(f"{url}?outcome=remarked").text
    assert "bo@example.org" in shown
    assert "ana@example.org" not in shown


@pytest.mark.parametrize("path", ["", "1", "1/consent", "1/progress.json"])
def test_nobody_but_staff_imports(client: FlaskClient, db: Session, path: str) -> None:
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get(f"/staff/imports/{path}").status_code == 403
    sign_in(client, PersonFactory())
    assert post(client, "/staff/imports/").status_code == 403
