"""Staff decide about mail in doubt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mailing") as table:
        table.add_column(
            sa.Column("leaves_doubt", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_index(
        "ix_delivery_in_doubt",
        "delivery",
        ["mailing_id"],
        postgresql_where=sa.text("in_doubt"),
        sqlite_where=sa.text("in_doubt"),
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_in_doubt", "delivery")
    with op.batch_alter_table("mailing") as table:
        table.drop_column("leaves_doubt")
