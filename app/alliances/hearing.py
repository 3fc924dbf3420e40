"""What alliances do when something happens to a person; connected when the views are loaded."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from app.alliances import actions, queries, terms
from app.alliances.hand_over_models import HandOver
from app.alliances.models import (
    PUBLIC,
    Alliance,
    CoordinatorTerm,
    Invitation,
    Membership,
    MembershipState,
)
from app.alliances.quiet_models import TakeOverOffer
from app.foundation import signals
from app.foundation.db import db
from app.people.models import Person

RANK = (
    MembershipState.ACTIVE,
    MembershipState.ASKED,
    MembershipState.PENDING,
    MembershipState.REFUSED,
    MembershipState.LEFT,
)
"""Which of two memberships of one person counts."""


@signals.join_asked.connect
def keep_wish(person: Person, *, alliance_slug: str, **_more: Any) -> None:
    """Somebody who may be anybody wants to join: keep it until they confirm."""
    alliance = queries.by_slug(alliance_slug)
    if alliance is not None and alliance.life_cycle in PUBLIC:
        actions.keep_wish(person, alliance)


@signals.person_confirmed.connect
def make_wish_real(person: Person, *, about: str = "", **_more: Any) -> None:
    """A person confirmed a wish: member at once, or asked; by invitation only, it is forgotten."""
    db.flush()
    rows = db.execute(
        select(Membership, Alliance)
        .join(Membership.alliance)
        .where(
            Membership.person_id == person.id,
            Membership.state == MembershipState.PENDING,
            Alliance.slug == about.removeprefix("alliance:"),
        )
    ).all()
    reader = queries.person_with_address(person.id) if rows else None
    for membership, alliance in rows:
        try:
            actions.join(reader or person, alliance, welcome=True)
        except actions.ByInvitationOnly:
            actions.drop_wish(membership)


@signals.person_merged.connect
def move_to(from_id: int, *, into_id: int, **_more: Any) -> None:
    """Two records are one person: keep the better of two memberships, and all terms."""
    db.flush()
    kept = {
        membership.alliance_id: membership
        for membership in db.scalars(select(Membership).where(Membership.person_id == into_id))
    }
    for membership in db.scalars(select(Membership).where(Membership.person_id == from_id)).all():
        _move(membership, kept.get(membership.alliance_id), into_id)
    for column in (
        CoordinatorTerm.person_id,
        Invitation.invited_by_id,
        Alliance.proposed_by_id,
        HandOver.from_id,
        HandOver.into_id,
        HandOver.by_id,
    ):
        db.execute(update(column.class_).where(column == from_id).values({column.key: into_id}))
    offered = select(TakeOverOffer.spell_id).where(TakeOverOffer.person_id == into_id)
    theirs = TakeOverOffer.person_id == from_id
    db.execute(delete(TakeOverOffer).where(theirs, TakeOverOffer.spell_id.in_(offered)))
    db.execute(update(TakeOverOffer).where(theirs).values(person_id=into_id))
    db.flush()


@signals.person_erased.connect
def forget(person: Person, **_more: Any) -> None:
    """A person goes: their memberships, their terms, what they wrote, invitations to them."""
    db.flush()
    terms.end_all(person.id)
    db.execute(delete(Membership).where(Membership.person_id == person.id))
    db.execute(delete(TakeOverOffer).where(TakeOverOffer.person_id == person.id))
    db.execute(update(Alliance).where(Alliance.proposed_by_id == person.id).values(why=""))
    db.execute(update(Invitation).where(Invitation.invited_by_id == person.id).values(note=""))
    of_them = (HandOver.from_id == person.id) | (HandOver.into_id == person.id)
    db.execute(update(HandOver).where(of_them).values(note=""))
    sharing = select(func.count()).where(Person.address_id == person.address_id)
    if person.address_id is not None and db.scalar(sharing) == 1:
        db.execute(delete(Invitation).where(Invitation.address_id == person.address_id))


def _move(membership: Membership, other: Membership | None, into_id: int) -> None:
    if other is None:
        membership.person_id = into_id
        return
    if RANK.index(membership.state) < RANK.index(other.state):
        was_refused = other.state == MembershipState.REFUSED
        other.state, other.since, other.until = (
            membership.state,
            membership.since,
            membership.until,
        )
        other.how = MembershipState.REFUSED if was_refused else membership.how
    db.delete(membership)
