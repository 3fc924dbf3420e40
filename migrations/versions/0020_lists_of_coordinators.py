"""Lists that coordinators bring for their own alliance wait for staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_run") as table:
        table.add_column(sa.Column("approval_asked_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("not_approved", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("import_run") as table:
        table.drop_column("not_approved")
        table.drop_column("approval_asked_at")
