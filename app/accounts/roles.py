"""National roles: granted and ended by day; one administrator without an end always remains."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Select, or_, select

from app.accounts.audit import audit
from app.accounts.models import NationalRole, Role
from app.foundation import clock, text
from app.foundation.db import db
from app.people.models import Address, Person, Standing


class LastAdministrator(Exception):
    """Nobody would be left to grant roles."""


class NobodyThere(LookupError):
    """No confirmed person has this address."""


class SeveralThere(LookupError):
    """Several people share this address, and the name fits none or more than one."""


def all_roles() -> Select[NationalRole, Person]:
    """Every national role ever granted, with its person."""
    return select(NationalRole, Person).join(Person, Person.id == NationalRole.person_id)


def confirmed_person(email: str, name: str = "") -> Person:
    """Who is meant by an address and, where several share it, a name."""
    return person_at(email, name, Standing.ACTIVE)


def person_at(email: str, name: str, standing: Standing) -> Person:
    """The same for people of any standing; raises NobodyThere, SeveralThere."""
    people = db.scalars(
        select(Person)
        .join(Address, Address.id == Person.address_id)
        .where(Address.email == text.canonical_email(email), Person.standing == standing)
        .order_by(Person.id)
    ).all()
    if not people:
        raise NobodyThere(email)
    if len(people) > 1:
        people = [person for person in people if text.folded(person.name) == text.folded(name)]
    if len(people) != 1:
        raise SeveralThere(email)
    return people[0]


def grant(
    person: Person, role: Role, *, since: date, until: date | None, by: int | None
) -> NationalRole:
    """Give a person a role from a day until a day."""
    granted = NationalRole(
        person_id=person.id, role=role, since=since, until=until, granted_by_id=by
    )
    db.add(granted)
    db.flush()
    audit("accounts", "role granted", person.id, role=role.value)
    return granted


def end(role: NationalRole) -> None:
    """Take a role away at once; raises LastAdministrator."""
    if role.role == Role.ADMIN:
        refuse_last_administrator(role.person_id)
    yesterday = clock.today() - timedelta(days=1)
    if role.since > yesterday:
        db.delete(role)
    else:
        role.until = yesterday
    audit("accounts", "role ended", role.person_id, role=role.role.value)


def refuse_last_administrator(leaving_id: int) -> None:
    """Raise LastAdministrator if nobody else is one, today and without an end.

    The rows are locked, so that two administrators cannot end each other at once.
    """
    admins = db.scalars(_lasting_administrators().with_for_update(of=NationalRole))
    if set(admins) <= {leaving_id}:
        raise LastAdministrator


def has_administrator() -> bool:
    """Whether anybody is one, today and without an end."""
    return db.scalars(_lasting_administrators()).first() is not None


def _lasting_administrators() -> Select[int]:
    return (
        select(NationalRole.person_id)
        .join(Person, Person.id == NationalRole.person_id)
        .where(
            NationalRole.role == Role.ADMIN,
            NationalRole.since <= clock.today(),
            NationalRole.until.is_(None),
            Person.standing == Standing.ACTIVE,
        )
    )


def is_administrator(person_id: int) -> bool:
    today = clock.today()
    held = select(NationalRole.id).where(
        NationalRole.person_id == person_id,
        NationalRole.role == Role.ADMIN,
        NationalRole.since <= today,
        or_(NationalRole.until.is_(None), NationalRole.until >= today),
    )
    return db.scalars(held).first() is not None
