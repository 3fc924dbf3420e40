"""What a sponsor said may stand on the public page, once staff agree."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sponsorship") as table:
        table.add_column(sa.Column("words", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("words_source", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("words_on", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("words_agreed", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("sponsorship") as table:
        for name in ("words_agreed", "words_on", "words_source", "words"):
            table.drop_column(name)
