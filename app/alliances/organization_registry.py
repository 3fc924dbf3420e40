"""What an organization can do on its own page: higher domains add what they offer.

A domain appends a function to `DOINGS`; it is given the organization and answers with links, such
as co-hosting an event or endorsing a resolution.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.alliances.organization_models import Organization


@dataclass(frozen=True)
class Doing:
    """Something an organization does, or can do: a heading, a line and where it is done."""

    heading: str
    line: str
    url: str


DOINGS: list[Callable[[Organization], Sequence[Doing]]] = []


def doings(organization: Organization) -> list[Doing]:
    return [each for tell in DOINGS for each in tell(organization)]
