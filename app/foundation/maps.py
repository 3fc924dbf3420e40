"""The map of the states, drawn once for its numbers and a language: most of its pages' work."""

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


@lru_cache(maxsize=64)
def _drawn(
    counts: tuple[tuple[str, int], ...], label: str, _language: str, *, many: bool
) -> Markup:
    draw = get_template_attribute("macros/map.html", "tile_map")
    return Markup(draw(dict(counts), geo.states(), label, many))  # noqa: S704  the macro's own markup
