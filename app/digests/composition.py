"""Each person's digest: what staff wrote, and what the sections tell this reader.

A `Press` holds what an issue's copies share; it is made again when the issue changes or what its
sections read. For a round the readers' circumstances are read in a few statements, and a copy is
then a join of parts that were rendered before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from flask import current_app

from app.digests import (
    arrangement,
    desk_section,
    event_sections,
    facts,
    fragments,
    frames,
    news_section,
)
from app.digests.arrangement import Mode
from app.digests.frames import Written
from app.digests.models import Issue
from app.mail import sections
from app.mail.quoted import literal
from app.mail.registry import Composer, Copy, Reader
from app.mail.sections import Circumstances, Fragment, Opened, Section, Shared, Tell

PRESSES_KEPT = 4
PARTS_KEPT = 2_000
"""Some 20 MB; beyond that they are made anew, so that a worker's memory stays flat."""


Open = tuple[Opened, bool]
Asked = tuple[Tell, bool]
"""A section, and whether it is reason enough for a digest."""


class Said(NamedTuple):
    """What sections tell one reader, and whether that is reason enough for a digest."""

    parts: Sequence[Fragment]
    is_reason: bool


class Press:
    """The frames, open sections and parts of one issue, each made when first needed."""

    def __init__(self, issue: Issue) -> None:
        shared = Shared()
        self.written = Written.of(issue)
        self.pinned = _opened(issue, Mode.PINNED, shared)
        self.shown = _opened(issue, Mode.SHOWN, shared)
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

    def ask(opened: Sequence[Open]) -> Sequence[Asked]:
        return [(section(people, press.part), alone) for section, alone in opened]

    pinned, shown = ask(press.pinned), ask(press.shown)

    def compose(reader: Reader) -> Copy | None:
        person = people.get(reader.person_id)
        if person is None:
            return None
        above, below = _told(pinned, person, reader), _told(shown, person, reader)
        first, parts = above.parts, below.parts
        if not (above.is_reason or below.is_reason):
            if not press.written.introduction.strip():
                return None
            parts = [press.part(fragments.quiet, reader.language), *parts]
        return _copy(press, reader, person, first, parts)

    return compose


def _opened(issue: Issue, mode: Mode, shared: Shared) -> Sequence[Open]:
    return [(each.open(issue, shared), each.alone) for each in arrangement.of(issue, mode)]


def _told(asked: Sequence[Asked], person: Circumstances, reader: Reader) -> Said:
    parts: list[Fragment] = []
    is_reason = False
    for tell, alone in asked:
        found = tell(person, reader.language)
        parts += found
        is_reason |= alone and bool(found)
    return Said(parts, is_reason)


def _copy(
    press: Press,
    reader: Reader,
    person: Circumstances,
    first: Sequence[Fragment],
    parts: Sequence[Fragment],
) -> Copy:
    frame = press.frame(reader.language, has_city=bool(person.city))
    pinned, sections = fragments.above(first), fragments.joined(parts)
    why = press.part(fragments.why, tuple(person.alliances), press.written.every, reader.language)
    own = {
        "name": reader.name,
        "city": person.city,
        "unsubscribe_url": reader.unsubscribe_url,
        "preferences_url": reader.preferences_url,
    }
    common = {name: literal(value) or value for name, value in own.items()}
    texts = {"pinned": pinned.text, "sections": sections.text, "why": why.text}
    html = {"pinned": pinned.html, "sections": sections.html, "why": why.html}
    return Copy(
        subject=frame.subject,
        text=frame.text.fill({**common, **texts}),
        html=frame.html.fill({**common, **html}),
    )


def _press(issue: Issue) -> Press:
    presses: OrderedDict[Hashable, Press] = current_app.extensions.setdefault(
        "digest_presses", OrderedDict()
    )
    key = (issue.id, issue.version, _changes(issue))
    press = presses.get(key)
    if press is None:
        press = presses[key] = Press(issue)
        while len(presses) > PRESSES_KEPT:
            presses.popitem(last=False)
    return press


def _changes(issue: Issue) -> Hashable:
    """What the sections that are not dropped read, each thing asked once."""
    used: list[Section] = [*arrangement.of(issue, Mode.PINNED), *arrangement.of(issue, Mode.SHOWN)]
    return tuple(ask(issue) for ask in dict.fromkeys(section.changes for section in used))


sections.register(
    news_section.SECTION, desk_section.SECTION, event_sections.OWN, event_sections.NEAR
)
