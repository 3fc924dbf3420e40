"""Who sponsored a record, and whether they still sit on the council today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from app.campaigns import council_queries, partial
from app.campaigns.body_models import Seat, SeatTerm
from app.campaigns.measure_models import Measure, Sponsorship
from app.foundation import clock, text
from app.foundation.db import db


class InOffice(StrEnum):
    """`unknown` where nobody has entered who sits on the council."""

    STILL = "still"
    LEFT = "left"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Sponsor:
    """One sponsor of a record as of today; `seat_id` is where they sit now.

    `until` is the last day of one who left; `successor` sits where they sat.
    """

    name: str
    post: str
    state: InOffice
    seat_id: int | None = None
    until: date | None = None
    successor: str = ""


def of(measure: Measure) -> Sequence[Sponsor]:
    """The sponsors of a record, in the order in which they were entered."""
    rows = db.scalars(
        select(Sponsorship).where(Sponsorship.measure_id == measure.id).order_by(Sponsorship.id)
    ).all()
    if not rows:
        return ()
    terms = _terms_of(measure.body_id)
    today = clock.today()
    return [_sponsor(row, measure, terms, today) for row in rows]


def known_of_prior(measure: Measure) -> Mapping[str, str]:
    """The first sponsor of last year's record who still sits there, as the form asks for one."""
    if measure.prior_session_id is None:
        return {}
    still = [each for each in of(db.get_one(Measure, measure.prior_session_id)) if each.seat_id]
    return {"sponsor_name": still[0].name, "sponsor_post": still[0].post} if still else {}


def _sponsor(
    row: Sponsorship, measure: Measure, terms: Mapping[int, Sequence[SeatTerm]], today: date
) -> Sponsor:
    """Names of elected officials are compared without case, accents and spaces."""
    every = [term for seat in terms.values() for term in seat]
    name = row.name or _name_then(terms.get(row.seat_id or 0, ()), measure)
    theirs = [term for term in every if name and text.slug(term.name) == text.slug(name)]
    sits = next((term for term in theirs if council_queries.holds(term, today)), None)
    if sits is not None:
        return Sponsor(name, row.post, InOffice.STILL, seat_id=sits.seat_id)
    if not any(council_queries.holds(term, today) for term in every):
        return Sponsor(name, row.post, InOffice.UNKNOWN)
    last = max(theirs, key=lambda term: term.until or date.min, default=None)
    seat_id = row.seat_id or (last.seat_id if last else None)
    now = (term for term in terms.get(seat_id or 0, ()) if council_queries.holds(term, today))
    successor = next((term.name for term in now), "")
    until = last.until if last else None
    return Sponsor(name, row.post, InOffice.LEFT, None, until, successor)


def _name_then(terms: Sequence[SeatTerm], measure: Measure) -> str:
    """Who sat on the sponsor's seat when the record last moved."""
    day = partial.last_day(measure.stage_on) if measure.stage_on else date(measure.year, 7, 1)
    return next((term.name for term in terms if council_queries.holds(term, day)), "")


def _terms_of(body_id: int) -> Mapping[int, Sequence[SeatTerm]]:
    found: dict[int, list[SeatTerm]] = {}
    rows = db.scalars(
        select(SeatTerm).join(SeatTerm.seat).where(Seat.body_id == body_id).order_by(SeatTerm.id)
    )
    for term in rows:
        found.setdefault(term.seat_id, []).append(term)
    return found
