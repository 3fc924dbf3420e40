"""Reads of campaigns that deserve a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from app.alliances.models import Alliance
from app.campaigns import partial, stages
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure, MeasureSource, StageEntry, Stance
from app.campaigns.place_models import Division
from app.campaigns.stages import Phase, Stage
from app.campaigns.support_models import Endorsement, Signature, SignatureState
from app.campaigns.text_models import TextClause, TextVersion
from app.campaigns.turnout_models import Turnout
from app.campaigns.vote_models import Vote
from app.events.models import Edition
from app.foundation import clock
from app.foundation.db import db
from app.library.models import Ask


@dataclass(frozen=True)
class Seen:
    """A campaign as its public page shows it."""

    measure: Measure
    sources: Sequence[MeasureSource]
    signatures: int = 0
    local: int = 0
    organizations: int = 0
    turnout: Turnout | None = None
    """The next meeting at which people shall speak."""

    @property
    def has_copy(self) -> bool:
        """Whether the official copy can be opened here."""
        return any(source.upload_id is not None for source in self.sources)


def seen(slug: str) -> Seen | None:
    """A campaign with its council, alliance, sources and numbers of supporters; one statement."""
    confirmed = and_(
        Signature.measure_id == Measure.id, Signature.state == SignatureState.CONFIRMED
    )
    numbers = (
        select(func.count(Signature.id)).where(confirmed),
        select(func.count(Signature.id)).where(confirmed, Signature.is_local),
        select(func.count(Endorsement.id)).where(
            Endorsement.measure_id == Measure.id,
            Endorsement.withdrawn_on.is_(None),
            Endorsement.is_proposed.is_(False),
            Endorsement.for_identification.is_(False),
        ),
    )
    next_turnout = (
        select(Turnout.id)
        .where(Turnout.measure_id == Measure.id, Turnout.on >= clock.today())
        .order_by(Turnout.on, Turnout.id)
        .limit(1)
        .correlate(Measure)
        .scalar_subquery()
    )
    rows = db.execute(
        select(
            Measure,
            MeasureSource,
            *(number.correlate(Measure).scalar_subquery() for number in numbers),
            Turnout,
        )
        .outerjoin(MeasureSource, MeasureSource.measure_id == Measure.id)
        .outerjoin(Turnout, Turnout.id == next_turnout)
        .where(Measure.slug == slug)
        .order_by(MeasureSource.kind, MeasureSource.id)
        .options(
            joinedload(Measure.body).joinedload(Body.division),
            joinedload(Measure.alliance).load_only(Alliance.slug, Alliance.name),
            joinedload(Measure.edition).joinedload(Edition.observance),
            joinedload(Measure.ask).joinedload(Ask.follows),
        )
    ).all()
    if not rows:
        return None
    return Seen(rows[0][0], [row[1] for row in rows if row[1] is not None], *rows[0][2:])


def of_alliance(alliance_slug: str, measure_id: int) -> Measure | None:
    """A campaign by its number, only if it belongs to that alliance."""
    return db.scalars(
        select(Measure)
        .join(Measure.alliance)
        .where(Measure.id == measure_id, Alliance.slug == alliance_slug)
        .options(
            contains_eager(Measure.alliance),
            joinedload(Measure.body).joinedload(Body.division),
            joinedload(Measure.owner),
            joinedload(Measure.edition).joinedload(Edition.observance),
            joinedload(Measure.ask).joinedload(Ask.follows),
        )
    ).first()


def sources(measure_id: int) -> Sequence[MeasureSource]:
    return db.scalars(
        select(MeasureSource)
        .where(MeasureSource.measure_id == measure_id)
        .order_by(MeasureSource.kind, MeasureSource.id)
    ).all()


def path(measure_id: int) -> Sequence[StageEntry]:
    """The way through the stages, as it was entered."""
    return db.scalars(
        select(StageEntry).where(StageEntry.measure_id == measure_id).order_by(StageEntry.position)
    ).all()


def reached_on(entries: Sequence[StageEntry], *wanted: Stage) -> str:
    """The day of the first of these stages that it went through, as entered last; else empty."""
    days = {entry.stage: entry.on for entry in entries}
    return next((days[stage] for stage in wanted if stage in days), "")


def current_clauses(measure_id: int) -> Sequence[tuple[TextVersion, TextClause]]:
    """The text as it was adopted, before that its newest version, with each of its clauses."""
    current = (
        select(TextVersion.id)
        .where(TextVersion.measure_id == measure_id)
        .order_by(TextVersion.adopted.desc(), TextVersion.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.execute(
        select(TextVersion, TextClause)
        .join(TextClause, TextClause.version_id == TextVersion.id)
        .where(TextVersion.id == current)
        .order_by(TextClause.position)
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True)
class YearHere:
    """What became of the question in one year at one council; no measure: nothing was done in
    any year from `first` on."""

    year: int
    measure: Measure | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    first: int | None = None

    @property
    def span(self) -> str:
        """`2016`, or `2012` to `2016` for years in a row, with a dash."""
        if self.first is None or self.first == self.year:
            return str(self.year)
        return f"{self.first}\N{EN DASH}{self.year}"


def years_of(body_id: int, *, until: int | None = None) -> Sequence[YearHere]:
    """A council's record over the years, newest first, with the years that were left out."""
    rows = db.execute(
        select(Measure, Vote.counts)
        .outerjoin(Vote, and_(Vote.measure_id == Measure.id, Vote.part == ""))
        .where(
            Measure.body_id == body_id,
            Measure.published_at.is_not(None),
            Measure.stance == Stance.SUPPORT,
        )
        .order_by(Measure.year, Measure.id, Vote.id)
    ).all()
    by_year: dict[int, YearHere] = {}
    for measure, counts in rows:
        by_year[measure.year] = YearHere(measure.year, measure, counts or {})
    passed = [year for year, here in by_year.items() if here.measure and here.measure.counted]
    if passed:
        last = until or clock.today().year
        for year in range(min(passed), last + 1):
            by_year.setdefault(year, YearHere(year))
    newest_first = sorted(by_year.values(), key=lambda here: -here.year)
    runs = groupby(newest_first, key=lambda here: here.measure and here.measure.id)
    return [_in_a_row(list(run)) for _id, run in runs]


