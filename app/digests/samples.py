"""Ten people whom a mailing reaches or leaves out, by first name and initial: staff see who it is.

People see on their own page that somebody looked, once a day at most; who is known only to their
coordinator is counted, but never shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.digests import audience, tree
from app.digests.audience import Audience, LeftOut
from app.foundation import geo, text
from app.foundation.db import db
from app.mail import conditions
from app.people import actions as people
from app.people.models import Person

SIZE = 10
WHAT = "audience sample"
WHAT_LEFT_OUT = "left-out sample"
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
    rows = db.execute(
        select(Person.id, Person.name, Person.state, *tests)
        .join(getting, getting.c.person_id == Person.id)
        .where(Person.discreet.is_(False))
        .order_by(*_spread())
        .limit(SIZE)
    ).all()
    labels = [str(conditions.kind_of(leaf.kind).label) for leaf in leaves]
    people.disclose_each([row[0] for row in rows], to=by_id, role="staff", what=WHAT)
    return [_sampled(row[1], row[2], labels, row[3:]) for row in rows]


def look_left_out(whom: Audience, *, by_id: int) -> Mapping[LeftOut, list[Sampled]]:
    """Up to ten people for each reason why they get nothing, noted as looked at."""
    left = audience.left_out(whom).subquery()
    place = func.row_number().over(partition_by=left.c.left_out, order_by=_spread())
    numbered = (
        select(Person.id, Person.name, Person.state, left.c.left_out, place.label("place"))
        .join(left, left.c.person_id == Person.id)
        .where(Person.discreet.is_(False))
        .subquery()
    )
    first = select(numbered).where(numbered.c.place <= SIZE).order_by(numbered.c.place)
    rows = db.execute(first).all()
    people.disclose_each([row.id for row in rows], to=by_id, role="staff", what=WHAT_LEFT_OUT)
    found: dict[LeftOut, list[Sampled]] = {reason: [] for reason in LeftOut}
    for row in rows:
        found[LeftOut(row.left_out)].append(_sampled(row.name, row.state, (), ()))
    return {reason: sample for reason, sample in found.items() if sample}


def _spread() -> Sequence[Any]:
    factor, prime = SPREAD
    return (Person.id * factor) % prime, Person.id


def _sampled(name: str, state: str | None, labels: Sequence[str], met: Sequence[Any]) -> Sampled:
    why = dict.fromkeys(label for label, fits in zip(labels, met, strict=True) if fits)
    return Sampled(text.short_name(name), geo.state_name(state or ""), ", ".join(why))
