"""The map of the states and its list, drawn once for their numbers and a language: most of their
pages' work."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from flask import get_template_attribute
from markupsafe import Markup

from app.foundation import geo, language


def tile_map(counts: Mapping[str, int], label: str) -> Markup:
    """The states with the number of places in each, by the state's code; label says of what."""
    return _drawn(tuple(sorted(counts.items())), label, language.current(), many=False)


def crowd_map(counts: Mapping[str, int], label: str) -> Markup:
    """The same for numbers of people, which are larger."""
    return _drawn(tuple(sorted(counts.items())), label, language.current(), many=True)


def state_table(
    counts: Mapping[str, int], link: str = "", people: Mapping[str, int] | None = None
) -> Markup:
    """The numbers of a map as a list. `link` stands before the code of a state in an address,
    e.g. `/alliances/?state=`; `people` came to the events that are counted."""
    numbers = tuple(sorted(counts.items())), tuple(sorted((people or {}).items()))
    return _listed(*numbers, link, language.current())


@lru_cache(maxsize=64)
def _listed(
    counts: tuple[tuple[str, int], ...],
    people: tuple[tuple[str, int], ...],
    link: str,
    _language: str,
) -> Markup:
    draw = get_template_attribute("macros/map.html", "state_table")
    return Markup(draw(dict(counts), geo.states(), link, dict(people)))  # noqa: S704  as below


@lru_cache(maxsize=64)
def _drawn(
    counts: tuple[tuple[str, int], ...], label: str, _language: str, *, many: bool
) -> Markup:
    draw = get_template_attribute("macros/map.html", "tile_map")
    return Markup(draw(dict(counts), geo.states(), label, many))  # noqa: S704  the macro's own markup
