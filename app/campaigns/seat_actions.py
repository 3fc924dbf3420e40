"""Seats and the people in them: nobody shares a seat, so their terms may not overlap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.campaigns import council_queries as queries
from app.campaigns.body_models import Body, Seat, SeatKind, SeatTerm
from app.campaigns.place_models import Division
from app.foundation.db import db
from app.foundation.text import folded


class SeatThere(Exception):
    """The council has a seat of this name."""


class TermsOverlap(Exception):
    """Somebody else holds the seat on a day of this term."""

    def __init__(self, other: SeatTerm) -> None:
        super().__init__(other.name)
        self.other = other


class EndsBeforeItBegins(ValueError):
    """A term whose last day lies before its first."""


@dataclass(frozen=True)
class Official:
    """Somebody in a seat, as the public record has it."""

    name: str
    since: date | None = None
    until: date | None = None
    party: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""


def add_seat(body: Body, label: str, kind: SeatKind, division: Division | None = None) -> Seat:
    """A seat at the end of the list; raises SeatThere."""
    _refuse_taken(body, label, None)
    last = db.scalar(select(func.max(Seat.position)).where(Seat.body_id == body.id))
    seat = Seat(
        body_id=body.id,
        label=label,
        kind=kind,
        division_id=division.id if division else None,
        position=0 if last is None else last + 1,
    )
    db.add(seat)
    db.flush()
    return seat


def save_seat(
    body: Body, seat: Seat, label: str, kind: SeatKind, division: Division | None
) -> None:
    """Rename a seat; raises SeatThere."""
    _refuse_taken(body, label, seat)
    seat.label, seat.kind = label, kind
    seat.division_id = division.id if division else None


def _refuse_taken(body: Body, label: str, own: Seat | None) -> None:
    for seat in db.scalars(select(Seat).where(Seat.body_id == body.id)):
        if folded(seat.label) == folded(label) and seat is not own:
            raise SeatThere


def save_term(seat: Seat, official: Official, term: SeatTerm | None = None) -> SeatTerm:
    """Put somebody into a seat, or correct their term.

    Raises TermsOverlap or EndsBeforeItBegins. The seat is locked, so that two who enter a term at
    once do not both succeed.
    """
    if official.since and official.until and official.until < official.since:
        raise EndsBeforeItBegins
    db.execute(select(Seat.id).where(Seat.id == seat.id).with_for_update())
    for other in db.scalars(queries.overlapping(seat, official.since, official.until)):
        if other is not term:
            raise TermsOverlap(other)
    if term is None:
        term = SeatTerm(seat_id=seat.id)
        db.add(term)
    for name in Official.__dataclass_fields__:
        setattr(term, name, getattr(official, name))
    db.flush()
    return term
