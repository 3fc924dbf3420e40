"""Two sections: the coming events of the reader's own alliances, and those near the reader."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from flask_babel import lazy_gettext as _l

from app.digests import fragments, upcoming
from app.digests.upcoming import Calendar, Coming
from app.mail.sections import Circumstances, Edition, Fragment, Opened, Part, Section, Shared, Tell

OWN_SHOWN = 6
NEAR_SHOWN = 5


def changes(_issue: Edition) -> Hashable:
    return upcoming.signature()


def events_for(calendar: Calendar, person: Circumstances) -> list[Coming]:
    """The events that a person's digest tells of."""
    own = [event for local in person.alliances for event in calendar.of(local.id)]
    return [*own, *_near(calendar, person)]


def open_own(_issue: Edition, shared: Shared) -> Opened:
    calendar = shared.of(upcoming.read)

    def asked(_people: Mapping[int, Circumstances], part: Part) -> Tell:
        def tell(person: Circumstances, language: str) -> Sequence[Fragment]:
            parts = []
            for local in person.alliances:
                events = calendar.of(local.id)
                if events:
                    shown = tuple(events[:OWN_SHOWN])
                    more = len(events) - len(shown)
                    parts.append(part(fragments.of_alliance, local, shown, more, language))
            return parts

        return tell

    return asked


def open_near(_issue: Edition, shared: Shared) -> Opened:
    calendar = shared.of(upcoming.read)

    def asked(_people: Mapping[int, Circumstances], part: Part) -> Tell:
        def tell(person: Circumstances, language: str) -> Sequence[Fragment]:
            near = _near(calendar, person)
            if not near:
                return ()
            shown = near[:NEAR_SHOWN]
            return (part(fragments.near, shown, len(near) - len(shown), language),)

        return tell

    return asked


def _near(calendar: Calendar, person: Circumstances) -> tuple[Coming, ...]:
    """Events near a person that are not of their own alliances."""
    if person.point is None:
        return ()
    near = calendar.near(person.point)
    own = {local.id for local in person.alliances}
    if not near or own.isdisjoint({event.alliance_id for event in near}):
        return near
    return tuple(event for event in near if event.alliance_id not in own)


OWN = Section("own", 30, _l("Events of the reader's alliances"), changes, open_own)
NEAR = Section("near", 40, _l("Events near the reader"), changes, open_near)
