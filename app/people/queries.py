"""Reads of people that deserve a name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, select

from app.foundation.db import db
from app.people.models import Consent, Disclosure, Person, Purpose, Standing, Unsubscription

SHOWN = 20


def disclosures_of(person_id: int) -> Sequence[Disclosure]:
    """Who opened a person's details, the latest first: their role, what they saw, and when."""
    return db.scalars(
        select(Disclosure)
        .where(Disclosure.person_id == person_id)
        .order_by(Disclosure.at.desc(), Disclosure.id.desc())
        .limit(SHOWN)
    ).all()


def consents_of(person_id: int) -> Select[Consent]:
    """A person's log of what they agreed to and took back."""
    return select(Consent).where(Consent.person_id == person_id)


def unwanted_by(person_id: int) -> frozenset[Purpose]:
    """What a person does not want mail for."""
    return frozenset(
        db.scalars(select(Unsubscription.purpose).where(Unsubscription.person_id == person_id))
    )


def people_at(address_id: int, *standings: Standing) -> Sequence[Person]:
    """Who shares an address, of these standings."""
    found = db.scalars(_AT_ADDRESS, {"address_id": address_id})
    return [person for person in found if person.standing in standings]


_AT_ADDRESS = select(Person).where(Person.address_id == bindparam("address_id")).order_by(Person.id)
