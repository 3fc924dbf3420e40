"""What public lists say of an event: rows of a few columns, quicker to read than Events."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import Select, case, select

from app.alliances.models import Alliance
from app.events.models import Event, EventState
from app.foundation import clock


class Listed(Protocol):
    """Such a row; an Event has all of it but its alliance's name, too."""

    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def title_es(self) -> str: ...
    @property
    def wall_start(self) -> datetime: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def is_online(self) -> bool: ...
    @property
    def venue(self) -> str: ...
    @property
    def shown_venue(self) -> str: ...
    @property
    def street(self) -> str: ...
    @property
    def city(self) -> str: ...


class OfAlliance(Listed, Protocol):
    """With the name of the alliance that holds it."""

    @property
    def alliance_name(self) -> str: ...


class Recurring(OfAlliance, Protocol):
    """With the rule by which it comes again, if it does."""

    @property
    def rule(self) -> str | None: ...


def published() -> Select[OfAlliance]:
    """The rows of published events, past ones too."""
    return (
        select(
            Event.slug,
            Event.title,
            Event.title_es,
            Event.wall_start,
            Event.starts_at,
            Event.time_zone,
            Event.is_online,
            Event.venue,
            case((Event.address_is_private, ""), else_=Event.venue).label("shown_venue"),
            Event.street,
            Event.city,
            Alliance.name.label("alliance_name"),
        )
        .join(Event.alliance)
        .where(Event.state == EventState.PUBLISHED)
    )


def upcoming() -> Select[OfAlliance]:
    """The rows of those that are not over."""
    return published().where(Event.ends_at > clock.now())
