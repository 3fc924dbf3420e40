"""Importing records: all or nothing, with a line of report for each row.

A record with a dated path comes in as history and unverified, whatever stages it names. A row that
says what is there already changes nothing, so that an export can be imported again; one that says
something else changes that alone, and what it does not name stays. A history or vote that people
noted here is not overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete

from app.accounts.audit import audit
from app.campaigns import cases, divisions, exchange, import_changes, partial, records, votes
from app.campaigns.cases import Case, WrongCase
from app.campaigns.import_known import Known
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
from app.foundation.among import among
from app.foundation.db import Base, WithId, db, new_numbers, table_of


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


@dataclass(frozen=True)
class _Row:
    """A row whose record is there, what the record said `before`, if it was, and what it renews."""

    measure: Measure
    case: Case
    before: Case | None
    sources: Sequence[MeasureSource]
    prior: Measure | None


AT_ONCE = 500
"""Rows for which what is known is read, and what they say written, together."""


def load(rows: Sequence[Mapping[str, Any]]) -> Sequence[Line]:
    """Import rows; where one is wrong, its line says so and the caller keeps nothing."""
    read, wrong = _checked(rows)
    if wrong:
        return wrong
    known = Known()
    return [
        line
        for start in range(0, len(read), AT_ONCE)
        for line in _together(read[start : start + AT_ONCE], known)
    ]


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


def _together(some: Sequence[tuple[int, Case]], known: Known) -> Sequence[Line]:
    """Some rows, each with the official id of its place, whichever it was given."""
    official = divisions.canonicals({case.division for _number, case in some})
    some = [(n, replace(case, division=official[case.division])) for n, case in some]
    known.read([case for _number, case in some])
    waiting: dict[Measure, _Row] = {}
    lines = []
    for number, case in some:
        if known.record(case.id) in waiting:
            _written(waiting)
            known.read([case for _number, case in some])
        lines.append(_kept(number, case, known, waiting))
    _written(waiting)
    return lines


def _kept(number: int, case: Case, known: Known, waiting: dict[Measure, _Row]) -> Line:
    measure = known.record(case.id)
    row_id, before, notes = case.id, None, []
    if measure is not None:
        sources = known.sources(measure)
        before = known.case(measure)
        notes = list(import_changes.kept_sources(case, sources))
        case = import_changes.filled(case, before, sources)
        changed = list(import_changes.changes(before, case))
        if not changed:
            return Line(number, row_id, Outcome.UNCHANGED, "; ".join(notes))
        notes = [*changed, *notes]
    try:
        row = _applied(measure, case, before, known)
    except WrongCase as error:
        return Line(number, row_id, Outcome.WRONG, str(error))
    except records.NumberTaken:
        words = f"file number {case.file_number} is another record's in this session"
        return Line(number, row_id, Outcome.WRONG, words)
    waiting[row.measure] = row
    outcome = Outcome.NEW if measure is None else Outcome.CHANGED
    return Line(number, row_id, outcome, "; ".join([*notes, *_doubts(case)]))


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


def _applied(measure: Measure | None, case: Case, before: Case | None, known: Known) -> _Row:
    if measure is not None and not measure.historical:
        raise WrongCase("a running campaign is not overwritten")
    if measure is not None and before is not None:
        known.check_history(measure, case, before)
    body = known.places.body_of(case)
    known.check_number(case, body, measure)
    sources = known.sources(measure) if measure is not None else ()
    renumbered = before is not None and _numbered(before) != _numbered(case)
    now = clock.now()
    if measure is None:
        measure = Measure(external_id=case.id, slug="", created_at=now, published_at=now, version=0)
        measure.alliance_id = body.alliance_id
    elif renumbered:
        known.give_back(measure)
    measure.body = body
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
    if case.year or before is None or case.path != before.path:
        measure.year = case.year or _year(case)
    measure.slug = measure.slug or known.free_slug(measure)
    kinds = {*(source.kind for source in sources), SourceKind.OTHER}
    records.sum_up(measure, body, known.places.division(body.division_id), kinds)
    db.add(measure)
    known.took(measure)
    if renumbered:
        db.flush()  # before a later row takes the number that is free now
    prior = known.prior(case, body)
    return _Row(measure, case, before, sources, prior if prior is not measure else None)


def _numbered(case: Case) -> tuple[object, ...]:
    """What a file number is one of a kind by: the number, its session, what tells the council."""
    return case.file_number, case.session, case.division, case.body, case.instrument


def _written(waiting: dict[Measure, _Row]) -> None:
    """Write the records, and what rows say otherwise than before; what people added stays."""
    rows = list(waiting.values())
    waiting.clear()
    _add(Measure, [row.measure for row in rows if not row.measure.id])
    db.flush()
    _replace(StageEntry, rows, lambda case: case.path, _entries)
    by_district = Sponsorship.seat_id.is_(None), Sponsorship.name == ""
    _replace(Sponsorship, rows, lambda case: case.sponsor_division, _sponsors, *by_district)
    _replace(Vote, rows, lambda case: case.votes, _votes)
    sources = [
        _source(row) for row in rows if row.before is None or row.case.source != row.before.source
    ]
    _add(MeasureSource, [source for source in sources if not source.id])
    for row in rows:
        row.measure.prior_session_id = row.prior.id if row.prior else None
        audit("campaigns", "import", row.measure.id)
    db.flush()


def _replace(
    table: type[StageEntry | Sponsorship | Vote],
    rows: Sequence[_Row],
    told: Callable[[Case], object],
    made: Callable[[Measure, Case], Iterable[WithId]],
    *only: ColumnElement[bool],
) -> None:
    changed = [row for row in rows if row.before is None or told(row.case) != told(row.before)]
    if old := [row.measure.id for row in changed if row.before is not None]:
        db.execute(delete(table).where(among(table.measure_id, old), *only))
    _add(table, [each for row in changed for each in made(row.measure, row.case)])


def _add(table: type[Base], rows: Sequence[WithId]) -> None:
    """New rows, numbered before they are written: one statement for all of them."""
    with db.no_autoflush:
        numbers = new_numbers(table_of(table), len(rows))
    for row, number in zip(rows, numbers, strict=True):
        row.id = number
    db.add_all(rows)


def _entries(measure: Measure, case: Case) -> Iterator[StageEntry]:
    now = clock.now()
    for number, (stage, on) in enumerate(case.path, 1):
        yield StageEntry(
            measure_id=measure.id, position=number, stage=stage, on=on, facts={}, entered_at=now
        )


def _sponsors(measure: Measure, case: Case) -> Iterator[Sponsorship]:
    if case.sponsor_division:
        yield Sponsorship(measure_id=measure.id, division_id=case.sponsor_division)


def _source(row: _Row) -> MeasureSource:
    """The source of the row before is corrected; an official copy is not taken away."""
    source = row.sources[0] if row.sources else None
    if source is None or source.kind != SourceKind.OTHER:
        source = MeasureSource(measure_id=row.measure.id, kind=SourceKind.OTHER)
    said = row.case.source
    source.url = said if import_changes.is_link(said) else ""
    source.title = said
    return source


def _votes(measure: Measure, case: Case) -> Iterator[Vote]:
    if not case.votes:
        return
    tally = _tally(case)
    decided = [on for stage, on in case.path if stage in (Stage.ADOPTED, Stage.FAILED)]
    yield Vote(
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
