"""Who of a council somebody turns to, with words ready, and what they told us that they did."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlencode

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager

from app.campaigns import decider_words as deciders
from app.campaigns import homes, office_words
from app.campaigns.body_models import Body, BodyKind, Seat, SeatKind, SeatTerm
from app.campaigns.contact_models import Contact, ContactKind
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.foundation import clock, text
from app.foundation.db import db
from app.foundation.limits import Limit
from app.people.models import Person

TOLD_BY_CLIENT = Limit("letters told by client", 20, timedelta(days=1))
LONGEST_LINK = 1800
"""So long a link to write a mail works in every mail program."""
MOST_POINTS = 3


@dataclass(frozen=True)
class Official:
    """Who sits on a seat today, with what is public about how to reach them."""

    seat_id: int
    seat: str
    kind: SeatKind
    name: str
    email: str
    phone: str
    website: str


@dataclass(frozen=True)
class Choice:
    """Whom somebody can turn to: their own, the one chosen now, and districts to choose from."""

    own: Sequence[Official]
    chosen: Official | None
    districts: Sequence[Official]


@dataclass(frozen=True)
class Script:
    """Words for a letter and for a call."""

    subject: str
    letter: str
    call: Sequence[str]

    def mail_link(self, email: str) -> str:
        """Opens the reader's own mail program; a letter that is too long is left to be pasted."""
        whole = _mail_link(email, subject=self.subject, body=self.letter)
        return whole if len(whole) <= LONGEST_LINK else _mail_link(email, subject=self.subject)


def officials(body_id: int) -> Sequence[Official]:
    """Everybody who sits in a council today, in its own order; empty seats are left out."""
    today = clock.today()
    terms = db.scalars(
        select(SeatTerm)
        .join(SeatTerm.seat)
        .where(
            Seat.body_id == body_id,
            or_(SeatTerm.since.is_(None), SeatTerm.since <= today),
            or_(SeatTerm.until.is_(None), SeatTerm.until >= today),
        )
        .order_by(Seat.position, Seat.id, SeatTerm.since)
        .options(contains_eager(SeatTerm.seat))
    )
    by_seat = {term.seat_id: _official(term) for term in terms}
    return list(by_seat.values())


def choice(measure: Measure, seat_id: int | None, person_id: int | None) -> Choice:
    """Somebody's own members: of their district where they said which, and those at large.

    Whoever is signed in need not say it again.
    """
    sitting = _deciding_officials(measure)
    districts = [each for each in sitting if each.kind == SeatKind.DISTRICT]
    at_large = [each for each in sitting if each.kind != SeatKind.DISTRICT]
    known = seat_id or _district_of(person_id, [each.seat_id for each in districts])
    mine = [each for each in districts if each.seat_id == known]
    own = mine + at_large
    chosen = [each for each in own if each.seat_id == known] or own[:1]
    return Choice(own, chosen[0] if chosen else None, districts)


def script(
    measure: Measure, choice: Choice, writer: Person | None, signatures: int, points: Sequence[str]
) -> Script:
    """A letter and a call to whom somebody chose; what is not known of the writer stays open."""
    to = addressed(measure, choice.chosen)
    asks, gaps = deciders.wording(measure), {"title": measure.title, "official": to}
    name, reasons = writer.name if writer else "", points[:MOST_POINTS]
    home = homes.home_of(writer)
    letter = [
        _("Dear %(name)s,", name=to),
        f"{homes.lives(writer)} {deciders.said(asks.letter, **gaps)}",
        *([text.plain(measure.about)] if measure.about else []),
        *reasons,
        *([_("%(number)s of us have asked for it so far.", number=signatures)]
          if signatures > 1 else []),
        str(asks.question),
        _("Sincerely,"),
        name or _("[your name and street]"),
    ]  # fmt: skip
    call = [
        _("Hello, my name is %(name)s, and I live in %(place)s.", name=name or "…",
          place=home or "…"),
        deciders.said(asks.call, **gaps),
        *reasons[:1],
        deciders.said(asks.call_question, **gaps),
    ]  # fmt: skip
    return Script(measure.title, "\n\n".join(letter), call)


