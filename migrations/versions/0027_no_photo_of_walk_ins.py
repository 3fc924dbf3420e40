"""Who comes without a sign-up may also wish that nobody takes photos of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("arrival") as table:
        table.add_column(
            sa.Column("no_photo", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("arrival") as table:
        table.drop_column("no_photo")
