"""A section for coordinators alone: what waits at their desk this week."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from flask_babel import lazy_gettext as _l

from app.digests import deadlines, facts, fragments, upcoming
from app.digests.event_sections import OWN_SHOWN
from app.digests.fragments import Waiting
from app.foundation import clock
from app.mail.sections import Circumstances, Edition, Fragment, Opened, Part, Section, Shared, Tell


def changes(_issue: Edition) -> Hashable:
    return clock.today()


def open_desk(_issue: Edition, shared: Shared) -> Opened:
    calendar = shared.of(upcoming.read)
    due = shared.of(deadlines.read)

    def asked(people: Mapping[int, Circumstances], part: Part) -> Tell:
        led = {local.id for person in people.values() for local in person.led}
        numbers = facts.numbers(led, [event.id for each in led for event in calendar.of(each)])

        def waiting(alliance_id: int) -> Waiting:
            events = calendar.of(alliance_id)[:OWN_SHOWN]
            turnouts = tuple(fragments.Turnout(e, numbers.coming[e.id]) for e in events)
            asking = numbers.asking.get(alliance_id, 0)
            return Waiting(asking, turnouts, due.get(alliance_id, deadlines.NOTHING))

        by_alliance = {alliance_id: waiting(alliance_id) for alliance_id in led}

        def tell(person: Circumstances, language: str) -> Sequence[Fragment]:
            found = [(local, by_alliance[local.id]) for local in person.led]
            return [part(fragments.desk, local, each, language) for local, each in found if each]

        return tell

    return asked


SECTION = Section("desk", 20, _l("This week, for coordinators"), changes, open_desk)
