"""Copies of a mailing name it without a foreign key, which cost more than writing them did.

Batches refer to it, and now keep it: a mailing that has copies cannot be deleted.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_COPIES, OF_BATCHES = "fk_delivery_mailing_id", "fk_batch_mailing_id"
COPY_STATES = ("waiting", "sending", "sent", "failed", "skipped")
BATCH_STATES = ("waiting", "sending", "done")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_copies()
        _rebuild_batches(_to_mailing(OF_BATCHES, None))
        return
    op.drop_constraint(OF_COPIES, "delivery", type_="foreignkey")
    op.drop_constraint(OF_BATCHES, "batch", type_="foreignkey")
    op.create_foreign_key(OF_BATCHES, "batch", "mailing", ["mailing_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_copies(_to_mailing(OF_COPIES, "CASCADE"))
        _rebuild_batches(_to_mailing(OF_BATCHES, "CASCADE"))
        return
    op.drop_constraint(OF_BATCHES, "batch", type_="foreignkey")
    for name, table in ((OF_BATCHES, "batch"), (OF_COPIES, "delivery")):
        op.create_foreign_key(name, table, "mailing", ["mailing_id"], ["id"], ondelete="CASCADE")


def _to_mailing(name: str, ondelete: str | None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["mailing_id"], ["mailing.id"], name=op.f(name), ondelete=ondelete
    )


def _one_of(name: str, states: Sequence[str]) -> sa.CheckConstraint:
    return sa.CheckConstraint(sa.column("state", sa.String).in_(states), name=op.f(name))


def _rebuild_copies(*more: sa.ForeignKeyConstraint) -> None:
    """SQLite changes no constraint of a table that is there: its rows move to another."""
    made = op.create_table(
        "delivery_anew",
        sa.Column("mailing_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("batch_number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("in_doubt", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        _one_of("ck_delivery_sendstate", COPY_STATES),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_delivery_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mailing_id", "person_id", name=op.f("pk_delivery")),
        *more,
        sqlite_with_rowid=False,
    )
    _move(made, "delivery")
    for columns in (["mailing_id", "batch_number", "person_id"], ["person_id"]):
        op.create_index(op.f(f"ix_delivery_{'_'.join(columns)}"), "delivery", columns)
    op.create_index(
        "ix_delivery_in_doubt", "delivery", ["mailing_id"], sqlite_where=sa.text("in_doubt")
    )


def _rebuild_batches(to_mailing: sa.ForeignKeyConstraint) -> None:
    made = op.create_table(
        "batch_anew",
        sa.Column("mailing_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        _one_of("ck_batch_batchstate", BATCH_STATES),
        to_mailing,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("mailing_id", "number", name=op.f("uq_batch_mailing_id_number")),
    )
    _move(made, "batch")
    op.create_index(op.f("ix_batch_state_due_at"), "batch", ["state", "due_at"])


def _move(made: sa.Table, name: str) -> None:
    names = list(made.columns.keys())
    before = sa.table(name, *(sa.column(each) for each in names))
    op.execute(made.insert().from_select(names, sa.select(before)))
    op.drop_table(name)
    op.rename_table(made.name, name)
