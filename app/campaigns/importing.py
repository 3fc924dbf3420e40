"""Importing records: all or nothing, with a line of report for each row.

A record with a dated path comes in as history and unverified, whatever stages it names. A row that
says what is there already changes nothing, so that an export can be imported again; one that says
something else changes that alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select

from app.accounts.audit import audit
from app.campaigns import cases, divisions, exchange, import_places, partial, records, votes
from app.campaigns.cases import Case, WrongCase
from app.campaigns.measure_models import (
    Measure,
    MeasureSource,
    SourceKind,
    Sponsorship,
    StageEntry,
    Stance,
)
from app.campaigns.stages import Stage
from app.campaigns.vote_models import Vote
from app.campaigns.votes import Choice, Requirement
from app.foundation import clock
from app.foundation.db import Base, db


class Outcome(StrEnum):
    """What became of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True)
class Line:
    """One line of the report; `row` counts from 1."""

    row: int
    id: str
    outcome: Outcome
    words: str = ""


def load(rows: Sequence[Mapping[str, Any]]) -> Sequence[Line]:
    """Import rows; where one is wrong, its line says so and the caller keeps nothing."""
    read, wrong = _checked(rows)
    if wrong:
        return wrong
    return [_kept(number, _canonical(case)) for number, case in read]


def _checked(rows: Sequence[Mapping[str, Any]]) -> tuple[list[tuple[int, Case]], list[Line]]:
    read: list[tuple[int, Case]] = []
    wrong = []
    ids: set[str] = set()
    for number, raw in enumerate(rows, 1):
        try:
            case = _read(raw, ids)
            ids.add(case.id)
            read.append((number, case))
        except WrongCase as error:
            wrong.append(Line(number, str(raw.get("id", "")), Outcome.WRONG, str(error)))
    return read, wrong


def _read(raw: Mapping[str, Any], earlier: set[str]) -> Case:
    case = cases.read(raw)
    if case.id in earlier:
        raise WrongCase("this id stands in an earlier row")
    return case


def _canonical(case: Case) -> Case:
    """The record with the official id of its place, whichever it was given."""
    return replace(case, division=divisions.canonical(case.division))


def _kept(number: int, case: Case) -> Line:
    measure = exchange.by_case_id(case.id)
    before = exchange.case_of(measure) if measure is not None else None
    if before is not None and cases.written(before) == cases.written(case):
        return Line(number, case.id, Outcome.UNCHANGED)
    try:
        outcome = Outcome.NEW if measure is None else Outcome.CHANGED
        _applied(measure, case, before)
    except WrongCase as error:
        return Line(number, case.id, Outcome.WRONG, str(error))
    except records.NumberTaken:
        words = f"file number {case.file_number} is another record's in this session"
        return Line(number, case.id, Outcome.WRONG, words)
    return Line(number, case.id, outcome, "; ".join(_doubts(case)))


def _doubts(case: Case) -> Iterator[str]:
    """What looks wrong in a row and does not keep it out."""
    disorder = partial.out_of_order(on for _stage, on in case.path)
    if disorder:
        pairs = (f"{two} comes after {one}" for one, two in disorder)
        yield f"days out of order: {'; '.join(pairs)}"
    if case.votes:
        yield from (_DOUBTS[doubt] for doubt in votes.doubts(_tally(case)))


_DOUBTS = {
    votes.Doubt.TOO_MANY: "votes: more than there are seats",
    votes.Doubt.TOO_FEW: "votes: fewer than there are seats",
    votes.Doubt.NOT_ENOUGH: "votes: it passed without enough of them",
    votes.Doubt.ENOUGH: "votes: it failed with enough of them",
}


def _tally(case: Case) -> votes.Tally:
    counts = {Choice(key): number for key, number in case.votes.items() if key != "seats"}
    decided = [stage for stage, _on in case.path if stage in (Stage.ADOPTED, Stage.FAILED)]
    by_counts = counts.get(Choice.YES, 0) > counts.get(Choice.NO, 0)
    return votes.Tally(
        counts=counts,
        passed=decided[-1] == Stage.ADOPTED if decided else by_counts,
        requirement=Requirement.PRESENT,
        seats=case.votes.get("seats"),
    )


