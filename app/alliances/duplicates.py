"""Finding records that may be one person, in the background and among many: by address, by phone,
by name and ZIP code. Somebody of the staff decides; what was said of a pair is not asked again.
Whoever is known only to their coordinator is in no pair that staff see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import aliased, contains_eager

from app.alliances.duplicate_models import Likeness, PairState, PersonMerge, PersonPair
from app.foundation import clock, text
from app.foundation.db import db
from app.people.models import Person, Standing

MOST_SHOWN = 50
MOST_UNDONE = 20


def find() -> int:
    """Note pairs that were not known; how many there are."""
    known = {(first, second) for first, second in db.execute(_pairs_known())}
    found = {pair: likeness for pair, likeness in _alike() if pair not in known}
    now = clock.now()
    rows = [
        {
            "first_id": first,
            "second_id": second,
            "likeness": likeness,
            "state": PairState.OPEN,
            "found_at": now,
        }
        for (first, second), likeness in sorted(found.items())
    ]
    if rows:
        db.execute(insert(PersonPair), rows)
    return len(rows)


def _pairs_known() -> Select[int, int]:
    return select(PersonPair.first_id, PersonPair.second_id)


def _alike() -> Iterator[tuple[tuple[int, int], Likeness]]:
    """Neighbors of each group of likes; the strongest likeness of a pair comes last."""
    people = db.execute(
        select(Person.id, Person.name, Person.zip, Person.phone, Person.address_id)
        .where(
            Person.standing.in_((Standing.ACTIVE, Standing.UNCONFIRMED)),
            Person.discreet.is_(False),
        )
        .order_by(Person.id)
    ).all()
    groups: dict[Likeness, dict[object, list[int]]] = {likeness: {} for likeness in Likeness}
    for person in people:
        name = text.folded(person.name)
        if name and person.zip:
            groups[Likeness.NAME_AND_ZIP].setdefault((name, person.zip), []).append(person.id)
        if person.phone:
            groups[Likeness.PHONE].setdefault(person.phone, []).append(person.id)
        if person.address_id:
            groups[Likeness.EMAIL].setdefault((person.address_id, name), []).append(person.id)
    for likeness in (Likeness.NAME_AND_ZIP, Likeness.PHONE, Likeness.EMAIL):
        for ids in groups[likeness].values():
            yield from ((pair, likeness) for pair in pairwise(ids))


def open_pairs() -> Sequence[PersonPair]:
    """What waits for somebody's word, the oldest first."""
    return db.scalars(
        _with_people()
        .where(PersonPair.state == PairState.OPEN)
        .order_by(PersonPair.found_at, PersonPair.id)
        .limit(MOST_SHOWN)
    ).all()


def pair(number: int, *, lock: bool = False) -> PersonPair | None:
    """Two records and what was said of them; locked, nobody else says anything until the end."""
    query = _with_people().where(PersonPair.id == number)
    return db.scalars(query.with_for_update(of=PersonPair) if lock else query).first()


def recent_merges() -> Sequence[PersonMerge]:
    return db.scalars(
        select(PersonMerge).order_by(PersonMerge.merged_at.desc()).limit(MOST_UNDONE)
    ).all()


def are_different(found: PersonPair) -> None:
    found.state = PairState.DIFFERENT


def _with_people() -> Select[PersonPair]:
    """Without those who became discreet after they were found."""
    first, second = aliased(Person), aliased(Person)
    return (
        select(PersonPair)
        .join(PersonPair.first.of_type(first))
        .join(PersonPair.second.of_type(second))
        .where(first.discreet.is_(False), second.discreet.is_(False))
        .options(
            contains_eager(PersonPair.first.of_type(first)),
            contains_eager(PersonPair.second.of_type(second)),
        )
    )
