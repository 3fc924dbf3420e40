"""Staff see whom we do not e-mail and what came back, masked; they add, and never take away."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mail.bounces import News, note
from app.mail.models import BounceKind, Suppression, SuppressionReason
from app.mail.suppression import suppress
from app.people.models import Person
from tests.factories import AllianceFactory, PersonFactory, coordinator_of, staff_member
from tests.signing_in import post, sign_in
from tests.statements import count_statements

LIST = "/staff/mail/do-not-email"
BACK = "/staff/mail/came-back"
EVIL = "550 5.1.1 <script>alert(1)</script> =cmd()"


@pytest.fixture
def staff(db: Session, client: FlaskClient) -> Person:
    person = staff_member(name="Staff Member")
    sign_in(client, person)
    return person


def came_back(email: str, kind: BounceKind = BounceKind.SOFT, words: str = "552 full") -> None:
    note(News(email, kind, words, f"test:{email}:{words}"))


@pytest.mark.parametrize("page", [LIST, BACK])
def test_visitors_sign_in_first_and_others_are_refused(
    db: Session, client: FlaskClient, page: str
) -> None:
    assert client.get(page).status_code == 303
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get(page).status_code == 403
    assert client.get(f"{page}?format=csv").status_code == 403


def test_only_staff_add_and_look_up(db: Session, client: FlaskClient) -> None:
    assert client.post(LIST, data={"email": "a@example.org"}).status_code == 401
    answer = post(client, LIST, {"email": "a@example.org", "find": "y"}, person=PersonFactory())
    assert answer.status_code == 403
    assert list(db.scalars(select(Suppression))) == []


def test_addresses_are_shown_masked(db: Session, client: FlaskClient, staff: Person) -> None:
    suppress("maria@example.org", SuppressionReason.BOUNCED, "550 5.1.1 No such user")
    page = client.get("/staff/mail/do-not-email").text
    assert "m…@example.org" in page
    assert "maria@example.org" not in page
    assert "550 5.1.1 No such user" in page


def test_staff_add_an_address_and_twice_is_fine(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    for typed in ("Maria@Example.org", "maria@example.org"):
        answer = post(client, "/staff/mail/do-not-email", {"email": typed})
        assert answer.location == "/staff/mail/do-not-email?done=mail-address-added"
    [added] = db.scalars(select(Suppression)).all()
    assert (added.masked, added.reason) == ("m…@example.org", SuppressionReason.ASKED)


def test_a_wrong_address_is_named_and_kept(client: FlaskClient, staff: Person) -> None:
    answer = post(client, "/staff/mail/do-not-email", {"email": "maria at example"})
    assert answer.status_code == 422
    assert "maria at example" in answer.text


def test_servers_words_are_shown_without_addresses_and_without_effect(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    suppress("maria@example.org", SuppressionReason.BOUNCED, "550 Maria@Example.org: maria who?")
    suppress("ana@example.org", SuppressionReason.BOUNCED, EVIL)
    page = client.get(LIST).text
    assert "550 M…@Example.org: m… who?" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_the_list_says_why_and_is_narrowed_by_it(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    for nth, reason in enumerate(SuppressionReason):
        suppress(f"{nth}x@example.org", reason)
    page = client.get(LIST).text
    for words in (
        "There is no such address",
        "Our mail came back again and again",
        "They called our mail spam",
        "They asked us not to write",
    ):
        assert words in page
    narrowed = client.get(f"{LIST}?why=complained").text
    assert "2…@example.org" in narrowed
    assert "0…@example.org" not in narrowed
    assert client.get(f"{LIST}?why=nonsense").status_code == 200


def test_the_list_is_exported_masked_and_without_formulas(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    suppress("maria@example.org", SuppressionReason.BOUNCED, "=HYPERLINK(1)")
    lines = client.get(f"{LIST}?format=csv").text.splitlines()
    assert lines[0] == "\ufeffAddress,Why,What the server said,Since"
    assert lines[1].startswith("m…@example.org,There is no such address,'=HYPERLINK(1),")


def test_an_address_is_looked_up_whole_and_stays_out_of_the_page_address(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    suppress("maria@example.org", SuppressionReason.COMPLAINED)
    answer = post(client, LIST, {"email": " MARIA@example.org", "find": "y"})
    assert answer.status_code == 200
    assert "m…@example.org is on this list since" in answer.text
    assert "They called our mail spam." in answer.text
    answer = post(client, LIST, {"email": "mario@example.org", "find": "y"})
    assert "m…@example.org is not on this list." in answer.text
    assert 'value="mario@example.org"' in answer.text
    assert f'action="{LIST}"' in answer.text
    assert len(list(db.scalars(select(Suppression)))) == 1


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize("page", [LIST, BACK])
def test_the_lists_cost_the_same_for_any_number(
    db: Session, client: FlaskClient, staff: Person, number: int, page: str
) -> None:
    for nth in range(number):
        came_back(f"a{nth}@example.org", BounceKind.HARD)
    with count_statements() as statements:
        assert client.get(page).status_code == 200
    assert len(statements) <= 6


def test_what_came_back_is_listed_by_what_it_says(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    came_back("maria@example.org", BounceKind.BLOCKED, "550 5.7.1 maria@example.org is unwelcome")
    came_back("ana@example.org", BounceKind.SOFT, EVIL)
    page = client.get(BACK).text
    assert "We were refused, not the address" in page
    assert "550 5.7.1 m…@example.org is unwelcome" in page
    assert "<script>alert" not in page
    narrowed = client.get(f"{BACK}?what=soft").text
    assert "a…@example.org" in narrowed
    assert "m…@example.org" not in narrowed
    assert "Could not be delivered this time" in client.get(f"{BACK}?format=csv").text


def test_the_lists_are_reached_from_the_overview(client: FlaskClient, staff: Person) -> None:
    page = client.get("/staff/mail").text
    assert f'href="{LIST}"' in page
    assert f'href="{BACK}"' in page


def test_an_empty_list_says_what_will_be_there(client: FlaskClient, staff: Person) -> None:
    assert "Nothing came back" in client.get(BACK).text


def test_no_page_takes_an_address_off_the_list(
    db: Session, client: FlaskClient, staff: Person
) -> None:
    suppress("maria@example.org", SuppressionReason.ASKED)
    for act in (f"{LIST}/lift", f"{LIST}/delete", f"{LIST}/find"):
        assert post(client, act, {"email": "maria@example.org"}).status_code == 404
    assert client.delete(LIST).status_code == 405
