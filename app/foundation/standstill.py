"""Long work that nobody goes on with: domains register how they find theirs, one page tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

Source = Callable[[datetime], Sequence[str]]
"""The names of what has waited since before a moment."""
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Add a domain's long work."""
    _sources.append(source)
    return source


def names(before: datetime) -> list[str]:
    """What should go on and has waited since before this moment."""
    return [name for source in _sources for name in source(before)]
