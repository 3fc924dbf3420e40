"""Each person's digest: what staff wrote, the events of their alliances and of places near them.

A `Press` holds what an issue's copies share; it is made again when the issue or an event changes.
For a batch the readers' circumstances are read in a few statements, and a copy is then a join of
parts that were rendered before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

from flask import current_app

from app.digests import facts, fragments, frames, upcoming
from app.digests.facts import Circumstances, Numbers
from app.digests.fragments import Fragment, Turnout
from app.digests.frames import Written
from app.digests.models import Issue
from app.digests.upcoming import Calendar, Coming
from app.mail.registry import Composer, Copy, Reader

OWN_SHOWN = 6
NEAR_SHOWN = 5
PRESSES_KEPT = 4
PARTS_KEPT = 2_000
"""Some 20 MB; beyond that they are made anew, so that a worker's memory stays flat."""


class Press:
    """The frames and parts of one issue, each made when first needed."""

    def __init__(self, written: Written, calendar: Calendar) -> None:
        self.written = written
        self.calendar = calendar
        self._frames: dict[tuple[str, bool], frames.Frame] = {}
        self._parts: dict[Hashable, Fragment] = {}

    def frame(self, language: str, *, has_city: bool) -> frames.Frame:
        key = (language, has_city)
        if key not in self._frames:
            self._frames[key] = frames.frame(self.written, language, has_city=has_city)
        return self._frames[key]

    def part(self, make: Callable[..., Fragment], *arguments: Hashable) -> Fragment:
        """What `make` makes of these arguments, made once."""
        key = (make, *arguments)
        part = self._parts.get(key)
        if part is None:
            if len(self._parts) >= PARTS_KEPT:
                self._parts.clear()
            part = self._parts[key] = make(*arguments)
        return part


def composer(issue: Issue, readers: Sequence[Reader]) -> Composer:
    """What makes these readers' copies of an issue; used by the engine and by previews."""
    press = _press(issue)
    people = facts.circumstances([reader.person_id for reader in readers])
    led = {local.id for person in people.values() for local in person.led}
    numbers = facts.numbers(led, [e.id for each in led for e in press.calendar.of(each)])

    def compose(reader: Reader) -> Copy | None:
        person = people.get(reader.person_id)
        return None if person is None else _copy(press, reader, person, numbers)

    return compose


def events_for(calendar: Calendar, person: Circumstances) -> list[Coming]:
    """The events that a person's digest tells of."""
    own = [event for local in person.alliances for event in calendar.of(local.id)]
    return [*own, *_near(calendar, person)]


def _copy(press: Press, reader: Reader, person: Circumstances, numbers: Numbers) -> Copy | None:
    parts = [
        *_desk_parts(press, person, numbers, reader.language),
        *_event_parts(press, person, reader.language),
    ]
    if not parts:
        if not press.written.introduction.strip():
            return None
        parts = [press.part(fragments.quiet, reader.language)]
    frame = press.frame(reader.language, has_city=bool(person.city))
    sections = parts[0] if len(parts) == 1 else fragments.joined(parts)
    why = press.part(fragments.why, tuple(person.alliances), press.written.every, reader.language)
    common = {
        "name": reader.name,
        "city": person.city,
        "unsubscribe_url": reader.unsubscribe_url,
        "preferences_url": reader.preferences_url,
    }
    return Copy(
        subject=frame.subject,
        text=frame.text.fill({**common, "sections": sections.text, "why": why.text}),
        html=frame.html.fill({**common, "sections": sections.html, "why": why.html}),
    )


def _event_parts(press: Press, person: Circumstances, language: str) -> list[Fragment]:
    parts = []
    for local in person.alliances:
        events = press.calendar.of(local.id)
        if events:
            shown = tuple(events[:OWN_SHOWN])
            more = len(events) - len(shown)
            parts.append(press.part(fragments.of_alliance, local, shown, more, language))
    near = _near(press.calendar, person)
    if near:
        shown = near[:NEAR_SHOWN]
        parts.append(press.part(fragments.near, shown, len(near) - len(shown), language))
    return parts


def _near(calendar: Calendar, person: Circumstances) -> tuple[Coming, ...]:
    """Events near a person that are not of their own alliances."""
    if person.point is None:
        return ()
    near = calendar.near(person.point)
    own = {local.id for local in person.alliances}
    if not near or own.isdisjoint({event.alliance_id for event in near}):
        return near
    return tuple(event for event in near if event.alliance_id not in own)


def _desk_parts(
    press: Press, person: Circumstances, numbers: Numbers, language: str
) -> list[Fragment]:
    parts = []
    for local in person.led:
        events = press.calendar.of(local.id)[:OWN_SHOWN]
        turnouts = tuple(Turnout(event, numbers.coming[event.id]) for event in events)
        asking = numbers.asking.get(local.id, 0)
        if asking or turnouts:
            parts.append(press.part(fragments.desk, local, asking, turnouts, language))
    return parts


def _press(issue: Issue) -> Press:
    presses: OrderedDict[Hashable, Press] = current_app.extensions.setdefault(
        "digest_presses", OrderedDict()
    )
    key = (issue.id, issue.version, upcoming.signature())
    press = presses.get(key)
    if press is None:
        press = presses[key] = Press(Written.of(issue), upcoming.read())
        while len(presses) > PRESSES_KEPT:
            presses.popitem(last=False)
    return press
