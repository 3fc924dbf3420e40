"""What the public reads of an event template may be written in Spanish, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("kit") as table:
        table.add_column(sa.Column("title_es", sa.String(), nullable=False, server_default=""))
        table.add_column(
            sa.Column("description_es", sa.String(), nullable=False, server_default="")
        )


def downgrade() -> None:
    with op.batch_alter_table("kit") as table:
        table.drop_column("description_es")
        table.drop_column("title_es")
