"""Ten people of an audience, by first name and initial, so that staff see whom they reach.

People see on their own page that somebody looked, once a day at most; who is known only to their
coordinator is counted, but never shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from app.digests import audience, tree
from app.digests.audience import Audience
from app.foundation import geo, text
from app.foundation.db import db
from app.mail import conditions
from app.people import actions as people
from app.people.models import Person

SIZE = 10
WHAT = "audience sample"
SPREAD = (7_919, 1_000_003)
"""A factor and a prime: who stands in the sample does not depend on who came first, and stays."""


class Sampled(NamedTuple):
    """Somebody in the sample: `why` names the conditions that they meet."""

    name: str
    state: str
    why: str


def look(whom: Audience, *, by_id: int) -> list[Sampled]:
    """Ten people who get it, noted as looked at."""
    getting = audience.receivers(whom).subquery()
    leaves = list(tree.leaves(whom.chosen))
    tests = [tree.where(leaf).label(f"test_{number}") for number, leaf in enumerate(leaves)]
    factor, prime = SPREAD
    rows = db.execute(
        select(Person.id, Person.name, Person.state, *tests)
        .join(getting, getting.c.person_id == Person.id)
        .where(Person.discreet.is_(False))
        .order_by((Person.id * factor) % prime, Person.id)
        .limit(SIZE)
    ).all()
    labels = [str(conditions.kind_of(leaf.kind).label) for leaf in leaves]
    people.disclose_each([row[0] for row in rows], to=by_id, role="staff", what=WHAT)
    return [_sampled(row[1], row[2], labels, row[3:]) for row in rows]


def _sampled(name: str, state: str | None, labels: Sequence[str], met: Sequence[Any]) -> Sampled:
    why = dict.fromkeys(label for label, fits in zip(labels, met, strict=True) if fits)
    return Sampled(text.short_name(name), geo.state_name(state or ""), ", ".join(why))
