"""A file number is one record's in a session of a council, however it is capitalized.

Of records that have the same one already, the oldest keeps it; the others show "(2)", "(3)" and so
on behind it, so that people see what to correct.

SQLite's reflection skips an index of an expression: a migration that rebuilds `measure` there must
make it anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEX, BEFORE = "uq_measure_number", "uq_measure_body_id_session_file_number"
MEASURE = sa.table(
    "measure",
    *(sa.column(name) for name in ("id", "body_id", "session", "file_number", "sought")),
)


def upgrade() -> None:
    with op.batch_alter_table("measure") as table:
        table.drop_constraint(BEFORE, type_="unique")
    _tell_apart(op.get_bind())
    op.create_index(
        INDEX, "measure", ["body_id", "session", sa.text("lower(file_number)")], unique=True
    )


def downgrade() -> None:
    op.drop_index(INDEX, table_name="measure")
    with op.batch_alter_table("measure") as table:
        table.create_unique_constraint(BEFORE, ["body_id", "session", "file_number"])


def _tell_apart(connection: sa.Connection) -> None:
    here, same = MEASURE.c, MEASURE.alias().c
    lower = sa.func.lower
    connection.execute(MEASURE.update().where(here.file_number == "").values(file_number=None))
    shared = sa.exists().where(
        same.id != here.id,
        same.body_id == here.body_id,
        same.session == here.session,
        lower(same.file_number) == lower(here.file_number),
    )
    low = lower(here.file_number).label("low")
    doubles = sa.select(MEASURE, low).where(shared).order_by(here.id)
    seen = set[tuple[int, str, str]]()
    for row in connection.execute(doubles).all():
        key = (row.body_id, row.session, row.low)
        if key not in seen:
            seen.add(key)
            continue
        taken = set(
            connection.scalars(
                sa.select(low).where(here.body_id == row.body_id, here.session == row.session)
            )
        )
        suffix = next(each for each in _suffixes() if f"{row.low}{each}" not in taken)
        new = {"file_number": f"{row.file_number}{suffix}", "sought": f"{row.sought}{suffix}"}
        connection.execute(MEASURE.update().where(here.id == row.id).values(new))


def _suffixes() -> Iterator[str]:
    number = 2
    while True:
        yield f" ({number})"
        number += 1