def _in_a_row(years: Sequence[YearHere]) -> YearHere:
    """Years without a measure, newest first, as one; a year with one stands alone."""
    return replace(years[0], first=years[-1].year)


def public() -> Select[Measure]:
    """Everything that the register shows, without what each asks for in words."""
    return select(Measure).where(Measure.published_at.is_not(None)).options(defer(Measure.about))


def for_files() -> Select[Measure]:
    """The same with their councils and sources, for files."""
    return (
        select(Measure)
        .join(Measure.body)
        .where(Measure.published_at.is_not(None))
        .options(contains_eager(Measure.body).load_only(Body.name), selectinload(Measure.sources))
    )


def running(alliance_id: int) -> Sequence[Measure]:
    """What an alliance works on, soonest deadline first."""
    return db.scalars(
        select(Measure)
        .where(Measure.alliance_id == alliance_id, Measure.stage.in_(stages.RUNNING))
        .order_by(Measure.next_due_on.is_(None), Measure.next_due_on, Measure.id)
        .options(joinedload(Measure.body), joinedload(Measure.owner))
    ).all()


@dataclass(frozen=True)
class PublicDate:
    """When and where everybody can be there; what is not known is empty."""

    on: str
    at: str = ""
    place: str = ""
    agenda_url: str = ""


def next_public_date(entries: Sequence[StageEntry], turnout: Turnout | None) -> PublicDate | None:
    """The meeting that it is on the agenda of, or an earlier one at which people shall speak."""
    facts = agenda(entries)
    if facts is None:
        return PublicDate(f"{turnout.on}", turnout.at, turnout.place) if turnout else None
    on = facts["meeting_on"]
    if turnout is not None and turnout.on < partial.last_day(on):
        return PublicDate(f"{turnout.on}", turnout.at, turnout.place)
    return PublicDate(on, *(facts.get(key, "") for key in _OF_MEETING))


_OF_MEETING = ("meeting_time", "meeting_place", "agenda_url")


def agenda(entries: Sequence[StageEntry]) -> Mapping[str, str] | None:
    """The meeting that it is on the agenda of, until that is over or something else happened."""
    last = entries[-1] if entries else None
    if last is None or last.stage != Stage.SCHEDULED or not last.facts.get("meeting_on"):
        return None
    return last.facts if partial.last_day(last.facts["meeting_on"]) >= clock.today() else None


def meant_for(measure: Measure) -> date | None:
    """The day that it is asked for, while no meeting is set and the day is still to come."""
    begun = stages.PHASES[measure.stage] in BEFORE_DECISION
    if not begun or measure.stage == Stage.SCHEDULED or measure.target_on is None:
        return None
    return measure.target_on if measure.target_on >= clock.today() else None


BEFORE_DECISION = (Phase.PREPARE, Phase.SPONSOR, Phase.BEFORE)
"""Phases in which nobody has decided yet."""


def awaiting_agreement() -> Sequence[Measure]:
    """What coordinators recorded as passed and staff have not agreed to, oldest first."""
    rows = db.scalars(
        select(Measure)
        .where(
            Measure.stage.in_(stages.PASSED),
            Measure.counted.is_(False),
            Measure.stance == Stance.SUPPORT,
            Measure.alliance_id.is_not(None),
        )
        .order_by(Measure.updated_at, Measure.id)
        .options(joinedload(Measure.alliance))
    )
    return [measure for measure in rows if measure.awaits_agreement]


def newest(limit: int) -> Sequence[Measure]:
    """What was published or moved last."""
    return db.scalars(
        public().order_by(Measure.updated_at.desc(), Measure.id.desc()).limit(limit)
    ).all()


def bodies_for(alliance: Alliance) -> Sequence[Body]:
    """The councils that an alliance can ask: its own, and those of its state."""
    return db.scalars(
        select(Body)
        .join(Body.division)
        .where(
            or_(
                Body.alliance_id == alliance.id,
                Division.state.in_([alliance.state, ""]),
            )
        )
        .order_by(Body.alliance_id != alliance.id, Division.name, Body.name)
        .options(contains_eager(Body.division))
    ).all()
