"""My own record: name, place, address, password, and what ends when they change."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import links, passwords
from app.accounts.models import LinkKind, SignInSession
from app.foundation.web import Whereas
from app.people.models import Address, Person
from app.people.queries import people_at
from tests.accounts.conftest import PASSWORD, Inbox
from tests.factories import ConsentFactory, PersonFactory
from tests.signing_in import post, sign_in
from tests.statements import count_statements


@pytest.fixture
def ana(client: FlaskClient, db: Session) -> Person:
    """Somebody who is signed in, freshly."""
    person: Person = PersonFactory(name="Ana", address__email="ana@example.org")
    sign_in(client, person)
    return person


@pytest.fixture
def elsewhere(app: Whereas, ana: Person) -> FlaskClient:
    """Another device of the same person."""
    client = app.test_client()
    sign_in(client, ana)
    return client


def address_of(db: Session, person: Person) -> Address:
    db.expire_all()
    return db.get_one(Address, person.address_id)


def test_name_and_place_are_changed(client: FlaskClient, db: Session, ana: Person) -> None:
    answer = post(
        client, "/me/settings", {"name": " Anna ", "place": "Los Angeles, CA", "discreet": "y"}
    )

    assert answer.location == "/me/settings?done=settings-saved"
    db.refresh(ana)
    assert (ana.name, ana.city, ana.time_zone) == ("Anna", "Los Angeles", "America/Los_Angeles")
    assert ana.discreet is True


def test_a_wrong_place_keeps_what_was_typed(client: FlaskClient, db: Session, ana: Person) -> None:
    answer = post(client, "/me/settings", {"name": "Anna", "place": "99999"})

    assert answer.status_code == 422
    assert 'value="Anna"' in answer.text
    db.refresh(ana)
    assert (ana.name, ana.zip) == ("Ana", "43215")


def test_an_unchanged_unknown_zip_code_can_be_saved(
    client: FlaskClient, db: Session, ana: Person
) -> None:
    ana.zip = "99999"
    page = client.get("/me/settings").text
    assert 'value="99999 Columbus, OH"' in page

    answer = post(client, "/me/settings", {"name": "Ana", "place": "99999 Columbus, OH"})

    assert answer.status_code == 303


def test_a_form_without_its_token_is_refused(client: FlaskClient, ana: Person) -> None:
    assert client.post("/me/settings", data={"name": "Mallory"}).status_code == 403


def test_a_password_needs_ten_characters(client: FlaskClient, ana: Person) -> None:
    answer = post(client, "/me/password", {"password": "short"})

    assert answer.status_code == 422
    assert "Please use at least 10 characters." in answer.text
    assert not passwords.has_password(ana.id)


def test_a_new_password_ends_other_sessions_and_pending_links_and_is_told(
    client: FlaskClient, elsewhere: FlaskClient, db: Session, inbox: Inbox, ana: Person
) -> None:
    own = links.issue(LinkKind.SIGN_IN, address=ana.address, person=ana)
    shared = links.issue(LinkKind.SIGN_IN, address=ana.address)

    answer = post(client, "/me/password", {"password": PASSWORD})

    assert answer.location == "/me/settings?done=password-set"
    assert passwords.fits(ana.id, PASSWORD)
    assert client.get("/me/settings").status_code == 200
    assert elsewhere.get("/me/settings").status_code == 303
    assert [client.get(f"/confirm/{link.secret}").status_code for link in (own, shared)] == [
        410
    ] * 2
    assert inbox.kinds() == ["password_changed"]


def test_a_new_address_is_used_only_after_its_link(
    client: FlaskClient, db: Session, inbox: Inbox, ana: Person
) -> None:
    answer = post(client, "/me/address", {"email": "new@example.org"})

    assert "Check your inbox" in answer.text
    assert [(mail.kind, mail.email) for mail in inbox.all()] == [
        ("change_address", "new@example.org")
    ]
    assert address_of(db, ana).email == "ana@example.org"


def test_the_link_changes_the_address_tells_the_old_one_and_ends_the_rest(
    client: FlaskClient, elsewhere: FlaskClient, db: Session, inbox: Inbox, ana: Person
) -> None:
    pending = links.issue(LinkKind.SIGN_IN, address=ana.address)
    post(client, "/me/address", {"email": "new@example.org"})

    answer = post(client, inbox.last().link)

    assert answer.location == "/me?done=address-changed"
    assert [(mail.kind, mail.email) for mail in inbox.all()][1:] == [
        ("address_changed", "ana@example.org")
    ]
    assert address_of(db, ana).email == "new@example.org"
    assert address_of(db, ana).confirmed_at is not None
    assert client.get("/me/settings").status_code == 200
    assert elsewhere.get("/me/settings").status_code == 303
    assert client.get(f"/confirm/{pending.secret}").status_code == 410
    assert len(db.scalars(select(SignInSession)).all()) == 1


def test_the_answer_does_not_tell_whether_a_new_address_is_known(
    client: FlaskClient, ana: Person
) -> None:
    PersonFactory(address__email="known@example.org")

    known = post(client, "/me/address", {"email": "known@example.org"})
    unknown = post(client, "/me/address", {"email": "other@example.org"})

    assert known.text.replace("known@", "other@") == unknown.text


def test_moving_to_somebody_elses_address_shares_it(
    client: FlaskClient, db: Session, inbox: Inbox, ana: Person
) -> None:
    ben = PersonFactory(name="Ben", address__email="ben@example.org")
    post(client, "/me/address", {"email": "ben@example.org"})

    post(client, inbox.last().link)

    db.expire_all()
    assert {one.name for one in people_at(ben.address_id, "active")} == {"Ana", "Ben"}


@pytest.mark.parametrize("url", ["/me/address", "/me/password", "/me/delete", "/me/data.json"])
def test_delicate_pages_ask_for_proof(client: FlaskClient, ana: Person, url: str) -> None:
    sign_in(client, ana, fresh=False)

    assert client.get(url).location == f"/reauthenticate?next={url}"


def test_the_log_of_consents_takes_as_many_statements_with_thirty_lines(
    client: FlaskClient, ana: Person
) -> None:
    ConsentFactory(person=ana)
    with count_statements() as one:
        client.get("/me/consents")
    ConsentFactory.create_batch(29, person=ana)
    with count_statements() as thirty:
        page = client.get("/me/consents").text

    assert page.count("<tr") == 31
    assert len(one) == len(thirty)


def test_the_log_shows_only_my_own_lines(client: FlaskClient, ana: Person) -> None:
    ConsentFactory(person=PersonFactory(), wording="not mine")

    assert "not mine" not in client.get("/me/consents").text


def test_pages_of_a_signed_in_person_are_not_stored(client: FlaskClient, ana: Person) -> None:
    assert client.get("/me/settings").headers["Cache-Control"] == "no-store"