def addressed(measure: Measure, official: Official | None) -> str:
    """How a letter begins: a mayor by their title, as nobody else has the name of the office."""
    if official is None:
        by_title = deciders.decided_by_executive(measure) and not deciders.is_one(measure)
        return deciders.executive(measure) if by_title else office_words.council(measure.body)
    if not deciders.decided_by_executive(measure):
        return official.name
    return office_words.titled(official.name, official.seat)


def deciding(measure: Measure) -> int | None:
    """The body whose word comes next: after a vote the executive of the same place, if known."""
    if measure.stage != Stage.AWAITING_EXECUTIVE:
        return measure.body_id
    return db.scalars(
        select(Body.id)
        .where(Body.division_id == measure.body.division_id, Body.kind == BodyKind.EXECUTIVE)
        .order_by(Body.id)
        .limit(1)
    ).first()


def tell(measure: Measure, kind: ContactKind, seat_id: int | None, person_id: int | None) -> None:
    """Somebody wrote or called; telling it again on the same day changes nothing.

    Raises NoSuchSeat for a seat of another council.
    """
    if seat_id is not None and seat_id not in {
        each.seat_id for each in _deciding_officials(measure)
    }:
        raise NoSuchSeat
    if person_id is not None and _told(measure.id, kind, seat_id, person_id):
        return
    db.add(
        Contact(
            measure_id=measure.id,
            person_id=person_id,
            seat_id=seat_id,
            kind=kind,
            on=clock.today(),
            told_at=clock.now(),
        )
    )
    db.flush()


class NoSuchSeat(LookupError):
    """The seat belongs to another council, or nobody sits on it."""


def public_link(raw: str) -> str:
    """An address of the web as a list of officials gave it, or nothing for anything else."""
    return raw if raw.startswith(("https://", "http://")) else ""


def told(measure_id: int) -> Sequence[tuple[str, int, int]]:
    """How many letters and calls went to each seat, by what people told."""
    letters = func.count(Contact.id).filter(Contact.kind == ContactKind.LETTER)
    calls = func.count(Contact.id).filter(Contact.kind == ContactKind.CALL)
    rows = db.execute(
        select(Seat.label, letters, calls)
        .select_from(Contact)
        .outerjoin(Seat, Seat.id == Contact.seat_id)
        .where(Contact.measure_id == measure_id)
        .group_by(Seat.id, Seat.label, Seat.position)
        .order_by(Seat.position, Seat.id)
    )
    return [(label or "", letters, calls) for label, letters, calls in rows]


def _deciding_officials(measure: Measure) -> Sequence[Official]:
    body_id = deciding(measure)
    return officials(body_id) if body_id is not None else ()


def _official(term: SeatTerm) -> Official:
    seat = term.seat
    return Official(
        seat.id,
        seat.label,
        seat.kind,
        term.name,
        term.email,
        term.phone,
        public_link(term.website),
    )


def _district_of(person_id: int | None, seat_ids: Collection[int]) -> int | None:
    """The district whose member somebody turned to last."""
    if person_id is None:
        return None
    return db.scalars(
        select(Contact.seat_id)
        .where(Contact.person_id == person_id, Contact.seat_id.in_(seat_ids))
        .order_by(Contact.told_at.desc())
        .limit(1)
    ).first()


def _told(measure_id: int, kind: ContactKind, seat_id: int | None, person_id: int) -> bool:
    """Whether somebody told this today; without a seat the constraint does not see it."""
    seat = Contact.seat_id.is_(None) if seat_id is None else Contact.seat_id == seat_id
    found = select(Contact.id).where(
        Contact.measure_id == measure_id,
        Contact.person_id == person_id,
        Contact.kind == kind,
        Contact.on == clock.today(),
        seat,
    )
    return db.scalar(found) is not None


def _mail_link(email: str, **fields: str) -> str:
    return f"mailto:{quote(email, safe='@')}?{urlencode(fields, quote_via=quote)}"
