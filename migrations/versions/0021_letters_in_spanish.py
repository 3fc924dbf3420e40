"""A letter of coordinators may be written in Spanish, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("announcement") as table:
        table.add_column(sa.Column("subject_es", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("body_es", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("announcement") as table:
        table.drop_column("body_es")
        table.drop_column("subject_es")
