"""The register's revision, and an index in the order of its first page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PUBLIC = sa.text("published_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "register_revision",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_revision")),
    )
    op.create_index(
        "ix_measure_register",
        "measure",
        ["year", "id"],
        postgresql_where=PUBLIC,
        sqlite_where=PUBLIC,
    )


def downgrade() -> None:
    op.drop_index("ix_measure_register", table_name="measure")
    op.drop_table("register_revision")
