"""One coordinator follows another in one step: what the one owed moves, their access ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.audit import audit
from app.alliances import mails, queries, terms
from app.alliances.hand_over_models import HandOver
from app.alliances.models import Alliance, Membership, MembershipState
from app.alliances.terms import NotAMember, WrongDates
from app.foundation import clock, signals
from app.foundation.db import db
from app.people.models import Person, Standing

TWICE = timedelta(hours=1)
"""Within that time the same hand-over again is a double click."""


class TheSame(ValueError):
    """Nobody follows themselves."""


class CannotSignIn(ValueError):
    """A coordinator needs a confirmed e-mail address."""


@dataclass(frozen=True)
class Appointment:
    """Who is appointed, until when, and what staff want to tell them."""

    membership: Membership
    until: date
    note: str = ""


def appoint(
    alliance_id: int, predecessor: Person, told: Appointment, *, by: int | None
) -> HandOver:
    """Let a member coordinate an alliance in somebody's place; twice is once.

    Raises NotAMember, CannotSignIn, TheSame, WrongDates.
    """
    alliance = db.get_one(Alliance, alliance_id, with_for_update=True)
    _check(alliance, predecessor, told)
    from_id, into = predecessor.id, told.membership.person
    serving = {person.id for person in queries.coordinators(alliance.id)}
    before = _just_done(alliance.id, from_id, into.id)
    if before is not None and into.id in serving and from_id not in serving:
        return before
    terms.end_all(from_id, alliance.id)
    if into.id not in serving:
        terms.add(into, alliance, clock.today(), told.until)
    hand_over = HandOver(
        alliance_id=alliance.id,
        from_id=from_id,
        into_id=into.id,
        by_id=by,
        at=clock.now(),
        note=told.note,
        alliance=alliance,
    )
    db.add(hand_over)
    db.flush()
    hand_over.moved = dict(_moved(hand_over))
    audit(
        "alliances",
        "coordination handed over",
        hand_over.id,
        alliance=alliance.id,
        **{"from": from_id, "into": into.id},
        **hand_over.moved,
    )
    mails.handed_over(alliance, into, predecessor.name, hand_over)
    return hand_over


def _moved(hand_over: HandOver) -> Counter[str]:
    counts: Counter[str] = Counter()
    for _receiver, moved in signals.coordination_handed_over.send(hand_over):
        counts.update(moved)
    return counts


def _check(alliance: Alliance, predecessor: Person, told: Appointment) -> None:
    membership = told.membership
    if membership.state != MembershipState.ACTIVE or membership.alliance_id != alliance.id:
        raise NotAMember
    person = membership.person
    if person.standing != Standing.ACTIVE or person.address is None:
        raise CannotSignIn
    if person.id == predecessor.id:
        raise TheSame
    if told.until < clock.today():
        raise WrongDates


def _just_done(alliance_id: int, from_id: int, into_id: int) -> HandOver | None:
    return db.scalars(
        select(HandOver)
        .where(
            HandOver.alliance_id == alliance_id,
            HandOver.from_id == from_id,
            HandOver.into_id == into_id,
            HandOver.at > clock.now() - TWICE,
        )
        .order_by(HandOver.id.desc())
    ).first()
