"""What a slow seed wrote is kept, and written again at once where another test wants it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.db import Base, is_postgresql


class Kept:
    """The rows of `seed` in an empty database, as they were the first time on this day."""

    def __init__(self, seed: Callable[[], object]) -> None:
        self._seed = seed
        self._rows: dict[date, list[tuple[Table, list[dict[str, Any]]]]] = {}

    def write(self, session: Session) -> None:
        day = clock.today()
        if day in self._rows:
            for table, rows in self._rows[day]:
                session.execute(insert(table), rows)
                _count_on(session, table)
            session.commit()
        else:
            self._seed()
            session.commit()  # which may write something, too
            self._rows[day] = [*_filled(session)]


def _filled(session: Session) -> Any:
    for table in Base.metadata.sorted_tables:
        query = select(*(column for column in table.columns if column.computed is None))
        rows = session.execute(query.order_by(*table.primary_key)).mappings().all()
        if rows:
            yield table, [dict(row) for row in rows]


def _count_on(session: Session, table: Table) -> None:
    """PostgreSQL's counter of numbers does not see numbers that were given."""
    counted = table.autoincrement_column
    if counted is not None and is_postgresql():
        counter = func.pg_get_serial_sequence(table.name, counted.name)
        session.execute(select(func.setval(counter, select(func.max(counted)).scalar_subquery())))
