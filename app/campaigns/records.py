"""Keeping the record of a campaign: begin, change, publish, its sources, and what lists read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.audit import audit
from app.campaigns import divisions, partial, stages
from app.campaigns.body_models import Body, Instrument
from app.campaigns.measure_models import (
    AWAITS_AGREEMENT,
    Measure,
    MeasureSource,
    SourceKind,
    StageEntry,
    Stance,
)
from app.campaigns.place_models import Division
from app.campaigns.stages import Stage
from app.foundation import clock, text
from app.foundation.db import db


class StaleVersion(Exception):
    """Somebody else changed the record since this page was opened."""


class NumberTaken(Exception):
    """The file number is another record's, in the same session of the same council."""


class NoSource(Exception):
    """Nothing becomes public without a source."""


@dataclass(frozen=True)
class Plan:
    """What is decided about a campaign besides where it stands."""

    title: str
    instrument: Instrument
    stance: Stance = Stance.SUPPORT
    about: str = ""
    session: str = ""
    file_number: str | None = None
    own_status: str = ""
    target_on: date | None = None
    edition_id: int | None = None
    owner_id: int | None = None
    next_step: str = ""
    next_due_on: date | None = None
    ask_id: int | None = None


def begin(body: Body, plan: Plan, *, alliance_id: int | None, by_id: int | None) -> Measure:
    """A new campaign at its first stage, which only its organizers see. Raises NumberTaken."""
    check_number(body.id, plan.session, plan.file_number, but=None)
    now = clock.now()
    measure = Measure(
        slug="",
        body=body,
        body_id=body.id,
        alliance_id=alliance_id,
        edition_id=plan.edition_id,
        stage=Stage.SCOPING,
        stage_on=clock.today(body.time_zone).isoformat(),
        year=plan.target_on.year if plan.target_on else clock.today().year,
        extras={},
        version=1,
        created_at=now,
        updated_at=now,
    )
    _apply(measure, plan)
    measure.session, measure.file_number = plan.session, plan.file_number or None
    _write(measure)
    enter(measure, Stage.SCOPING, measure.stage_on, {}, by_id=by_id)
    audit("campaigns", "begin", measure.id)
    return measure


def save(measure: Measure, plan: Plan, *, version: int) -> None:
    """Change what is decided about a campaign, not for which edition of a day it was begun.

    Raises StaleVersion, NumberTaken.
    """
    claim(measure, version)
    number(measure, plan.session, plan.file_number)
    _apply(measure, plan)
    db.flush()
    refresh(measure)
    audit("campaigns", "change", measure.id, version=measure.version)


def publish(measure: Measure) -> None:
    """Let everybody see it. Raises NoSource."""
    if not has_source(measure.id):
        raise NoSource
    if measure.published_at is None:
        measure.published_at = clock.now()
        audit("campaigns", "publish", measure.id)


