"""The public page of a day in numbers: where something happens, and one page of what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from app.alliances.models import Alliance
from app.events.models import Event, EventState
from app.foundation.db import db


@dataclass(frozen=True)
class Reach:
    """How many events each state has, and how many there are online."""

    by_state: Mapping[str, int]

    @property
    def events(self) -> int:
        return sum(self.by_state.values())


def reach(edition_id: int) -> Reach:
    """Where the events of a day are; one without a place counts where its alliance is."""
    rows = db.execute(
        select(Event.us_state, func.count())
        .where(Event.edition_id == edition_id, Event.state == EventState.PUBLISHED)
        .group_by(Event.us_state)
    )
    return Reach(dict(rows.all()))


def events(edition_id: int) -> Select[Event]:
    """The published events of a day with their alliances, also those that are over."""
    return (
        select(Event)
        .join(Event.alliance)
        .where(Event.edition_id == edition_id, Event.state == EventState.PUBLISHED)
        .options(contains_eager(Event.alliance).load_only(Alliance.slug, Alliance.name))
    )
