"""Who of a file is here already, and what a row may add to them: only what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.alliances.models import Membership, MembershipState
from app.foundation import text
from app.foundation.among import among
from app.foundation.db import db
from app.moving.judging import Facts
from app.people.models import Address, Person, Standing


@dataclass(frozen=True)
class Match:
    """A person whom a row means."""

    person_id: int
    has_phone: bool
    has_place: bool
    time_zone: str
    alliances: frozenset[int]

    def changes(self, facts: Facts, alliance_id: int | None) -> tuple[str, ...]:
        """What the row adds. It takes nothing away, overwrites nothing, and asks for no mail."""
        added = []
        if facts.phone and not self.has_phone:
            added.append("phone")
        if facts.place is not None and not self.has_place:
            added.append("place")
        if alliance_id is not None and alliance_id not in self.alliances:
            added.append("alliance")
        if facts.unsubscribed or facts.stop:
            added.append("stop")
        return tuple(added)


def matches(told: Sequence[Facts]) -> Mapping[str, Match]:
    """The persons whom these rows mean, by the rows' keys; erased ones are nobody's."""
    emails = {facts.email for facts in told if facts.email}
    numbers = {facts.phone for facts in told if facts.phone and not facts.email}
    at_address = select(Person, Address.email).join(Address)
    by_email = _people(at_address.where(among(Address.email, emails)))
    by_phone = _people(select(Person, Person.phone).where(among(Person.phone, numbers)))
    known = (*by_email.values(), *by_phone.values())
    members = _memberships({person.id for people in known for person in people})
    found = {}
    for facts in told:
        people = by_email.get(facts.email, ()) if facts.email else by_phone.get(facts.phone, ())
        person = _same(people, facts)
        if person is not None:
            joined = members.get(person.id, frozenset())
            found[facts.key] = Match(
                person.id, bool(person.phone), person.zip is not None, person.time_zone, joined
            )
    return found


def _people(query: object) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    rows = db.execute(query.where(Person.standing != Standing.ERASED).order_by(Person.id))  # type: ignore[attr-defined]
    for person, key in rows:
        found.setdefault(key, []).append(person)
    return found


def _same(people: Sequence[Person], facts: Facts) -> Person | None:
    """The person of this name; where the file knows no name, the first at the address."""
    name = text.folded(facts.name)
    unnamed = facts.email and name == facts.email.partition("@")[0]
    for person in people:
        if unnamed or text.folded(person.name) == name:
            return person
    return None


def _memberships(people: set[int]) -> Mapping[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    rows = db.execute(
        select(Membership.person_id, Membership.alliance_id).where(
            among(Membership.person_id, people), Membership.state != MembershipState.PENDING
        )
    )
    for person_id, alliance_id in rows:
        found.setdefault(person_id, set()).add(alliance_id)
    return {person: frozenset(alliances) for person, alliances in found.items()}
