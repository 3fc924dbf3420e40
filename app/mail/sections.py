"""The sections of a digest: a registry that each domain adds to, so that lower ones need not know
digests.

1. Write `app/<domain>/digest_section.py` with `SECTION = Section(name, place, label, changes,
   open)` and call `register(SECTION)` at its end; import the room where the domain's views are.
2. `changes(issue)` is asked for each round: one quick statement whose answer differs when what the
   section read is out of date (a count and a newest `updated_at`).
3. `open(issue, shared)` reads once what all readers share, and gives `asked(people, part)`, which
   may read once for a round of about fifty (`people` by their number), and gives `tell(person,
   language)`, which must not read: it returns fragments, or nothing to be left out.
4. Fragments are made by `part(make, *hashable)`, once for the same arguments, and `make` ends in
   `rendered("<domain>/mail/_moved", language, **values)`: two templates, `.html` and `.txt`.
5. Staff then order, pin and drop it; `app.digests.news_section` is a short model to look at, and
   `app.mail.conditions` is the same kind of registry for what an audience is chosen by.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from flask import current_app, render_template

from app.mail import layout
from app.mail.quoted import Quoted, quote
from app.people.models import DigestEvery

Made = TypeVar("Made")
Point = tuple[float, float]
"""Latitude and longitude."""


class Local(NamedTuple):
    """An alliance as a digest names it."""

    id: int
    name: str
    slug: str


@dataclass(slots=True)
class Circumstances:
    """What a person's copy depends on, besides their name and language."""

    city: str = ""
    state: str = ""
    point: Point | None = None
    alliances: list[Local] = field(default_factory=list)
    led: list[Local] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a digest in both forms, as it stands on the wire."""

    html: Quoted
    text: Quoted


class Edition(Protocol):
    """What a section may know of the issue that it is in."""

    @property
    def id(self) -> int: ...

    @property
    def scheduled_on(self) -> date | None: ...

    @property
    def frozen_at(self) -> datetime | None: ...

    @property
    def every(self) -> DigestEvery: ...

    @property
    def kept(self) -> Mapping[str, Any]: ...


Part = Callable[..., Fragment]
"""`part(make, *arguments)`: what `make` makes of these hashable arguments, made once."""
Tell = Callable[[Circumstances, str], Sequence[Fragment]]
"""What a section tells one reader in their language; nothing leaves it out."""
Opened = Callable[[Mapping[int, Circumstances], Part], Tell]
"""An open section: asked for each round, with the circumstances of its readers by number."""


class Shared:
    """What several sections of one issue read, read once."""

    def __init__(self) -> None:
        self._made: dict[Callable[[], Any], Any] = {}

    def of(self, make: Callable[[], Made]) -> Made:
        if make not in self._made:
            self._made[make] = make()
        made: Made = self._made[make]
        return made


@dataclass(frozen=True)
class Section:
    """A part of digests; `place` orders them where staff gave no order.

    `changes` gives a value that differs once what was read is out of date; sections that read the
    same name the same function, which is then asked once. What does not stand `alone` goes along
    with other sections or an introduction, and is no reason for a digest by itself. What `keep`
    gives is stored with the issue when it starts, as JSON in `issue.kept[name]`, and told from
    there.
    """

    name: str
    place: int
    label: Any
    changes: Callable[[Any], Hashable]
    open: Callable[[Any, Shared], Opened]
    alone: bool = True
    keep: Callable[[Any], Mapping[str, Any] | None] | None = None


_sections: dict[str, Section] = {}


def register(*sections: Section) -> None:
    """Make sections known to all digests."""
    _sections.update({section.name: section for section in sections})


def registered() -> Mapping[str, Section]:
    return _sections


def rendered(template: str, to_language: str, **values: Any) -> Fragment:
    """The fragment of two templates, with its style put on each element, and quoted-printable, so
    that one person's copy is a join of bytes.
    """
    values["language"] = to_language
    html = render_template(f"{template}.html", **values)
    text = render_template(f"{template}.txt", **values)
    return Fragment(
        html=quote(str(layout.inline_fragment(html, current_app.jinja_env))),
        text=quote(text.strip() + "\n"),
    )
