"""Finding and creating people and addresses, their consents, and what they do not want."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import Insert, bindparam, delete, insert, literal, select, union_all
from sqlalchemy.sql.dml import ReturningInsert

from app.foundation import clock, geo, text, tokens
from app.foundation.db import BigKey, UTCDateTime, built_once, db, table_of, upsert
from app.people import queries
from app.people.models import (
    Address,
    Consent,
    Disclosure,
    Person,
    Purpose,
    Standing,
    Unsubscription,
)

NOT_ASKED = (Purpose.DIGEST, Purpose.ANNOUNCEMENTS)
"""What a visitor who only came to one event has not agreed to."""
NOTED_FOR = timedelta(days=1)
"""So long somebody who opens a list again is not noted once more."""


@dataclass(frozen=True)
class Agreement:
    """What somebody agreed to (or took back): the purpose, and the words they saw."""

    purpose: Purpose
    wording: str
    channel: str
    scope: str = ""


def address_for(email: str) -> Address:
    """The address of this e-mail, in its one canonical form; made if it is new.

    Its row is locked, so that a form sent twice finds the person whom the first made.
    """
    address, _is_new = _locked(email)
    return address


def who_is(email: str, name: str) -> tuple[Address, Person | None]:
    """The address of an e-mail, as `address_for` gives it, and the person whom this name means at
    an address that several may share. At one that is new there is nobody to look for.
    """
    address, is_new = _locked(email)
    return address, None if is_new else _namesake(address, name)


def _locked(email: str) -> tuple[Address, bool]:
    """The address, and whether it is new; most are, and take one statement."""
    canonical = text.canonical_email(email)
    values = {
        "email": canonical,
        "digest": address_digest(canonical),
        "created_at": clock.now(),
    }
    new = db.scalars(_new_address(), values).first()
    return (new, True) if new else (db.scalars(_known_address(), values).one(), False)


@built_once
def _new_address() -> ReturningInsert[Address]:
    new = upsert(Address).on_conflict_do_nothing(index_elements=[Address.email])
    return new.returning(Address)


@built_once
def _known_address() -> ReturningInsert[Address]:
    """Locks the row; made anew if somebody deleted it meanwhile."""
    known = upsert(Address)
    return known.on_conflict_do_update(
        index_elements=[Address.email], set_={"email": known.excluded.email}
    ).returning(Address)


def _namesake(address: Address, name: str) -> Person | None:
    for person in queries.people_at(address.id, *Standing):
        if text.folded(person.name) == text.folded(name):
            return person
    return None


def address_digest(canonical: str) -> str:
    """What a suppression keeps of an address, also after it was erased."""
    return tokens.keyed_digest("address", canonical)


def new_visitor(name: str, address: Address, place: geo.Place | None, language: str) -> Person:
    """Somebody new, whom only their mail can confirm.

    They have agreed to nothing but mail about what they signed up for.
    """
    return new_person(name, address, place, language, unwanted=NOT_ASKED)


def new_person(
    name: str,
    address: Address,
    place: geo.Place | None,
    language: str,
    *,
    unwanted: Iterable[Purpose] = (),
) -> Person:
    """Somebody whose address is still to be confirmed."""
    person = Person(
        name=name,
        address_id=address.id,
        language=language,
        standing=Standing.UNCONFIRMED,
        created_at=clock.now(),
    )
    if place is not None:
        settle(person, place)
    db.add(person)
    db.flush()
    _note_unwanted(person, unwanted)
    return person


def set_unwanted(person: Person, purposes: Iterable[Purpose]) -> None:
    """What somebody who has not agreed to anything yet does not want."""
    db.execute(delete(Unsubscription).where(Unsubscription.person_id == person.id))
    _note_unwanted(person, purposes)


def _note_unwanted(person: Person, purposes: Iterable[Purpose]) -> None:
    unwanted = tuple(purposes)
    if unwanted:
        db.execute(_unwanted(unwanted), {"person_id": person.id, "now": clock.now()})


@cache
def _unwanted(purposes: tuple[Purpose, ...]) -> Insert:
    """Built once for what is usual, in one statement whatever the number."""
    table = table_of(Unsubscription)
    person, now = bindparam("person_id", type_=BigKey), bindparam("now", type_=UTCDateTime)
    rows = [select(person, literal(each, table.c.purpose.type), now) for each in purposes]
    return insert(table).from_select(["person_id", "purpose", "at"], union_all(*rows))


def settle(person: Person, place: geo.Place) -> None:
    """Say where a person lives, which also gives their time zone."""
    person.zip = place.zip
    person.city = place.city
    person.state = place.state
    person.latitude = place.latitude
    person.longitude = place.longitude
    person.time_zone = place.time_zone


def agree(person: Person, agreement: Agreement) -> None:
    """Record a consent and lift the person's own unsubscription for its purpose."""
    _log(person.id, agreement, given=True)
    db.execute(
        delete(Unsubscription).where(
            Unsubscription.person_id == person.id, Unsubscription.purpose == agreement.purpose
        )
    )


def note_consent(person_id: int, agreement: Agreement) -> None:
    """Record a consent to something that is no mail."""
    _log(person_id, agreement, given=True)


def unsubscribe(person_id: int, agreement: Agreement) -> None:
    """Take back a consent: no more mail for its purpose. Doing it twice changes nothing."""
    row = db.execute(
        upsert(Unsubscription)
        .values(person_id=person_id, purpose=agreement.purpose, at=clock.now())
        .on_conflict_do_nothing()
        .returning(Unsubscription.person_id)
    ).first()
    if row is not None:
        _log(person_id, agreement, given=False)


def disclose(person_id: int, *, to: int | None, role: str, what: str) -> None:
    """Note that somebody opened a person's details; the person sees it on their page."""
    db.add(Disclosure(person_id=person_id, viewer_id=to, role=role, what=what, at=clock.now()))


def disclose_each(person_ids: Collection[int], *, to: int, role: str, what: str) -> None:
    """The same for a list of people that a page shows: for each of them once a day at most."""
    now = clock.now()
    noted = select(Disclosure.id).where(
        Disclosure.person_id == Person.id,
        Disclosure.viewer_id == to,
        Disclosure.role == role,
        Disclosure.what == what,
        Disclosure.at > now - NOTED_FOR,
    )
    rows = select(
        Person.id, literal(to), literal(role), literal(what), literal(now, Disclosure.at.type)
    ).where(Person.id.in_(person_ids), ~noted.exists())
    names = ["person_id", "viewer_id", "role", "what", "at"]
    db.execute(insert(Disclosure).from_select(names, rows))


def _log(person_id: int, agreement: Agreement, *, given: bool) -> None:
    db.add(
        Consent(
            person_id=person_id,
            purpose=agreement.purpose,
            given=given,
            scope=agreement.scope,
            wording=agreement.wording,
            channel=agreement.channel,
            at=clock.now(),
        )
    )
