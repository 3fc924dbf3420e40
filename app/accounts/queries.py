"""Reads of accounts that deserve a name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import NationalRole, Role
from app.foundation import clock, text
from app.foundation.db import db
from app.foundation.policy import viewer
from app.people.models import Address, Person, Standing
from app.people.queries import people_at


def myself() -> Person:
    """The signed-in person with their address."""
    return db.scalars(
        select(Person).options(joinedload(Person.address)).where(Person.id == viewer.person_id)
    ).one()


def address_of(email: str) -> Address | None:
    """The address of an e-mail as typed, if we have it."""
    canonical = text.canonical_email(email)
    return db.scalars(select(Address).where(Address.email == canonical)).first()


def only_person_at(email: str) -> Person | None:
    """Whoever has this address to themselves, among those who confirmed."""
    address = address_of(email)
    people = people_at(address.id, Standing.ACTIVE) if address else ()
    return people[0] if len(people) == 1 else None


def is_known(canonical_email: str) -> bool:
    """Whether anybody has this address."""
    return bool(
        db.scalar(
            select(
                exists().where(Address.email == canonical_email, Person.address_id == Address.id)
            )
        )
    )


def staff() -> Sequence[Person]:
    """Today's national staff with their addresses."""
    today = clock.today()
    return db.scalars(
        select(Person)
        .where(
            Person.standing == Standing.ACTIVE,
            Person.id.in_(
                select(NationalRole.person_id).where(
                    NationalRole.role == Role.STAFF,
                    NationalRole.since <= today,
                    or_(NationalRole.until.is_(None), NationalRole.until >= today),
                )
            ),
        )
        .order_by(Person.id)
        .options(joinedload(Person.address))
    ).all()
