"""What higher domains tell the library: where an ask is being pursued.

A domain appends a function to `PURSUITS`; it is given the ids of asks and answers with what the
public may see of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Pursuit:
    """Somewhere an ask is pursued: a campaign, as a visitor may see it."""

    ask_id: int
    title: str
    url: str


PURSUITS: list[Callable[[Sequence[int]], Sequence[Pursuit]]] = []


def pursuits(ask_ids: Sequence[int]) -> list[Pursuit]:
    """Where some asks are pursued, as each domain tells."""
    return [each for tell in PURSUITS for each in tell(ask_ids)] if ask_ids else []
