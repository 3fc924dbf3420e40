"""Every mail of accounts word for word. `WRITE_SNAPSHOTS=1 make test T=…` writes them anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import mails
from app.accounts.links import IssuedLink
from app.mail.models import Message
from app.people.models import Address, Person
from tests.factories import PersonFactory

SNAPSHOTS = Path(__file__).parent / "snapshots"
ISSUED = IssuedLink(secret="secret-of-the-link", code="123456")
Send = Callable[[Address, Person], None]

SENT: dict[str, Send] = {
    "confirm": lambda a, p: mails.confirm(a, p, ISSUED, shared=False),
    "confirm_shared": lambda a, p: mails.confirm(a, p, ISSUED, shared=True),
    "reminder": lambda a, p: mails.remind(a, p, ISSUED),
    "already_member": lambda a, p: mails.already_member(a, p, ISSUED),
    "sign_in": lambda a, p: mails.sign_in(a, p, ISSUED),
    "change_address": lambda a, p: mails.change_address(a, p, ISSUED),
    "address_changed": mails.address_changed,
    "password_changed": mails.password_changed,
    "closed": mails.closed,
}


def parts(message: Message) -> dict[str, str]:
    return {
        "subject.txt": message.subject + "\n",
        "txt": message.text,
        "html": message.html.rstrip("\n") + "\n",
    }


@pytest.fixture
def person(db: Session) -> Person:
    ana: Person = PersonFactory(name="Ana <b>& Co</b>", address__email="ana@example.org")
    return ana


@pytest.mark.parametrize("kind", SENT)
def test_the_mail_reads_as_it_was_agreed(db: Session, person: Person, kind: str) -> None:
    SENT[kind](person.address, person)  # type: ignore[arg-type]
    message = db.scalars(select(Message)).one()

    assert message.kind == f"accounts/{kind}"
    assert message.person_id == person.id
    for part, text in parts(message).items():
        file = SNAPSHOTS / f"{kind}.{part}"
        if os.environ.get("WRITE_SNAPSHOTS"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        assert text == file.read_text()


@pytest.mark.parametrize("kind", SENT)
def test_what_somebody_called_themselves_is_not_markup(
    db: Session, person: Person, kind: str
) -> None:
    SENT[kind](person.address, person)  # type: ignore[arg-type]

    assert "<b>" not in db.scalars(select(Message.html)).one()


def test_the_link_is_in_the_language_of_the_person(db: Session, person: Person) -> None:
    person.language = "es"
    mails.sign_in(person.address, person, ISSUED)  # type: ignore[arg-type]

    message = db.scalars(select(Message)).one()
    assert "http://localhost/es/confirm/secret-of-the-link" in message.text
    assert '<html lang="es">' in message.html