def _applied(measure: Measure | None, case: Case, before: Case | None) -> None:
    if measure is not None and not measure.historical:
        raise WrongCase("a running campaign is not overwritten")
    body = import_places.body_of(case)
    now = clock.now()
    if measure is None:
        measure = Measure(external_id=case.id, slug="", created_at=now, published_at=now, version=0)
    records.check_number(body.id, case.session, case.file_number, but=measure.id)
    measure.body_id = body.id
    measure.title = case.name
    measure.instrument = case.instrument
    measure.stance = case.stance or Stance.SUPPORT
    measure.session = case.session
    measure.file_number = case.file_number
    measure.own_status = case.own_status
    measure.sponsor_count = case.sponsors
    measure.extras = _extras(case)
    measure.historical = any(on for _stage, on in case.path)
    measure.updated_at = now
    measure.version += 1
    measure.stage, measure.stage_on = case.path[-1]
    measure.year = case.year or _year(case)
    measure.slug = measure.slug or records.free_slug(measure)
    measure.prior_session_id = _prior(case, body.id)
    db.add(measure)
    db.flush()
    _details(measure, case, before)
    records.refresh(measure)
    audit("campaigns", "import", measure.id)


def _details(measure: Measure, case: Case, before: Case | None) -> None:
    """What a row says otherwise than before; what people added to a record stays."""
    if before is None or case.path != before.path:
        _replace(StageEntry, measure, _entries(measure, case))
    if before is None or case.sponsor_division != before.sponsor_division:
        sponsor = Sponsorship(measure_id=measure.id, division_id=case.sponsor_division)
        _replace(Sponsorship, measure, [sponsor] if case.sponsor_division else [])
    if before is None or case.votes != before.votes:
        _replace(Vote, measure, [_vote(measure, case)] if case.votes else [])
    if before is None or case.source != before.source:
        _keep_source(measure, case)
    db.flush()


def _replace(table: type[Base], measure: Measure, rows: Iterable[Base]) -> None:
    db.execute(delete(table).where(table.__table__.c.measure_id == measure.id))
    db.add_all(rows)


def _entries(measure: Measure, case: Case) -> Iterator[StageEntry]:
    now = clock.now()
    for number, (stage, on) in enumerate(case.path, 1):
        yield StageEntry(
            measure_id=measure.id, position=number, stage=stage, on=on, facts={}, entered_at=now
        )


def _keep_source(measure: Measure, case: Case) -> None:
    """The source of the row before is corrected; an official copy is not taken away."""
    first = select(MeasureSource).where(MeasureSource.measure_id == measure.id)
    source = db.scalars(first.order_by(MeasureSource.id).limit(1)).first()
    if source is None or source.kind != SourceKind.OTHER:
        source = MeasureSource(measure_id=measure.id, kind=SourceKind.OTHER)
        db.add(source)
    source.title = case.source
    source.url = case.source if case.source.startswith(("http://", "https://")) else ""


def _vote(measure: Measure, case: Case) -> Vote:
    tally = _tally(case)
    decided = [on for stage, on in case.path if stage in (Stage.ADOPTED, Stage.FAILED)]
    return Vote(
        measure_id=measure.id,
        on=decided[-1] if decided else "",
        requirement=tally.requirement,
        passed=tally.passed,
        counts=dict(tally.counts),
        seats=tally.seats,
        entered_at=clock.now(),
    )


def _extras(case: Case) -> dict[str, Any]:
    """What the row says and we have no column for, so that an export says it again."""
    kept = dict(case.extras)
    told = {"stance": case.stance, "body": case.body, "year": case.year}
    return kept | {_TOLD: [key for key, value in told.items() if value]}


_TOLD = exchange.TOLD


def _year(case: Case) -> int:
    dated = [on for _stage, on in case.path if on]
    return partial.year_of(dated[-1]) if dated else clock.today().year


def _prior(case: Case, body_id: int) -> int | None:
    """The record that this one renews, where it is here: by its id, or by its year."""
    renewed = str(case.extras.get("renewal_of", ""))
    if not renewed:
        return None
    measure = exchange.by_case_id(renewed)
    if measure is None and renewed.isdecimal():
        measure = db.scalars(
            select(Measure).where(Measure.body_id == body_id, Measure.year == int(renewed)).limit(1)
        ).first()
    return measure.id if measure is not None and measure.external_id != case.id else None
