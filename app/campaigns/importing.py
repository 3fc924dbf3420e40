"""Importing records: all or nothing, with a line of report for each row.

A record with a dated path comes in as history and unverified, whatever stages it names. A row that
says what is there already changes nothing, so that an export can be imported again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, select

from app.accounts.audit import audit
from app.campaigns import cases, exchange, partial, records
from app.campaigns.body_models import Body, BodyKind, Instrument
from app.campaigns.cases import Case, WrongCase
from app.campaigns.measure_models import (
    Measure,
    MeasureSource,
    SourceKind,
    Sponsorship,
    StageEntry,
    Stance,
)
from app.campaigns.place_models import Division, DivisionAlias
from app.campaigns.vote_models import Vote
from app.campaigns.votes import Requirement
from app.foundation import clock, text
from app.foundation.db import db


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
    return [_kept(number, case) for number, case in read]


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


def _kept(number: int, case: Case) -> Line:
    measure = exchange.by_case_id(case.id)
    if measure is not None and cases.written(exchange.case_of(measure)) == cases.written(case):
        return Line(number, case.id, Outcome.UNCHANGED)
    try:
        outcome = Outcome.NEW if measure is None else Outcome.CHANGED
        _applied(measure, case)
    except WrongCase as error:
        return Line(number, case.id, Outcome.WRONG, str(error))
    except records.NumberTaken:
        words = f"file number {case.file_number} is another record's in this session"
        return Line(number, case.id, Outcome.WRONG, words)
    disorder = partial.out_of_order(on for _stage, on in case.path)
    words = "; ".join(f"{two} comes after {one}" for one, two in disorder)
    return Line(number, case.id, outcome, f"days out of order: {words}" if words else "")


def _applied(measure: Measure | None, case: Case) -> Measure:
    if measure is not None and not measure.historical:
        raise WrongCase("a running campaign is not overwritten")
    division = _division(case.division)
    body = _body(case, division)
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
    _details(measure, case)
    records.refresh(measure)
    audit("campaigns", "import", measure.id)
    return measure


def _details(measure: Measure, case: Case) -> None:
    for table in (StageEntry, Sponsorship, Vote, MeasureSource):
        db.execute(delete(table).where(table.measure_id == measure.id))
    now = clock.now()
    db.add_all(
        StageEntry(measure_id=measure.id, position=n, stage=stage, on=on, facts={}, entered_at=now)
        for n, (stage, on) in enumerate(case.path, 1)
    )
    if case.sponsor_division:
        db.add(Sponsorship(measure_id=measure.id, division_id=case.sponsor_division))
    if case.votes:
        db.add(_vote(measure, case))
    url = case.source if case.source.startswith(("http://", "https://")) else ""
    db.add(MeasureSource(measure_id=measure.id, kind=SourceKind.OTHER, title=case.source, url=url))
    db.flush()


def _vote(measure: Measure, case: Case) -> Vote:
    counts = {key: number for key, number in case.votes.items() if key != "seats"}
    decided = [on for stage, on in case.path if stage in ("adopted", "failed")]
    return Vote(
        measure_id=measure.id,
        on=decided[-1] if decided else "",
        requirement=Requirement.PRESENT,
        passed=counts.get("yes", 0) > counts.get("no", 0),
        counts=counts,
        seats=case.votes.get("seats"),
        entered_at=clock.now(),
    )


def _extras(case: Case) -> dict[str, Any]:
    """What the row says and we have no column for, so that an export says it again."""
    kept = dict(case.extras)
    told = {"stance": case.stance, "body": case.body, "year": case.year}
    return kept | {_TOLD: [key for key, value in told.items() if value]}


_TOLD = exchange.TOLD


def _division(raw: str) -> Division:
    """The division of an id; one that nobody knows is refused where the official list is loaded."""
    alias = db.get(DivisionAlias, raw)
    division = db.get(Division, alias.division_id if alias else raw)
    if division is not None:
        return division
    state = _state_of(raw)
    listed = select(func.count()).where(Division.verified, Division.state == state)
    if db.scalar(listed):
        raise WrongCase(f"division {raw}: not in the official list")
    name = raw.rsplit(":", 1)[1].replace("_", " ").title()
    kind = raw.rsplit("/", 1)[1].split(":")[0]
    name = "United States" if kind == "country" else name
    division = Division(
        id=raw, name=name, sought=name.lower(), state=state, kind=kind, verified=False
    )
    db.add(division)
    db.flush()
    return division


def _state_of(raw: str) -> str:
    for part in raw.split("/"):
        if part.startswith(("state:", "district:")):
            return part.split(":")[1].upper()
    return ""


def _body(case: Case, division: Division) -> Body:
    """The council that a row means: by its name, else the one of its kind in the place."""
    kind = _kind(case, division)
    query = select(Body).where(Body.division_id == division.id).order_by(Body.id)
    query = query.where(Body.name == case.body) if case.body else query.where(Body.kind == kind)
    body = db.scalars(query.limit(1)).first()
    if body is not None:
        return body
    name = case.body or f"{records.place_name(division)} {_NAMES[kind]}"
    taken = set(db.scalars(select(Body.slug).where(Body.slug.startswith(text.slug(name)))))
    body = Body(
        slug=text.free_slug(text.slug(name), taken),
        name=name,
        division_id=division.id,
        kind=kind,
        time_zone="America/New_York",
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    db.add(body)
    db.flush()
    return body


_NAMES = {
    BodyKind.CITY_COUNCIL: "City Council",
    BodyKind.COUNTY_BOARD: "Board",
    BodyKind.LEGISLATURE: "Legislature",
    BodyKind.CONGRESS: "Congress",
    BodyKind.EXECUTIVE: "Office of the Mayor",
    BodyKind.ORGANIZATION: "Assembly",
    BodyKind.VOTERS: "Voters",
}


def _kind(case: Case, division: Division) -> BodyKind:
    by_instrument = {
        Instrument.PROCLAMATION: BodyKind.EXECUTIVE,
        Instrument.BALLOT_MEASURE: BodyKind.VOTERS,
        Instrument.ORGANIZATIONAL: BodyKind.ORGANIZATION,
    }
    by_division = {
        "country": BodyKind.CONGRESS,
        "state": BodyKind.LEGISLATURE,
        "county": BodyKind.COUNTY_BOARD,
    }
    return by_instrument.get(case.instrument, by_division.get(division.kind, BodyKind.CITY_COUNCIL))


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
