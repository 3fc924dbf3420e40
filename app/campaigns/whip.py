"""Where the votes stand, by the entries of each seat: who asks, what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.audit import audit
from app.campaigns import deadlines, partial, rules, standing, votes
from app.campaigns.body_models import RuleKey, Seat, SeatTerm
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.campaigns.standing import Compared, Heard, Level, Standing, Word
from app.campaigns.vote_models import SeatAsk, SeatWord, Vote, VoteCast
from app.campaigns.votes import Choice, Requirement
from app.foundation import clock
from app.foundation.db import db


class NoSuchSeat(LookupError):
    """The seat belongs to another council."""


@dataclass(frozen=True)
class SeatRow:
    """A seat with who sits on it, what they said last, and who asks them.

    What somebody said who sat there before does not bind who sits there now.
    """

    seat: Seat
    holder: str
    word: SeatWord | None
    ask: SeatAsk | None
    is_vacant: bool = False

    @property
    def is_firm(self) -> bool:
        """Whether it is a promise for or against; who has not decided promised nothing."""
        word = self.word
        return word is not None and word.level in standing.PROMISES and word.heard in standing.FIRM


@dataclass(frozen=True)
class Board:
    """The whole page: seats, the count, the count as it would be, and the forecast's outcome."""

    rows: Sequence[SeatRow]
    now: Standing
    imagined: Standing
    requirement: Requirement
    compared: Compared | None


def board(measure: Measure, imagined: Mapping[int, Level]) -> Board:
    """Everything about the seats of a campaign; `imagined` is the what-if by seat."""
    newest = _newest(measure)
    rows = _rows(measure, newest)
    words = [Word(r.seat.id, r.word.level, r.word.heard) for r in rows if r.word is not None]
    taken = {row.seat.id for row in rows if not row.is_vacant}
    requirement = requirement_of(measure)
    seats = measure.body.members or len(rows)
    needed = votes.needed(requirement, seats=seats)
    changed = standing.what_if(words, {s: level for s, level in imagined.items() if s in taken})
    cast = roll_call(measure.id)
    said = [Word(w.seat_id, w.level, w.heard) for w in newest.values()] if cast else ()
    return Board(
        rows=rows,
        now=standing.standing(words, seats=seats, needed=needed),
        imagined=standing.standing(changed, seats=seats, needed=needed),
        requirement=requirement,
        compared=standing.against_roll_call(said, cast) if cast else None,
    )


def requirement_of(measure: Measure) -> Requirement:
    """What carries it: an override after a veto, else the council's own rule."""
    if measure.stage == Stage.VETOED:
        return Requirement.OVERRIDE
    checked = deadlines.facts_of([measure.body_id])[measure.body_id].rules.get(RuleKey.VOTES)
    rule = checked.value if checked else None
    if not isinstance(rule, rules.Votes):
        return Requirement.MEMBERS
    if rule.share == rules.Share.TWO_THIRDS:
        return Requirement.TWO_THIRDS
    return Requirement.PRESENT if rule.of == rules.Of.PRESENT else Requirement.MEMBERS


def note_word(
    measure: Measure,
    seat_id: int,
    level: Level,
    heard: Heard,
    on: date,
    *,
    evidence: str,
    asked_by_id: int | None,
) -> SeatWord:
    """What a seat said, beside what it said before. Raises NoSuchSeat."""
    seat = _seat(measure, seat_id)
    word = SeatWord(
        measure_id=measure.id,
        seat_id=seat.id,
        level=level,
        heard=heard,
        on=on,
        evidence=evidence,
        asked_by_id=asked_by_id,
        entered_at=clock.now(),
    )
    db.add(word)
    ask = _ask(measure.id, seat.id)
    if ask is not None and ask.asked_on is None:
        ask.asked_on = on
    db.flush()
    audit("campaigns", "seat word", measure.id, seat=seat.id, level=level.value)
    return word


def assign(measure: Measure, seat_id: int, owner_id: int | None, due_on: date | None) -> SeatAsk:
    """Somebody asks this seat, until a day. Raises NoSuchSeat."""
    seat = _seat(measure, seat_id)
    ask = _ask(measure.id, seat.id)
    if ask is None:
        ask = SeatAsk(measure_id=measure.id, seat_id=seat.id)
        db.add(ask)
    ask.owner_id, ask.due_on = owner_id, due_on
    db.flush()
    audit("campaigns", "seat ask", measure.id, seat=seat.id)
    return ask


