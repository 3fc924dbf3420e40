"""The order that staff give the sections of an issue or a series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.digests.models import Issue
from app.mail import sections
from app.mail.sections import Section


class Mode(StrEnum):
    """Where staff put a section: before the introduction, in its order, or nowhere."""

    PINNED = "pinned"
    SHOWN = "shown"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Placed:
    """A section and where it stands."""

    section: Section
    mode: Mode = Mode.SHOWN


def arranged(stored: Iterable[Sequence[str]]) -> Sequence[Placed]:
    """All sections in the order that was stored as pairs of name and mode; unnamed ones follow
    by their place.
    """
    known = sections.registered()
    placed = [Placed(known[name], Mode(mode)) for name, mode in stored if name in known]
    named = {each.section.name for each in placed}
    rest = sorted(known.values(), key=lambda section: section.place)
    return [*placed, *(Placed(each) for each in rest if each.name not in named)]


def stored(placed: Iterable[Placed]) -> list[list[str]]:
    """An arrangement as an issue keeps it."""
    return [[each.section.name, each.mode.value] for each in placed]


def kept(issue: Issue) -> dict[str, Any]:
    """What the sections that an issue shows put away when it starts, by their names."""
    shown = (each.section for each in arranged(issue.sections) if each.mode != Mode.DROPPED)
    told = {each.name: each.keep(issue) for each in shown if each.keep is not None}
    return {name: dict(words) for name, words in told.items() if words is not None}


def of(issue: Issue, mode: Mode) -> Sequence[Section]:
    return [each.section for each in arranged(issue.sections) if each.mode == mode]
