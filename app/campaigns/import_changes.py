"""What a row of an import changes in a record that is here already: only what it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from app.campaigns import cases
from app.campaigns.cases import Case
from app.campaigns.measure_models import MeasureSource

_OTHERWISE = {"id", "source", "extras", "named"}
_LONGEST = 120


def filled(case: Case, before: Case, sources: Sequence[MeasureSource]) -> Case:
    """The row with what it does not name taken from the record.

    Its source is the record's where it says no more than that. The name of a council is not taken
    to another place.
    """
    stays = {
        field.name: getattr(before, field.name)
        for field in fields(Case)
        if field.name not in case.named and field.name not in _OTHERWISE
    }
    if case.division != before.division:
        stays.pop("body", None)
    if not sources or not _says_more(case.source, sources):
        stays["source"] = before.source or case.source
    return replace(case, id=before.id, extras=dict(before.extras) | dict(case.extras), **stays)


def kept_sources(case: Case, sources: Sequence[MeasureSource]) -> Iterator[str]:
    """Where the record's link stays although the row says something else."""
    said = {name for each in sources for name in (each.url, each.title)}
    if sources and case.source not in said and not _says_more(case.source, sources):
        yield f"source {sources[0].url} stays: {case.source!r} has no link"


def changes(before: Case, after: Case) -> Iterator[str]:
    """What is said otherwise than before: `session '2019' -> ''`."""
    old, new = cases.written(before), cases.written(after)
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            yield f"{key} {_shown(key, old.get(key, ''))} -> {_shown(key, new.get(key, ''))}"


def is_link(source: str) -> bool:
    return source.startswith(("http://", "https://"))


def _says_more(said: str, sources: Sequence[MeasureSource]) -> bool:
    if any(said in (each.url, each.title) for each in sources):
        return False
    return is_link(said) or not sources[0].url


def _shown(key: str, value: Any) -> str:
    shown = str(cases.in_a_line(key, value))
    return repr(shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…")
