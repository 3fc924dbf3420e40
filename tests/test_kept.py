"""What is kept of a slow seed is the same as what the seed writes."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.foundation.db import Base
from tests.factories import AllianceFactory, coordinator_of
from tests.kept import Kept


def written(db: Session) -> dict[str, int]:
    counts = {
        name: db.scalar(select(func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
    }
    return {name: count for name, count in counts.items() if count}


def test_rows_come_back_with_their_numbers_and_the_next_one_goes_on(db: Session) -> None:
    seeds = []

    def seed() -> None:
        seeds.append(coordinator_of(AllianceFactory()).id)

    kept = Kept(seed)
    kept.write(db)
    before = written(db)
    db.expunge_all()
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in before:
            db.execute(table.delete())
    kept.write(db)

    assert written(db) == before
    assert len(seeds) == 1
    assert coordinator_of(AllianceFactory()).id == seeds[0] + 1
