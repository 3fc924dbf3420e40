"""Reads of councils that deserve a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from app.campaigns.body_models import (
    Body,
    BodyRule,
    Committee,
    Meeting,
    MeetingPattern,
    RuleKey,
    Seat,
    SeatTerm,
)
from app.foundation.db import db


@dataclass(frozen=True)
class Held:
    """A seat with who sits on it on a day, and with all terms that are known."""

    seat: Seat
    holder: SeatTerm | None
    terms: Sequence[SeatTerm]


def councils(alliance_id: int) -> Select[Body]:
    """The councils that an alliance keeps."""
    return select(Body).where(Body.alliance_id == alliance_id).options(joinedload(Body.division))


def by_slug(slug: str) -> Body | None:
    return db.scalars(
        select(Body)
        .where(Body.slug == slug)
        .options(joinedload(Body.division), joinedload(Body.alliance))
    ).one_or_none()


def kept_by(alliance: str, slug: str) -> Body | None:
    """A council of this alliance; another's does not exist here."""
    body = by_slug(slug)
    kept = body is not None and body.alliance is not None and body.alliance.slug == alliance
    return body if kept else None


def at(division_id: str) -> Sequence[Body]:
    """The councils of a jurisdiction."""
    return db.scalars(
        select(Body)
        .where(Body.division_id == division_id)
        .options(joinedload(Body.alliance))
        .order_by(Body.name)
    ).all()


def rules_of(body: Body) -> Mapping[RuleKey, BodyRule]:
    return {
        rule.key: rule for rule in db.scalars(select(BodyRule).where(BodyRule.body_id == body.id))
    }


def rule(body: Body, key: RuleKey) -> BodyRule | None:
    return db.scalars(
        select(BodyRule).where(BodyRule.body_id == body.id, BodyRule.key == key)
    ).one_or_none()


def committees_of(body: Body) -> Sequence[Committee]:
    return db.scalars(
        select(Committee).where(Committee.body_id == body.id).order_by(Committee.name)
    ).all()


def patterns_of(body: Body) -> Mapping[int | None, MeetingPattern]:
    """The rules of meetings by their committee; the body's own under None."""
    found = db.scalars(select(MeetingPattern).where(MeetingPattern.body_id == body.id))
    return {pattern.committee_id: pattern for pattern in found}


def meetings_of(body: Body, since: date | None = None) -> Sequence[Meeting]:
    """What was entered for single days, oldest first."""
    query = select(Meeting).where(Meeting.body_id == body.id)
    if since:
        query = query.where(Meeting.wall_start >= since)
    return db.scalars(
        query.options(joinedload(Meeting.committee)).order_by(Meeting.wall_start)
    ).all()


def seats_of(body: Body, today: date) -> Sequence[Held]:
    """The seats in their order, each with its terms, newest first."""
    seats = db.scalars(
        select(Seat).where(Seat.body_id == body.id).order_by(Seat.position, Seat.label)
    ).all()
    terms: dict[int, list[SeatTerm]] = defaultdict(list)
    rows = db.scalars(
        select(SeatTerm).join(Seat).where(Seat.body_id == body.id).order_by(SeatTerm.id.desc())
    )
    for term in rows:
        terms[term.seat_id].append(term)
    return [_held(seat, terms[seat.id], today) for seat in seats]


def _held(seat: Seat, terms: list[SeatTerm], today: date) -> Held:
    terms.sort(key=lambda term: term.since or date.min, reverse=True)
    return Held(seat, next((term for term in terms if holds(term, today)), None), terms)


def holds(term: SeatTerm, today: date) -> bool:
    """Whether a term runs on a day; an end or a beginning that nobody knows is open."""
    return (term.since is None or term.since <= today) and (
        term.until is None or term.until >= today
    )


def overlapping(seat: Seat, since: date | None, until: date | None) -> Select[SeatTerm]:
    """The terms of a seat that share a day with this span."""
    apart: list[ColumnElement[bool]] = []
    if until is not None:
        apart.append(and_(SeatTerm.since.is_not(None), SeatTerm.since > until))
    if since is not None:
        apart.append(and_(SeatTerm.until.is_not(None), SeatTerm.until < since))
    query = select(SeatTerm).where(SeatTerm.seat_id == seat.id)
    return query.where(~or_(*apart)) if apart else query
