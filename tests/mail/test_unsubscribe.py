"""Unsubscribing by a mail's link: opening it changes nothing, and it opens nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation import tokens
from app.mail import engine, letters
from app.people.models import Consent, Person, Purpose, Unsubscription
from tests.factories import PersonFactory
from tests.mail.kinds import circular, reasons
from tests.signing_in import post, sign_in

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def person(db: Session) -> Person:
    return PersonFactory()


@pytest.fixture
def link(person: Person) -> str:
    """The path of the person's link in a digest."""
    return letters.unsubscribe_url(person.id, Purpose.DIGEST, 7).removeprefix("http://localhost")


def unwanted(session: Session, person: Person) -> set[Purpose]:
    rows = select(Unsubscription.purpose).where(Unsubscription.person_id == person.id)
    return set(session.scalars(rows))


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(
    db: Session, client: FlaskClient, person: Person, link: str, method: str
) -> None:
    answer = getattr(client, method)(link)
    assert answer.status_code == 200
    assert unwanted(db, person) == set()


def test_the_page_asks_with_one_button_and_names_nobody(
    client: FlaskClient, person: Person, link: str
) -> None:
    page = client.get(link).text
    main = page[page.index("<main") : page.index("</main>")]
    assert len(re.findall("<button", main)) == 1
    assert "the digest" in main
    assert person.name not in page
    assert "@example.org" not in main


def test_the_button_unsubscribes_from_this_purpose_only(
    db: Session, client: FlaskClient, person: Person, link: str
) -> None:
    answer = client.post(link)
    assert answer.status_code == 200
    assert "You are unsubscribed" in answer.text
    assert unwanted(db, person) == {Purpose.DIGEST}
    [logged] = db.scalars(select(Consent).where(Consent.person_id == person.id))
    assert (logged.given, logged.purpose) == (False, Purpose.DIGEST)
    assert (logged.channel, logged.scope) == ("link in a mail", "mailing 7")


def test_a_mail_program_unsubscribes_with_one_click(
    db: Session, client: FlaskClient, person: Person, link: str
) -> None:
    """RFC 8058: without cookie, token, origin or redirect."""
    answer = client.post(link, data=ONE_CLICK)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert unwanted(db, person) == {Purpose.DIGEST}
    [logged] = db.scalars(select(Consent).where(Consent.person_id == person.id))
    assert logged.channel == "one click in a mail program"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://mail.example.net"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_one_click_comes_from_wherever_mail_is_read(
    db: Session, client: FlaskClient, person: Person, link: str, headers: dict[str, str]
) -> None:
    assert client.post(link, data=ONE_CLICK, headers=headers).status_code == 200
    assert unwanted(db, person) == {Purpose.DIGEST}


def test_multipart_one_click_works_too(
    db: Session, client: FlaskClient, person: Person, link: str
) -> None:
    assert client.post(link, data=ONE_CLICK, content_type="multipart/form-data").status_code == 200
    assert unwanted(db, person) == {Purpose.DIGEST}


def test_twice_is_fine(db: Session, client: FlaskClient, person: Person, link: str) -> None:
    client.post(link, data=ONE_CLICK)
    assert client.post(link, data=ONE_CLICK).status_code == 200
    assert unwanted(db, person) == {Purpose.DIGEST}
    assert len(db.scalars(select(Consent).where(Consent.person_id == person.id)).all()) == 1


def test_it_works_signed_in_as_somebody_else(
    db: Session, client: FlaskClient, person: Person, link: str
) -> None:
    """Of two people at one address, the link's person is meant, whoever is signed in."""
    other = PersonFactory()
    sign_in(client, other)
    assert post(client, link).status_code == 200
    assert unwanted(db, person) == {Purpose.DIGEST}
    assert unwanted(db, other) == set()


def cut(token: str) -> str:
    return token[:-1]


def of_somebody_else(token: str) -> str:
    number, _, rest = token.partition(".")
    return f"{int(number, 16) + 1:x}.{rest}"


def for_preferences(_token: str) -> str:
    return tokens.sign("preferences", 1)


def for_account_mail(_token: str) -> str:
    return tokens.sign("unsubscribe", 1, 0, 0)


def of_nobody(_token: str) -> str:
    return tokens.sign("unsubscribe", 10**9, 1, 0)


def for_no_purpose(_token: str) -> str:
    return tokens.sign("unsubscribe", 1, 99, 0)


@pytest.mark.parametrize(
    "change",
    [cut, of_somebody_else, for_preferences, for_account_mail, of_nobody, for_no_purpose],
)
def test_an_unknown_link_is_a_clear_page_and_changes_nothing(
    db: Session, client: FlaskClient, person: Person, link: str, change: Callable[[str], str]
) -> None:
    path = f"/unsubscribe/{change(link.rpartition('/')[2])}"
    for answer in (client.get(path), client.post(path, data=ONE_CLICK)):
        assert answer.status_code == 404
        assert "We do not know this link" in answer.text
    assert db.scalars(select(Unsubscription)).all() == []


def test_the_token_opens_no_preferences(client: FlaskClient, link: str) -> None:
    token = link.rpartition("/")[2]
    assert client.get(f"/preferences/{token}").status_code == 404


def test_the_link_is_short_and_speaks_the_readers_language(db: Session, person: Person) -> None:
    spanish = letters.unsubscribe_url(person.id, Purpose.DIGEST, 7, "es")
    assert spanish.startswith("http://localhost/es/unsubscribe/")
    assert len(spanish) < 75


def test_a_spanish_page_is_spanish_throughout(client: FlaskClient, link: str) -> None:
    assert 'lang="es"' in client.get(f"/es{link}").text


def test_whoever_unsubscribes_by_a_link_gets_no_copy(
    db: Session, client: FlaskClient, person: Person, link: str
) -> None:
    mailing = circular()
    engine.sweep()
    client.post(link, data=ONE_CLICK)
    engine.work()
    assert reasons(mailing) == {"unsubscribed": 1}
