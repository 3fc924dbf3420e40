"""Reads of alliances that deserve a name; each is one statement whatever the number of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.alliances.hand_over_models import HandOver
from app.alliances.models import (
    PUBLIC,
    Alliance,
    CoordinatorTerm,
    Invitation,
    Joining,
    LifeCycle,
    Membership,
    MembershipState,
)
from app.foundation import clock, tokens
from app.foundation.db import db
from app.foundation.policy import LedAlliance
from app.people.models import Address, Person, Standing

SHOWN = (
    MembershipState.ASKED,
    MembershipState.ACTIVE,
    MembershipState.LEFT,
    MembershipState.REFUSED,
)
"""What a coordinator sees; who has not confirmed an address is nobody's business yet."""

OFFERED = 20
"""So many members a choice of a successor names at once; a search finds the others."""


@dataclass(frozen=True)
class Seen:
    """An alliance as one viewer sees it: its size, its leaders' number, the viewer's own state."""

    alliance: Alliance
    members: int
    coordinators: int
    own: MembershipState | None


def serves(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """A coordinator's term that holds on a day."""
    return and_(
        CoordinatorTerm.since <= today,
        or_(CoordinatorTerm.until.is_(None), CoordinatorTerm.until >= today),
    )


def alliances_led_by(person_id: int) -> Sequence[LedAlliance]:
    """The alliances whose coordinator the person is today."""
    rows = db.execute(
        select(Alliance.id, Alliance.slug, Alliance.name)
        .join(CoordinatorTerm)
        .where(CoordinatorTerm.person_id == person_id, serves(clock.today()))
        .order_by(Alliance.name)
        .distinct()
    )
    return [LedAlliance(*row) for row in rows]


def with_alliances_led(
    query: Select[Any], person_id: ColumnElement[int], today: ColumnElement[date]
) -> Select[Any]:
    """A query of a person, with number, slug and name of each alliance that they lead."""
    return (
        query.outerjoin(
            CoordinatorTerm, and_(CoordinatorTerm.person_id == person_id, serves(today))
        )
        .outerjoin(Alliance, Alliance.id == CoordinatorTerm.alliance_id)
        .add_columns(Alliance.id, Alliance.slug, Alliance.name)
        .order_by(Alliance.name)
    )


def public() -> Select[Alliance]:
    """The alliances that everybody may see."""
    return select(Alliance).where(Alliance.life_cycle.in_(PUBLIC))


def numbers_by_state() -> Mapping[str, int]:
    """How many public alliances each state has."""
    rows = db.execute(
        select(Alliance.state, func.count())
        .where(Alliance.life_cycle.in_(PUBLIC))
        .group_by(Alliance.state)
    )
    return dict(rows.all())


def seen(slug: str, person_id: int | None) -> Seen | None:
    """A public alliance for its own page; people known only to the coordinator do not count."""
    asked = {"slug": slug, "person_id": person_id, "today": clock.today()}
    row = db.execute(_seen(), asked).first()
    return Seen(*row) if row else None


@cache
def _seen() -> Select[Any]:
    """Built once, for it is the same for all alliances."""
    own = (
        select(Membership.state)
        .where(
            Membership.alliance_id == Alliance.id,
            Membership.person_id == bindparam("person_id"),
        )
        .scalar_subquery()
    )
    leaders = _number_of_coordinators(bindparam("today", type_=Date()))
    return select(Alliance, _number_of_members(), leaders, own).where(
        Alliance.slug == bindparam("slug"), Alliance.life_cycle.in_(PUBLIC)
    )


def by_slug(slug: str) -> Alliance | None:
    """An alliance that is at least approved, also a closed one; for desks."""
    return db.scalars(
        select(Alliance).where(Alliance.slug == slug, Alliance.life_cycle != LifeCycle.PROPOSED)
    ).first()


def alliance_to_ask(slug: str) -> str | None:
    """The name of a public alliance that people may ask to join."""
    return db.scalar(
        select(Alliance.name).where(
            Alliance.slug == slug,
            Alliance.life_cycle.in_(PUBLIC),
            Alliance.joining != Joining.INVITED,
        )
    )


def is_member(person_id: int, alliance_slug: str) -> bool:
    found = db.scalar(
        select(Membership.id)
        .join(Membership.alliance)
        .where(
            Membership.person_id == person_id,
            Membership.state == MembershipState.ACTIVE,
            Alliance.slug == alliance_slug,
        )
    )
    return found is not None


def membership_of(person_id: int, alliance_id: int, *, lock: bool) -> Membership | None:
    """The one membership of a person in an alliance, whatever its state."""
    query = select(Membership).where(
        Membership.person_id == person_id, Membership.alliance_id == alliance_id
    )
    return db.scalars(query.with_for_update() if lock else query).first()


def members(alliance_id: int, *, discreet: bool) -> Select[Membership]:
    """The list with its people; `discreet` adds those who are known only to the coordinator."""
    shown = (
        select(Membership)
        .join(Membership.person)
        .where(
            Membership.alliance_id == alliance_id,
            Membership.state.in_(SHOWN),
            Person.standing != Standing.ERASED,
        )
        .options(contains_eager(Membership.person))
    )
    return shown if discreet else shown.where(Person.discreet.is_(False))


def member(alliance_slug: str, membership_id: int, *, lock: bool = False) -> Membership | None:
    """One row of that list, only if it belongs to the alliance; with person, address, alliance."""
    query = (
        select(Membership)
        .join(Membership.person)
        .join(Membership.alliance)
        .where(
            Membership.id == membership_id,
            Membership.state.in_(SHOWN),
            Alliance.slug == alliance_slug,
            Person.standing != Standing.ERASED,
        )
        .options(
            contains_eager(Membership.person).joinedload(Person.address),
            contains_eager(Membership.alliance),
        )
    )
    return db.scalars(query.with_for_update(of=Membership) if lock else query).first()


def exported(alliance_id: int) -> Sequence[Membership]:
    """Active members for a file, without those known only to the coordinator."""
    return db.scalars(
        members(alliance_id, discreet=False)
        .where(Membership.state == MembershipState.ACTIVE)
        .order_by(Person.name, Membership.id)
        .options(contains_eager(Membership.person).joinedload(Person.address))
    ).all()


def waiting(alliance_id: int, *, discreet: bool, limit: int = 10) -> Sequence[Membership]:
    """Who asks to join, longest first."""
    return db.scalars(
        members(alliance_id, discreet=discreet)
        .where(Membership.state == MembershipState.ASKED)
        .order_by(Membership.since, Membership.id)
        .limit(limit)
    ).all()


def terms(alliance_id: int) -> Sequence[CoordinatorTerm]:
    """All coordinators of an alliance, the newest term first."""
    return db.scalars(
        select(CoordinatorTerm)
        .where(CoordinatorTerm.alliance_id == alliance_id)
        .order_by(CoordinatorTerm.since.desc(), CoordinatorTerm.id.desc())
        .options(joinedload(CoordinatorTerm.person))
    ).all()


def term(alliance_id: int, person_id: int, term_id: int) -> CoordinatorTerm | None:
    """One term, only if it is this person's in this alliance: SQLite gives a number once more."""
    return db.scalars(
        select(CoordinatorTerm)
        .where(
            CoordinatorTerm.id == term_id,
            CoordinatorTerm.alliance_id == alliance_id,
            CoordinatorTerm.person_id == person_id,
        )
        .options(joinedload(CoordinatorTerm.person))
    ).first()


def coordinators(alliance_id: int) -> Sequence[Person]:
    """Today's coordinators with their addresses."""
    return db.scalars(
        select(Person)
        .where(
            Person.standing == Standing.ACTIVE,
            Person.id.in_(
                select(CoordinatorTerm.person_id).where(
                    CoordinatorTerm.alliance_id == alliance_id, serves(clock.today())
                )
            ),
        )
        .order_by(Person.id)
        .options(joinedload(Person.address))
    ).all()


def once_coordinator(alliance_id: int, person_id: int) -> Person | None:
    """Who coordinates an alliance or did; of a term that ended on its first day no row is left."""
    terms = select(CoordinatorTerm.person_id).where(CoordinatorTerm.alliance_id == alliance_id)
    followed = select(HandOver.from_id).where(HandOver.alliance_id == alliance_id)
    return db.scalars(
        select(Person).where(
            Person.id == person_id, or_(Person.id.in_(terms), Person.id.in_(followed))
        )
    ).first()


def who_may_take_over(alliance_id: int, but_id: int, words: str) -> Sequence[tuple[int, str]]:
    """Number and name of members with an address whose name holds these words, by name.

    Those who are known only to the coordinator are not named to staff.
    """
    rows = db.execute(
        select(Membership.id, Person.name, Person.city)
        .join(Membership.person)
        .where(
            Membership.alliance_id == alliance_id,
            Membership.state == MembershipState.ACTIVE,
            Person.standing == Standing.ACTIVE,
            Person.discreet.is_(False),
            Person.address_id.is_not(None),
            Person.id != but_id,
            Person.name.icontains(words, autoescape=True),
        )
        .order_by(func.lower(Person.name), Person.id)
        .limit(OFFERED)
    )
    return [(number, f"{name}, {city}" if city else name) for number, name, city in rows]


def hand_over(alliance_id: int, number: int) -> HandOver | None:
    """One hand-over with its people, only if it belongs to the alliance."""
    return db.scalars(
        select(HandOver)
        .where(HandOver.id == number, HandOver.alliance_id == alliance_id)
        .options(joinedload(HandOver.predecessor), joinedload(HandOver.successor))
    ).first()


def proposals() -> Sequence[tuple[Alliance, str | None]]:
    """What waits for staff, oldest first, with the name of whoever proposed it."""
    rows = db.execute(
        select(Alliance, Person.name)
        .outerjoin(Person, Person.id == Alliance.proposed_by_id)
        .where(Alliance.life_cycle == LifeCycle.PROPOSED)
        .order_by(Alliance.created_at, Alliance.id)
    )
    return [(alliance, name) for alliance, name in rows]


def proposal(alliance_id: int) -> Alliance | None:
    """One that waits for staff, locked."""
    return db.scalars(
        select(Alliance)
        .where(Alliance.id == alliance_id, Alliance.life_cycle == LifeCycle.PROPOSED)
        .with_for_update()
    ).first()


def person_with_address(person_id: int) -> Person | None:
    return db.scalars(
        select(Person).where(Person.id == person_id).options(joinedload(Person.address))
    ).first()


def invitation(secret: str) -> tuple[Invitation, Alliance] | None:
    """An invitation by the secret in its link, whatever became of it, with its address."""
    row = db.execute(
        select(Invitation, Alliance)
        .join(Alliance, Alliance.id == Invitation.alliance_id)
        .where(Invitation.secret_digest == tokens.digest(secret))
        .options(joinedload(Invitation.address))
    ).first()
    return (row[0], row[1]) if row else None


def open_invitation(alliance_id: int, address_id: int | None) -> Invitation | None:
    """The invitation of an address to an alliance that can still be accepted."""
    return db.scalars(
        select(Invitation).where(
            Invitation.alliance_id == alliance_id,
            Invitation.address_id == address_id,
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > clock.now(),
        )
    ).first()


def invitations(alliance_id: int) -> Select[Invitation]:
    """Invitations that were not accepted yet, with their addresses."""
    return (
        select(Invitation)
        .join(Invitation.address)
        .where(Invitation.alliance_id == alliance_id, Invitation.accepted_at.is_(None))
        .options(contains_eager(Invitation.address))
    )


def invited(alliance_id: int, address: Address) -> Invitation | None:
    """The invitation of an address to an alliance, whatever became of it."""
    return db.scalars(
        select(Invitation)
        .where(Invitation.alliance_id == alliance_id, Invitation.address_id == address.id)
        .with_for_update()
    ).first()


def _number_of_members() -> ColumnElement[int]:
    """All less the few whom only their coordinator knows: nobody's row has to be read."""
    members = (
        select(func.count())
        .select_from(Membership)
        .where(Membership.alliance_id == Alliance.id, Membership.state == MembershipState.ACTIVE)
        .correlate(Alliance)
    )
    hidden = members.join(Membership.person).where(Person.discreet)
    return members.scalar_subquery() - hidden.scalar_subquery()


def _number_of_coordinators(today: ColumnElement[date]) -> ColumnElement[int]:
    return (
        select(func.count(func.distinct(CoordinatorTerm.person_id)))
        .where(CoordinatorTerm.alliance_id == Alliance.id, serves(today))
        .correlate(Alliance)
        .scalar_subquery()
    )
