"""The public page of a day in numbers: where something happens, what of it, how many came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from app.alliances.models import Alliance
from app.events.models import Event, EventState
from app.events.report_models import ReportBack
from app.foundation.db import db


@dataclass(frozen=True)
class Reach:
    """How many events each state has, and how many people came to those that say so publicly."""

    by_state: Mapping[str, int]
    people_by_state: Mapping[str, int]
    ends_at: datetime | None = None
    """The end of the last of them, which may be later than the day."""

    @property
    def events(self) -> int:
        return sum(self.by_state.values())

    @property
    def people(self) -> int:
        return sum(self.people_by_state.values())


def reach(edition_id: int) -> Reach:
    """Where the events of a day are; one without a place counts where its alliance is."""
    rows = db.execute(
        select(
            Event.us_state,
            func.count(),
            func.coalesce(func.sum(ReportBack.people), 0),
            func.max(Event.ends_at),
        )
        .outerjoin(ReportBack, (ReportBack.event_id == Event.id) & ReportBack.is_public)
        .where(Event.edition_id == edition_id, Event.state == EventState.PUBLISHED)
        .group_by(Event.us_state)
    ).all()
    return Reach(
        by_state={state: events for state, events, *_rest in rows},
        people_by_state={state: int(people) for state, _events, people, _end in rows if people},
        ends_at=max((ends_at for *_rest, ends_at in rows), default=None),
    )


def events(edition_id: int) -> Select[Event]:
    """The published events of a day with their alliances, also those that are over."""
    return (
        select(Event)
        .join(Event.alliance)
        .where(Event.edition_id == edition_id, Event.state == EventState.PUBLISHED)
        .options(contains_eager(Event.alliance).load_only(Alliance.slug, Alliance.name))
    )
