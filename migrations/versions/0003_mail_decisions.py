"""Staff decide about mail in doubt; replies are counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def big_key() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("mailing") as table:
        table.add_column(
            sa.Column("leaves_doubt", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    op.create_table(
        "reply",
        sa.Column("mailing_id", big_key(), nullable=False),
        sa.Column("person_id", big_key(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailing_id", "person_id"],
            ["delivery.mailing_id", "delivery.person_id"],
            name=op.f("fk_reply_mailing_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mailing_id", "person_id", name=op.f("pk_reply")),
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
    op.drop_table("reply")
    with op.batch_alter_table("mailing") as table:
        table.drop_column("leaves_doubt")
