"""The mails of imports: whether we may write to somebody, and what staff decided about a list."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import Select, exists, func, literal, select

from app.alliances.models import Alliance
from app.alliances.queries import coordinators
from app.foundation import clock, links, tokens
from app.foundation.db import db
from app.mail import outbox
from app.mail.models import Message, Suppression
from app.mail.outbox import Notice
from app.moving.models import ImportRow, ImportRun, Outcome
from app.people.models import Address, Consent, Person, Standing

PURPOSE = "permission"
AT_ONCE = 200


def ask_some(run: ImportRun) -> int:
    """Write to the next of an import who may not be written to; how many. Each address once."""
    found = db.execute(_to_ask(run).order_by(Person.id).limit(AT_ONCE)).all()
    for person, address in found:
        _ask(person, address)
    return len(found)


def count_to_ask(run: ImportRun) -> int:
    """How many mails would go to people of an import: one to each address."""
    return db.scalar(_to_ask(run).with_only_columns(func.count(Address.id.distinct()))) or 0


def _to_ask(run: ImportRun) -> Select[Person, Address]:
    """New people whose address nobody confirmed, nobody stopped, and whom we never asked."""
    asked = exists().where(Message.once == literal(f"{PURPOSE}:") + Address.digest)
    stopped = exists().where(Suppression.digest == Address.digest)
    answered = exists().where(Consent.person_id == Person.id)
    return (
        select(Person, Address)
        .join(Address, Address.id == Person.address_id)
        .join(ImportRow, ImportRow.person_id == Person.id)
        .where(
            ImportRow.run_id == run.id,
            ImportRow.outcome == Outcome.NEW,
            Address.confirmed_at.is_(None),
            Person.standing == Standing.ACTIVE,
            ~asked,
            ~stopped,
            ~answered,
        )
    )


def _ask(person: Person, address: Address) -> None:
    link = links.absolute(
        "moving.permission", language=person.language, token=tokens.sign(PURPOSE, person.id)
    )
    subject, text, html = outbox.render(
        "moving/permission",
        to_language=person.language,
        name=person.name,
        link=link,
        privacy=current_app.config["PRIVACY_CONTACT"],
    )
    notice = Notice("moving/permission", subject, text, html, person_id=person.id)
    outbox.post(address, notice, once=f"{PURPOSE}:{address.digest}")


def answered(run: ImportRun) -> None:
    """To the coordinators whose list it is: staff imported it, or did not and say why."""
    alliance = db.get(Alliance, run.alliance_id) if run.alliance_id else None
    if alliance is None:
        return
    for person in coordinators(alliance.id):
        if person.address is not None:
            _answer(run, alliance, person, person.address)


def _answer(run: ImportRun, alliance: Alliance, person: Person, address: Address) -> None:
    link = links.absolute(
        "moving.own_list", language=person.language, alliance=alliance.slug, run_id=run.id
    )
    kind = "moving/import_answered"
    parts = outbox.render(
        kind, to_language=person.language, name=person.name, run=run, alliance=alliance, link=link
    )
    once = f"import-answered:{run.id}:{clock.now():%Y%m%dT%H%M%S}:{person.id}"
    outbox.post(address, Notice(kind, *parts, person_id=person.id), once=once)


def person_of(token: str) -> Person | None:
    """Whom a link of this mail belongs to; None for any other link, or who is gone."""
    ids = tokens.read(PURPOSE, token)
    person = db.get(Person, ids[0]) if ids and len(ids) == 1 else None
    return person if person is not None and person.standing == Standing.ACTIVE else None
