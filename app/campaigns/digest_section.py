"""A section of digests: what moved in the campaigns of a reader's alliances since the last one."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select

from app.campaigns import campaign_views, partial
from app.campaigns import measure_words as words
from app.campaigns.body_models import Instrument
from app.campaigns.measure_models import Measure, StageEntry, Stance
from app.campaigns.stages import Stage
from app.foundation import clock, language, links
from app.foundation.db import db
from app.mail.sections import (
    Circumstances,
    Edition,
    Fragment,
    Local,
    Opened,
    Part,
    Section,
    Shared,
    Tell,
    register,
    rendered,
)
from app.people.models import DigestEvery

SHOWN = 5
SINCE = {DigestEvery.WEEKLY: timedelta(days=7), DigestEvery.MONTHLY: timedelta(days=31)}
"""So far a digest looks back, so that nothing is told twice to who reads each."""


@dataclass(frozen=True)
class Moved:
    """A campaign that moved, apart from the database."""

    slug: str
    title: str
    where: str
    stage: Stage
    stance: Stance
    instrument: Instrument
    awaits_agreement: bool
    on: str
    takes_names: bool

    @property
    def word(self) -> str:
        """Where it stands, in the language that is spoken."""
        return words.tag(self)[0]

    @property
    def day(self) -> str:
        return partial.spoken(self.on)


def changes(issue: Edition) -> Hashable:
    """Nothing that moves once the issue started stands in it."""
    if issue.frozen_at is not None:
        return issue.frozen_at
    query = select(func.count(), func.sum(Measure.version), func.max(Measure.updated_at))
    return clock.today(), *db.execute(query.where(Measure.published_at.is_not(None))).one()


def open_moved(issue: Edition, _shared: Shared) -> Opened:
    by_alliance = _read(issue)

    def asked(_people: Mapping[int, Circumstances], part: Part) -> Tell:
        def tell(person: Circumstances, to_language: str) -> Sequence[Fragment]:
            return [
                part(_fragment, local, tuple(by_alliance[local.id]), to_language)
                for local in person.alliances
                if local.id in by_alliance
            ]

        return tell

    return asked


def _read(issue: Edition) -> Mapping[int, Sequence[Moved]]:
    """The newest line of each campaign's history, where it was entered lately; by alliance."""
    until = issue.frozen_at or clock.now()
    newest = (
        select(func.max(StageEntry.position))
        .where(StageEntry.measure_id == Measure.id)
        .correlate(Measure)
        .scalar_subquery()
    )
    rows = db.scalars(
        select(Measure)
        .join(StageEntry, StageEntry.measure_id == Measure.id)
        .where(
            StageEntry.position == newest,
            _lately(until - SINCE.get(issue.every, SINCE[DigestEvery.MONTHLY]), until),
            Measure.published_at <= until,
            Measure.alliance_id.is_not(None),
            Measure.historical.is_(False),
        )
        .order_by(StageEntry.entered_at.desc(), Measure.id)
    )
    found: dict[int, list[Moved]] = {}
    for measure in rows:
        found.setdefault(measure.alliance_id or 0, []).append(_as_told(measure))
    return found


def _lately(since: datetime, until: datetime) -> ColumnElement[bool]:
    """It moved within the span, or was published in it."""
    moved = StageEntry.entered_at.between(since, until)
    return moved | Measure.published_at.between(since, until)


def _as_told(measure: Measure) -> Moved:
    return Moved(
        slug=measure.slug,
        title=measure.title,
        where=words.where(measure),
        stage=measure.stage,
        stance=measure.stance,
        instrument=measure.instrument,
        awaits_agreement=measure.awaits_agreement,
        on=measure.stage_on,
        takes_names=campaign_views.is_open(measure),
    )


def _fragment(local: Local, moved: Sequence[Moved], to_language: str) -> Fragment:
    with language.speaking(to_language):
        url = links.absolute("campaigns.listing", language=to_language)
        return rendered(
            "campaigns/mail/_moved",
            to_language,
            alliance=local,
            moved=moved[:SHOWN],
            more=max(0, len(moved) - SHOWN),
            more_url=url,
        )


SECTION = Section("campaigns", 35, _l("Campaigns that moved"), changes, open_moved)
register(SECTION)
