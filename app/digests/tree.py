"""A choice of people: conditions in groups of which all, any or none must be met.

It is kept as JSON, turned into one piece of SQL over `Person`, and said in plain words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, not_, or_, true, union_all

from app.digests import belonging_conditions, place_conditions, taking_part
from app.mail import conditions
from app.mail.conditions import Values
from app.people.models import Person

MOST_CONDITIONS = 20
DEEPEST = 3
"""Groups within groups; people cannot read more."""
KINDS = (belonging_conditions, place_conditions, taking_part)


class Match(StrEnum):
    """How many of a group's parts must be met."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True)
class Leaf:
    """One condition with what was chosen in it."""

    kind: str
    values: Values


@dataclass(frozen=True)
class Group:
    """Parts of which all, any or none must be met; a group without parts asks for nothing."""

    match: Match = Match.ALL
    parts: tuple[Group | Leaf, ...] = ()


EVERYBODY = Group()


def members_of(*alliance_ids: int) -> Group:
    """The members of some alliances."""
    return Group(parts=(Leaf("alliance", {"alliances": list(alliance_ids)}),))


def as_json(part: Group | Leaf) -> dict[str, Any]:
    """A choice as the database keeps it."""
    if isinstance(part, Leaf):
        return {"kind": part.kind, "values": dict(part.values)}
    return {"match": part.match.value, "parts": [as_json(each) for each in part.parts]}


def from_json(kept: Mapping[str, Any]) -> Group:
    """A choice as `as_json` wrote it; nothing at all is everybody."""
    parts = tuple(_part(each) for each in kept.get("parts", ()))
    return Group(Match(kept.get("match", Match.ALL)), parts)


def where(part: Group | Leaf) -> ColumnElement[bool]:
    """Who fits, as SQL over `Person`."""
    if isinstance(part, Leaf):
        return conditions.kind_of(part.kind).where(part.values)
    parts = sorted((each for each in part.parts if not _is_empty(each)), key=_asks_elsewhere)
    if not parts:
        return true()
    if part.match == Match.ANY:
        return or_(*_any_of(parts))
    tests = [where(each) for each in parts]
    if part.match == Match.ALL:
        return and_(*tests)
    return and_(*map(not_, tests))


def _any_of(parts: Sequence[Group | Leaf]) -> Iterator[ColumnElement[bool]]:
    """Tests of which one is enough: those that other tables know by themselves are one list of
    people, which PostgreSQL reads once and with several processes. A subquery that is asked for
    each person took it three times as long.
    """
    known: list[Select[Any]] = []
    for part in parts:
        people = _known_people(part)
        known += people
        if not people:
            yield where(part)
    if known:
        yield Person.id.in_(union_all(*known) if len(known) > 1 else known[0])


def _known_people(part: Group | Leaf) -> Sequence[Select[Any]]:
    return conditions.kind_of(part.kind).people(part.values) if isinstance(part, Leaf) else ()


def leaves(part: Group | Leaf) -> Iterator[Leaf]:
    """The conditions that somebody in the group may have been chosen by."""
    if isinstance(part, Leaf):
        yield part
    elif part.match != Match.NONE:
        for each in part.parts:
            yield from leaves(each)


def sentence(group: Group) -> str:
    """The choice as a sentence: "People who live in Ohio, and not: came to an event"."""
    words = _words(group)
    return str(_("People who %(conditions)s.", conditions=words) if words else _("Everybody."))


def _part(kept: Mapping[str, Any]) -> Group | Leaf:
    return Leaf(kept["kind"], kept["values"]) if "kind" in kept else from_json(kept)


def _is_empty(part: Group | Leaf) -> bool:
    return isinstance(part, Group) and all(_is_empty(each) for each in part.parts)


def _asks_elsewhere(part: Group | Leaf) -> bool:
    """Whether it is slow: databases take what stands first, and often need no more."""
    if isinstance(part, Leaf):
        return conditions.kind_of(part.kind).asks_elsewhere
    return any(map(_asks_elsewhere, part.parts))


def _words(part: Group | Leaf) -> str:
    """A group in words; what excludes comes last, and groups in groups stand in brackets."""
    if isinstance(part, Leaf):
        return conditions.kind_of(part.kind).words(part.values)
    parts = [each for each in part.parts if not _is_empty(each)]
    excluding = [each for each in parts if _excludes(each)]
    parts = [each for each in parts if not _excludes(each)] + excluding
    if not parts:
        return ""
    if part.match == Match.NONE:
        return str(_("not: %(conditions)s", conditions=_("; or ").join(_each(parts))))
    between = _("; and ") if part.match == Match.ALL else _("; or ")
    return str(between).join(_each(parts))


def _each(parts: Sequence[Group | Leaf]) -> Iterable[str]:
    """The words of some parts; what two of them say alike is said once."""
    return dict.fromkeys(map(_inner, parts))


def _inner(part: Group | Leaf) -> str:
    if isinstance(part, Leaf) or len(part.parts) == 1 or part.match == Match.NONE:
        return _words(part)
    return f"({_words(part)})"


def _excludes(part: Group | Leaf) -> bool:
    return isinstance(part, Group) and part.match == Match.NONE
