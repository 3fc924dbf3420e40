"""Many values in one parameter, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.foundation.among import among, paired
from app.people.models import Person
from tests.factories import PersonFactory


@pytest.mark.parametrize("wanted", [0, 1, 3])
def test_a_column_is_sought_among_any_number_of_numbers(db: Session, wanted: int) -> None:
    ids = [person.id for person in PersonFactory.create_batch(4)]
    found = select(Person.id).where(among(Person.id, ids[:wanted])).order_by(Person.id)
    assert db.scalars(found).all() == ids[:wanted]


def test_a_column_of_words_is_sought_among_words(db: Session) -> None:
    PersonFactory.create_batch(2, name="Zoë")
    PersonFactory(name='Ana, "O\'Neil" {x}')
    found = select(Person.name).where(among(Person.name, ['Ana, "O\'Neil" {x}', "Nobody"]))
    assert db.scalars(found).all() == ['Ana, "O\'Neil" {x}']


@pytest.mark.parametrize("pairs", [[], [(1, 7)], [(3, 1), (2**40, 2)]])
def test_pairs_of_numbers_are_a_table(db: Session, pairs: list[tuple[int, int]]) -> None:
    found = paired([left for left, _right in pairs], [right for _left, right in pairs])
    rows = db.execute(select(found.c.left, found.c.right).order_by(found.c.left))
    assert [tuple(row) for row in rows] == pairs
