"""What waits for a second person or for staff: domains register what they have, one page lists it,
and one mail a day tells of it (see sweeping), so that approvals do not come as many mails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what it is, where it is decided, and when it goes by itself, if so."""

    title: str
    what: str
    endpoint: str
    values: Mapping[str, Any]
    since: datetime
    until: datetime | None = None


Source = Callable[[], Sequence[Waiting]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Add what waits in a domain to the list."""
    _sources.append(source)


def waiting() -> list[Waiting]:
    """Everything that waits, the most urgent first, in the language that is spoken."""
    found = [each for source in _sources for each in source()]
    return sorted(found, key=lambda each: (each.until is None, each.until or each.since))
