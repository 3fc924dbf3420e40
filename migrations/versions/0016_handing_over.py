"""Imports of more than people, and handing over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "kind IN ('people', 'do_not_email', 'organizations', 'alliances', 'events')"
KINDS_BEFORE = "kind IN ('people', 'do_not_email')"
NEW_KINDS = ("organizations", "alliances", "events")
RUN = sa.table("import_run", sa.column("id", KEY), sa.column("kind", sa.String))
ROW = sa.table("import_row", sa.column("run_id", KEY))


def upgrade() -> None:
    op.create_table(
        "last_sign_in",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_last_sign_in_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_last_sign_in")),
    )
    op.create_index(op.f("ix_audit_entry_actor_id_at"), "audit_entry", ["actor_id", "at"])
    op.create_table(
        "hand_over",
        sa.Column("alliance_id", KEY, nullable=False),
        sa.Column("from_id", KEY, nullable=True),
        sa.Column("into_id", KEY, nullable=True),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"],
            ["alliance.id"],
            name=op.f("fk_hand_over_alliance_id"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["person.id"], name=op.f(f"fk_hand_over_{column}"), ondelete="SET NULL"
            )
            for column in ("from_id", "into_id", "by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    for columns in (["alliance_id", "at"], ["from_id"], ["into_id"]):
        op.create_index(op.f(f"ix_hand_over_{'_'.join(columns)}"), "hand_over", columns)
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_import_run_importkind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_import_run_importkind"), KINDS)
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_id", KEY, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_column("made_id")
    later = sa.select(RUN.c.id).where(RUN.c.kind.in_(NEW_KINDS))
    op.execute(ROW.delete().where(ROW.c.run_id.in_(later)))
    op.execute(RUN.delete().where(RUN.c.kind.in_(NEW_KINDS)))
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_import_run_importkind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_import_run_importkind"), KINDS_BEFORE)
    op.drop_table("hand_over")
    op.drop_index(op.f("ix_audit_entry_actor_id_at"), table_name="audit_entry")
    op.drop_table("last_sign_in")
