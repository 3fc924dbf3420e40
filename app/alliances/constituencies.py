"""For whom somebody speaks, as they told us themselves."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, insert, select

from app.alliances.organization_models import Constituency, PersonConstituency
from app.foundation.db import db, table_of


def of_person(person_id: int) -> set[Constituency]:
    mine = PersonConstituency.person_id == person_id
    return set(db.scalars(select(PersonConstituency.constituency).where(mine)))


def choose(person_id: int, chosen: Collection[Constituency]) -> None:
    """These, and no others."""
    db.execute(delete(PersonConstituency).where(PersonConstituency.person_id == person_id))
    rows = [{"person_id": person_id, "constituency": each} for each in sorted(set(chosen))]
    if rows:
        db.execute(insert(table_of(PersonConstituency)), rows)
