"""The sections of a digest: a registry that each domain adds to.

A section is opened once for an issue and then asked for each round of about fifty readers what to
tell them. Opening and asking may read; telling a single reader must not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from app.digests.facts import Circumstances
from app.digests.fragments import Fragment
from app.digests.models import Issue

Made = TypeVar("Made")
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
    same name the same function, which is then asked once.
    """

    name: str
    place: int
    label: Any
    changes: Callable[[Issue], Hashable]
    open: Callable[[Issue, Shared], Opened]


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Make a section known to all digests."""
    _sections[section.name] = section


def registered() -> Mapping[str, Section]:
    return _sections
