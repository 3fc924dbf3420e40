"""Who coordinates an alliance and until when: dated terms, so that a successor is found."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.audit import audit
from app.alliances import mails
from app.alliances.models import Alliance, CoordinatorTerm, Membership, MembershipState
from app.foundation import clock, language, pagecontext
from app.foundation.db import db
from app.people.models import Person

A_YEAR = timedelta(days=365)
SOON = timedelta(days=60)
"""So long before its end a term is called to mind."""


class NotAMember(Exception):
    """Only members coordinate."""


class WrongDates(ValueError):
    """A term that ends before it begins, or is over already."""


def begin(membership: Membership, alliance: Alliance, since: date, until: date) -> CoordinatorTerm:
    """Let a member coordinate from a day until a day. Raises NotAMember, WrongDates."""
    if membership.state != MembershipState.ACTIVE:
        raise NotAMember
    if until < since or until < clock.today():
        raise WrongDates
    term = add(membership.person, alliance, since, until)
    person = membership.person
    with language.speaking(person.language):
        days = (pagecontext.long_date(since), pagecontext.long_date(until))
    mails.named(alliance, person, *days, term.id)
    return term


def add(person: Person, alliance: Alliance, since: date, until: date) -> CoordinatorTerm:
    term = CoordinatorTerm(
        alliance_id=alliance.id, person_id=person.id, since=since, until=until, person=person
    )
    db.add(term)
    db.flush()
    audit("alliances", "coordinator named", term.id, alliance=alliance.id, person=person.id)
    return term


def end(term: CoordinatorTerm) -> None:
    """End a term so that it does not hold today any more; one that has just begun goes."""
    yesterday = clock.today() - timedelta(days=1)
    if term.since > yesterday:
        db.delete(term)
    elif term.until is None or term.until > yesterday:
        term.until = yesterday
    else:
        return
    audit("alliances", "term ended", term.id, alliance=term.alliance_id, person=term.person_id)


def end_all(person_id: int, alliance_id: int | None = None) -> None:
    """End a person's terms, in one alliance or in all."""
    query = select(CoordinatorTerm).where(CoordinatorTerm.person_id == person_id)
    if alliance_id is not None:
        query = query.where(CoordinatorTerm.alliance_id == alliance_id)
    for term in db.scalars(query).all():
        end(term)


def ends_soon(term: CoordinatorTerm) -> bool:
    return term.until is not None and term.until - clock.today() <= SOON
