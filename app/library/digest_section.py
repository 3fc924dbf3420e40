"""A section with one thing from the library: a new analysis, else a talking point in turn.

It goes along with what else there is to tell, and is no reason for a digest by itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, true

from app.foundation import clock, language, links
from app.foundation.db import db
from app.library import partial, queries, reading_queries
from app.library.models import TalkingPoint
from app.library.reading_models import Analysis
from app.mail import sections
from app.mail.sections import Circumstances, Edition, Fragment, Opened, Part, Section, Shared, Tell
from app.people.models import DigestEvery

NAME = "library"
DAYS = {DigestEvery.WEEKLY: 7, DigestEvery.MONTHLY: 31}
"""So many days an analysis is new to the readers of a digest."""
USUAL_DAYS = 31


@dataclass(frozen=True)
class Told:
    """One thing of the library apart from the database; `key` is part of its address."""

    endpoint: str
    key: tuple[str, str]
    title: str
    words: str
    source: str
    as_of: str


def changes(edition: Edition) -> Hashable:
    """Nothing changes once the issue started."""
    if edition.frozen_at is not None:
        return edition.frozen_at
    in_bank = TalkingPoint.withdrawn_at.is_(None)
    bank = select(func.count(), func.sum(TalkingPoint.revision)).where(in_bank).subquery()
    read = select(func.count(), func.max(Analysis.updated_at)).subquery()
    return clock.today(), *db.execute(select(bank, read).join_from(bank, read, true())).one()


def open_library(edition: Edition, _shared: Shared) -> Opened:
    told = told_in(edition)

    def asked(_people: Mapping[int, Circumstances], part: Part) -> Tell:
        def tell(_person: Circumstances, to_language: str) -> Sequence[Fragment]:
            return () if told is None else (part(_fragment, told, to_language),)

        return tell

    return asked


def told_in(edition: Edition) -> Told | None:
    """What an issue told, once it started; what it would tell on its day before."""
    return from_kept(edition.kept) if edition.frozen_at else _picked(edition)


def from_kept(kept: Mapping[str, Any]) -> Told | None:
    """What stands in an issue's store."""
    words = kept.get(NAME)
    return Told(**{**words, "key": tuple(words["key"])}) if words else None


def keep(edition: Edition) -> Mapping[str, Any] | None:
    told = _picked(edition)
    return asdict(told) if told else None


def _picked(edition: Edition) -> Told | None:
    day = edition.scheduled_on or clock.today()
    days = DAYS.get(edition.every, USUAL_DAYS)
    return _new_analysis(day, days) or _point_in_turn(day, day.toordinal() // days)


def _new_analysis(day: date, days: int) -> Told | None:
    """The newest of the days before."""
    end = datetime.combine(day, time.max, UTC)
    found = db.scalars(
        reading_queries.analyses()
        .where(
            Analysis.published_at <= end,
            Analysis.published_at > end - timedelta(days=days),
        )
        .limit(1)
    ).first()
    if found is None:
        return None
    return Told(
        endpoint="library.analysis",
        key=("slug", found.slug),
        title=found.title or found.topics.capitalize(),
        words=found.teaser,
        source="",
        as_of=found.as_of,
    )


def _point_in_turn(day: date, number: int) -> Told | None:
    """Nothing that was found out only after the day of the issue."""
    bank = db.scalars(queries.in_turn().where(TalkingPoint.as_of <= day)).all()
    if not bank:
        return None
    point = bank[number % len(bank)]
    return Told(
        endpoint="library.point",
        key=("key", point.key),
        title=point.claim,
        words=point.words,
        source=point.source.title if point.source else "",
        as_of=point.as_of.isoformat(),
    )


def _fragment(told: Told, to_language: str) -> Fragment:
    with language.speaking(to_language):
        name, value = told.key
        return sections.rendered(
            "library/mail/_told",
            to_language,
            told=told,
            as_of=partial.as_of(told.as_of),
            url=links.absolute(told.endpoint, language=to_language, **{name: value}),
            more_url=links.absolute("library.front", language=to_language),
        )


SECTION = Section(
    NAME, 50, _l("One thing from the library"), changes, open_library, alone=False, keep=keep
)
sections.register(SECTION)