def holders(body_id: int, on: date | None = None) -> Mapping[int, str]:
    """Who sits on each seat of a council today, or sat there on a day."""
    day, found = on or clock.today(), _terms(body_id)
    sitting = ((seat_id, _sitting(terms, day)) for seat_id, terms in found.items())
    return {seat_id: term.name for seat_id, term in sitting if term is not None}


def roll_call(measure_id: int) -> Mapping[int, Choice]:
    """How each seat voted in the newest vote of which we know who was for or against."""
    newest = (
        select(func.max(Vote.id))
        .join(VoteCast, VoteCast.vote_id == Vote.id)
        .where(Vote.measure_id == measure_id, VoteCast.choice.in_((Choice.YES, Choice.NO)))
        .scalar_subquery()
    )
    rows = db.execute(
        select(VoteCast.seat_id, VoteCast.choice)
        .where(VoteCast.vote_id == newest)
        .order_by(VoteCast.seat_id)
    )
    return {row[0]: row[1] for row in rows}


def keep_roll_call(vote: Vote, body_id: int, line: votes.Line) -> int:
    """The names of a journal's line as votes of the seats of that day; how many. Raises NoSeat."""
    sat = holders(body_id, partial.last_day(vote.on))
    seats = {name: seat_id for seat_id, name in sat.items()}
    cast = votes.roll_call(line.names, seats) if line.names and seats else {}
    db.add_all(VoteCast(vote_id=vote.id, seat_id=seat, choice=how) for seat, how in cast.items())
    db.flush()
    return len(cast)


def _rows(measure: Measure, newest: Mapping[int, SeatWord]) -> Sequence[SeatRow]:
    seats = db.scalars(
        select(Seat).where(Seat.body_id == measure.body_id).order_by(Seat.position, Seat.id)
    ).all()
    asks = db.scalars(
        select(SeatAsk).where(SeatAsk.measure_id == measure.id).options(joinedload(SeatAsk.owner))
    ).all()
    by_seat, terms = {ask.seat_id: ask for ask in asks}, _terms(measure.body_id)
    return [_row(seat, terms.get(seat.id, ()), newest, by_seat) for seat in seats]


def _newest(measure: Measure) -> Mapping[int, SeatWord]:
    """What was said last for each seat, by whoever sat there."""
    words = db.scalars(
        select(SeatWord)
        .where(SeatWord.measure_id == measure.id)
        .order_by(SeatWord.on, SeatWord.id)
        .options(joinedload(SeatWord.asked_by))
    ).all()
    return {word.seat_id: word for word in words}


def _terms(body_id: int) -> Mapping[int, Sequence[SeatTerm]]:
    """All terms of each seat, the newest last."""
    found: dict[int, list[SeatTerm]] = {}
    of_body = select(SeatTerm).join(SeatTerm.seat).where(Seat.body_id == body_id)
    for term in sorted(db.scalars(of_body), key=lambda each: (each.since or date.min, each.id)):
        found.setdefault(term.seat_id, []).append(term)
    return found


def _row(
    seat: Seat,
    terms: Sequence[SeatTerm],
    newest: Mapping[int, SeatWord],
    asks: Mapping[int, SeatAsk],
) -> SeatRow:
    now, word = _sitting(terms, clock.today()), newest.get(seat.id)
    is_vacant = bool(terms) and now is None
    if is_vacant or (now and now.since and word and word.on < now.since):
        word = None
    return SeatRow(seat, now.name if now else "", word, asks.get(seat.id), is_vacant)


def _sitting(terms: Sequence[SeatTerm], day: date) -> SeatTerm | None:
    """Whose term it is on a day, the newest where two overlap."""
    theirs = [t for t in terms if (t.since or day) <= day <= (t.until or day)]
    return theirs[-1] if theirs else None


def _seat(measure: Measure, seat_id: int) -> Seat:
    seat = db.get(Seat, seat_id)
    if seat is None or seat.body_id != measure.body_id:
        raise NoSuchSeat
    return seat


def _ask(measure_id: int, seat_id: int) -> SeatAsk | None:
    return db.scalars(
        select(SeatAsk).where(SeatAsk.measure_id == measure_id, SeatAsk.seat_id == seat_id)
    ).first()
