"""Reading spreadsheets of all kinds, and refusing what is none."""

from __future__ import annotations

import pytest

from app.foundation.tables import neutral, restored
from app.foundation.web import Whereas
from app.moving import reading
from app.moving.headings import recognised
from app.moving.models import ImportKind
from app.moving.reading import NotATable
from tests.moving.files import READABLE, UNREADABLE


@pytest.fixture(autouse=True)
def _in_app(app: Whereas) -> object:
    with app.app_context():
        yield


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("name", READABLE)
def test_people_are_found_in_each_file(name: str) -> None:
    table = reading.read(READABLE[name])
    columns = recognised(table.headings, ImportKind.PEOPLE)
    rows = [row for row in table.rows if any(row)]

    assert {"first_name", "last_name", "email", "zip"} <= columns.keys()
    assert [row[columns["email"]] for row in rows] == [
        "zoe@example.org",
        "bo@example.org",
        "ana@example.org",
    ]
    assert rows[0][columns["first_name"]] == "Zoë"
    assert rows[0][columns["last_name"]].startswith("Mül")
    assert {len(row) for row in rows} == {len(table.headings)}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_table_is_refused_with_a_sentence(name: str) -> None:
    content, sentence = UNREADABLE[name]
    with pytest.raises(NotATable, match=sentence):
        list(reading.read(content).rows)


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (("first_name", "last_name", "email", "zip_code"), "first_name last_name email zip"),
        (("Given Name", "Family Name", "E-mail 1 - Value"), "first_name last_name email"),
        (("Email Address", "First Name", "Last Name"), "email first_name last_name"),
        (
            ("VANID", "LastName", "FirstName", "PreferredEmail", "mZip5"),
            "last_name first_name email zip",
        ),
        (("email", "phone_number", "primary_zip", "email_opt_in"), "email phone zip opted_in"),
        (("EMAIL", "ZIP", "CITY"), "email zip city"),
        (
            ("email1", "email1_is_bad", "do_not_contact", "mobile_number", "primary_city"),
            "email bounced unwanted phone city",
        ),
        (
            ("can2_phone", "can2_user_city", "can2_state_abbreviated", "can2_subscription_status"),
            "phone city state status",
        ),
        (("Email Address", "UNSUB_TIME", "CLEAN_TIME"), "email unwanted bounced"),
        (("Correo electrónico", "Nombre"), "email name"),
        (("Something", "role", "alliance_id"), ""),
    ],
)
def test_headings_of_other_programs_are_recognised(headings: tuple[str, ...], fields: str) -> None:
    assert set(recognised(headings, ImportKind.PEOPLE)) == set(fields.split())


def test_two_columns_of_one_name_are_told_apart() -> None:
    table = reading.read(b"Email,email,,\na@example.org,b@example.org,c,d\n")
    assert table.headings == ["Email", "email (2)", "Column 3", "Column 4"]
    assert recognised(table.headings, ImportKind.PEOPLE) == {"email": 0}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "'quoted'", "O'Neil", "plain"])
def test_formulas_that_an_export_neutralised_come_back(cell: str) -> None:
    assert restored(neutral(cell)) == cell


def test_a_row_with_hundreds_of_columns_is_refused() -> None:
    with pytest.raises(NotATable, match="300 columns"):
        list(reading.read(b"a,b\n" + b"," * 400 + b"x\n").rows)
