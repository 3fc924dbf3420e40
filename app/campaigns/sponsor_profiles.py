"""Who stands behind a resolution: sponsors with their seats, terms and what else they sponsor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.audit import audit
from app.campaigns import contacting, sponsors
from app.campaigns.body_models import Seat, SeatTerm
from app.campaigns.congress_models import Legislator
from app.campaigns.measure_models import Measure, Sponsorship, Stance
from app.campaigns.sponsors import Sponsor
from app.foundation import text
from app.foundation.db import db

MOST_OTHERS = 12


@dataclass(frozen=True)
class Told:
    """What somebody enters of a sponsor."""

    name: str
    post: str
    seat_id: int | None
    is_primary: bool
    since: str


@dataclass(frozen=True)
class Profile:
    """A sponsor with what is public about them; a member of Congress has no seat with us."""

    sponsorship: Sponsorship
    sponsor: Sponsor
    terms: Sequence[SeatTerm]
    legislator: Legislator | None
    others: Sequence[Measure]

    @property
    def website(self) -> str:
        own = self.legislator or (self.terms[0] if self.terms else None)
        return contacting.public_link(own.website) if own else ""


def of(measure: Measure) -> Sequence[Profile]:
    """Everybody who sponsors it, in the order in which they were entered."""
    rows = db.scalars(
        select(Sponsorship).where(Sponsorship.measure_id == measure.id).order_by(Sponsorship.id)
    ).all()
    if not rows:
        return ()
    known = sponsors.of(measure)
    names = {text.slug(each.name, "") for each in known} - {""}
    terms = _terms(measure.body_id)
    congress = _congress(measure, names)
    others = _others(measure, names)
    return [
        Profile(
            row,
            sponsor,
            terms.get(text.slug(sponsor.name, ""), ()),
            congress.get(text.slug(sponsor.name, "")),
            others.get(text.slug(sponsor.name, ""), ())[:MOST_OTHERS],
        )
        for row, sponsor in zip(rows, known, strict=True)
    ]


def add(measure: Measure, told: Told) -> Sponsorship:
    """One more sponsor of a record."""
    row = Sponsorship(
        measure_id=measure.id,
        name=told.name,
        post=told.post,
        seat_id=told.seat_id,
        is_primary=told.is_primary,
        since=told.since,
    )
    db.add(row)
    db.flush()
    audit("campaigns", "sponsor entered", measure.id, sponsorship=row.id)
    return row


def remove(row: Sponsorship) -> None:
    """It was entered by mistake, or the sponsor took their name off."""
    db.delete(row)
    audit("campaigns", "sponsor removed", row.measure_id, sponsorship=row.id)


def watched() -> Select[Measure]:
    """What we oppose and the public may see."""
    return (
        select(Measure)
        .join(Measure.body)
        .where(Measure.stance == Stance.OPPOSE, Measure.published_at.is_not(None))
        .options(contains_eager(Measure.body))
    )


def _terms(body_id: int) -> Mapping[str, Sequence[SeatTerm]]:
    """The terms of everybody who ever sat in a council, by name; the newest first."""
    found: dict[str, list[SeatTerm]] = {}
    for term in db.scalars(
        select(SeatTerm)
        .join(SeatTerm.seat)
        .where(Seat.body_id == body_id)
        .order_by(SeatTerm.since.desc(), SeatTerm.id)
        .options(contains_eager(SeatTerm.seat))
    ):
        found.setdefault(text.slug(term.name, ""), []).append(term)
    return found


def _congress(measure: Measure, names: set[str]) -> Mapping[str, Legislator]:
    """Members of Congress of these names, where Congress is asked."""
    if measure.body.kind != "congress":
        return {}
    found = {text.slug(each.name, ""): each for each in db.scalars(select(Legislator))}
    return {name: found[name] for name in names if name in found}


def _others(measure: Measure, names: set[str]) -> Mapping[str, Sequence[Measure]]:
    """Other public records of the same council that they sponsor, the newest first."""
    found: dict[str, list[Measure]] = {}
    rows = db.execute(
        select(Sponsorship, Measure)
        .join(Measure, Measure.id == Sponsorship.measure_id)
        .where(
            Measure.body_id == measure.body_id,
            Measure.id != measure.id,
            Measure.published_at.is_not(None),
        )
        .order_by(Measure.year.desc(), Measure.id.desc())
        .options(joinedload(Sponsorship.seat))
    )
    for row, other in rows:
        name = text.slug(row.name, "")
        if name in names:
            found.setdefault(name, []).append(other)
    return found