def claim(measure: Measure, version: int) -> None:
    """Take the next version of a record, so that of two who change it at once one is told."""
    taken = db.execute(
        update(Measure)
        .where(Measure.id == measure.id, Measure.version == version)
        .values(version=version + 1, updated_at=clock.now())
        .returning(Measure.version)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        raise StaleVersion
    db.refresh(measure, Measure.__mapper__.column_attrs.keys())  # a page may still name its council


def enter(
    measure: Measure,
    stage: Stage,
    on: str,
    facts: Mapping[str, Any],
    *,
    by_id: int | None,
    correction: str = "",
) -> StageEntry:
    """Write a line of the history and make it where the campaign stands."""
    last = db.scalar(
        select(StageEntry.position)
        .where(StageEntry.measure_id == measure.id)
        .order_by(StageEntry.position.desc())
        .limit(1)
    )
    entry = StageEntry(
        measure_id=measure.id,
        position=(last or 0) + 1,
        stage=stage,
        on=on,
        facts=dict(facts),
        correction=correction,
        by_id=by_id,
        entered_at=clock.now(),
    )
    db.add(entry)
    measure.stage = stage
    measure.stage_on = on
    if on and stage in (Stage.ADOPTED, Stage.FINAL) and measure.edition_id is None:
        measure.year = partial.year_of(on)
    db.flush()
    refresh(measure)
    return entry


def propose(measure: Measure, stage: Stage, *, proposed: bool) -> None:
    """Before it enters a stage: that it passed counts once staff agree to what others recorded.

    What we oppose never counts, so there is nothing to agree to.
    """
    if stage not in stages.PASSED or measure.opposed:
        _await(measure, False)
    elif measure.stage not in stages.PASSED:
        _await(measure, proposed)


def agree(measure: Measure) -> None:
    """Staff looked at the source: what a coordinator recorded counts."""
    if measure.awaits_agreement:
        _await(measure, False)
        measure.updated_at = clock.now()
        db.flush()
        refresh(measure)
        audit("campaigns", "passed agreed to", measure.id)


def _await(measure: Measure, awaited: bool) -> None:
    if awaited != measure.awaits_agreement:
        extras = {key: value for key, value in measure.extras.items() if key != AWAITS_AGREEMENT}
        measure.extras = extras | ({AWAITS_AGREEMENT: True} if awaited else {})


def add_source(
    measure: Measure,
    kind: SourceKind,
    title: str,
    *,
    url: str = "",
    upload_id: int | None = None,
    checked_on: date | None = None,
) -> MeasureSource:
    """Where the record comes from; an official copy makes it verified. Once for each address."""
    known = select(MeasureSource).where(
        MeasureSource.measure_id == measure.id, MeasureSource.url == url
    )
    source = db.scalars(known).first() if url else None
    if source is None:
        source = MeasureSource(measure_id=measure.id, url=url, upload_id=upload_id)
        db.add(source)
    source.kind = kind if source.kind != SourceKind.OFFICIAL_COPY else source.kind
    source.title = title
    source.checked_on = checked_on or clock.today()
    db.flush()
    refresh(measure)
    return source


def has_source(measure_id: int) -> bool:
    return bool(db.scalar(select(exists().where(MeasureSource.measure_id == measure_id))))


def refresh(measure: Measure) -> None:
    """Bring what lists read up to date: the place, the words sought, verified and counted.

    The register's rule: passed is final or later with a source, and staff agreed to what a
    coordinator recorded; what we oppose never counts.
    """
    body = _body(measure)
    kinds = select(MeasureSource.kind).where(MeasureSource.measure_id == measure.id)
    sum_up(measure, body, db.get_one(Division, body.division_id), set(db.scalars(kinds)))


def sum_up(measure: Measure, body: Body, division: Division, kinds: Collection[SourceKind]) -> None:
    """Write what lists read from what is known already; `kinds` are those of its sources."""
    measure.place = place_name(division)
    measure.us_state = division.state
    measure.verified = SourceKind.OFFICIAL_COPY in kinds
    measure.counted = (
        measure.stage in stages.PASSED
        and not measure.opposed
        and bool(kinds)
        and not measure.awaits_agreement
    )
    words = (measure.title, measure.place, body.name, measure.file_number or "")
    measure.sought = " ".join(words).lower()


def place_name(division: Division) -> str:
    """Columbus, from the official name of its division, Columbus city."""
    if division.id == divisions.DC:
        return "Washington"
    if division.id in divisions.CITY_COUNTIES:
        return division.name.removesuffix(" County")
    for kind in (" city", " town", " village", " borough", " CDP"):
        if division.kind == "place" and division.name.endswith(kind):
            return division.name.removesuffix(kind)
    return division.name


def free_slug(measure: Measure) -> str:
    """The address of a record that nobody has yet."""
    wanted = wanted_slug(measure, db.get_one(Division, _body(measure).division_id))
    taken = db.scalars(
        select(Measure.slug).where(Measure.slug.startswith(wanted), Measure.id != (measure.id or 0))
    )
    return text.free_slug(wanted, set(taken))


def wanted_slug(measure: Measure, division: Division) -> str:
    """los-angeles-world-day-for-international-justice-2027."""
    place = place_name(division)
    title = measure.title if place.lower() in measure.title.lower() else f"{place} {measure.title}"
    year = "" if str(measure.year) in title else f" {measure.year}"
    return text.slug(f"{title[:80]}{year}")


def check_number(body_id: int, session: str, number: str | None, *, but: int | None) -> None:
    """Raise NumberTaken where another record has it, in capitals or not."""
    if not number:
        return
    other = select(Measure.id).where(
        Measure.body_id == body_id,
        Measure.session == session,
        func.lower(Measure.file_number) == func.lower(number),
    )
    if db.scalar(other.where(Measure.id != (but or 0))) is not None:
        raise NumberTaken


def _write(measure: Measure) -> None:
    """A new record; where another takes its address at the same moment it gets the next one."""
    for tries_left in (1, 0):
        measure.slug = free_slug(measure)
        try:
            with db.begin_nested():
                db.add(measure)
        except IntegrityError:
            check_number(measure.body_id, measure.session, measure.file_number, but=None)
            if not tries_left:
                raise
        else:
            return


def number(measure: Measure, session: str, number: str | None) -> None:
    """Give a kept record its file number. Raises NumberTaken, also where another takes it now."""
    check_number(measure.body_id, session, number, but=measure.id)
    given = (
        update(Measure)
        .where(Measure.id == measure.id)
        .values(session=session, file_number=number or None)
        .execution_options(synchronize_session=False)
    )
    try:
        with db.begin_nested():
            db.execute(given)
    except IntegrityError:
        raise NumberTaken from None
    db.refresh(measure, ["session", "file_number"])


def _apply(measure: Measure, plan: Plan) -> None:
    measure.title = plan.title
    measure.instrument = plan.instrument
    measure.stance = plan.stance
    measure.about = plan.about
    measure.own_status = plan.own_status
    measure.target_on = plan.target_on
    measure.owner_id = plan.owner_id
    measure.next_step = plan.next_step
    measure.next_due_on = plan.next_due_on
    measure.ask_id = plan.ask_id
    if plan.target_on:
        measure.year = plan.target_on.year


def _body(measure: Measure) -> Body:
    return db.get_one(Body, measure.body_id)
