"""Model texts that are retired, what a text was begun from, and the talking point of a clause."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("model_text", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("text_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("model_version_id", KEY, nullable=True))
        batch_op.create_index(
            batch_op.f("ix_text_version_model_version_id"), ["model_version_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_text_version_model_version_id"),
            "text_version",
            ["model_version_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("text_clause", schema=None) as batch_op:
        batch_op.add_column(sa.Column("point_id", KEY, nullable=True))
        batch_op.create_index(batch_op.f("ix_text_clause_point_id"), ["point_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_text_clause_point_id"),
            "talking_point",
            ["point_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    with op.batch_alter_table("text_clause", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_text_clause_point_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_text_clause_point_id"))
        batch_op.drop_column("point_id")

    with op.batch_alter_table("text_version", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_text_version_model_version_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_text_version_model_version_id"))
        batch_op.drop_column("model_version_id")

    with op.batch_alter_table("model_text", schema=None) as batch_op:
        batch_op.drop_column("retired_at")
        batch_op.drop_column("about")
