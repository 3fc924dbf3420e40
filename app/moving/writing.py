"""What became of rows, written for many at once, since one by one it takes longer than judging."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from app.foundation.among import among, paired
from app.foundation.db import db, table_of
from app.moving.models import ImportRow

FEW = 10
"""So many rows that are alike are left to the session, which writes them with the others."""


def judged(rows: Sequence[ImportRow]) -> None:
    """Write outcomes, in one statement for all rows that are alike; these leave the session."""
    alike = defaultdict(list)
    for row in rows:
        if row.person_id is None and row.made_id is None:
            alike[row.outcome, row.reason, row.opted_in, row.twice].append(row)
    table = table_of(ImportRow)
    for (outcome, reason, opted_in, twice), those in alike.items():
        if len(those) > FEW:
            for row in those:
                db.expunge(row)
            db.execute(
                update(table)
                .where(among(table.c.id, [row.id for row in those]))
                .values(outcome=outcome, reason=reason, opted_in=opted_in, twice=twice)
            )


def made(rows: Sequence[ImportRow], numbers: Sequence[int]) -> None:
    """Write whom each of these rows made, in one statement."""
    if rows:
        table, pairs = table_of(ImportRow), paired([row.id for row in rows], numbers)
        with db.no_autoflush:
            db.execute(
                update(table).values(person_id=pairs.c.right).where(table.c.id == pairs.c.left)
            )
        for row, number in zip(rows, numbers, strict=True):
            set_committed_value(row, "person_id", number)
