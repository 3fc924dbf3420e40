"""The call of a day and its answers; kits; events that come again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_series",
        sa.Column(
            "alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("wall_start", sa.DateTime(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("made_until", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"],
            ["alliance.id"],
            name=op.f("fk_event_series_alliance_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_series")),
    )
    with op.batch_alter_table("event_series", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_series_alliance_id"), ["alliance_id"], unique=False
        )

    op.create_table(
        "kit",
        sa.Column("key", sa.String(), nullable=True),
        sa.Column(
            "alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "adopted_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "panel",
                "teach_in",
                "rally",
                "film_screening",
                "reception",
                "picnic",
                "worship",
                "vigil",
                "press_conference",
                "lobby_visit",
                "proclamation_ceremony",
                "council_turnout",
                "organizing_meeting",
                "training",
                "phone_bank",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("materials", sa.JSON(), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("reminders", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_kit_minutes")),
        sa.ForeignKeyConstraint(
            ["adopted_from_id"],
            ["kit.id"],
            name=op.f("fk_kit_adopted_from_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliance.id"], name=op.f("fk_kit_alliance_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit")),
        sa.UniqueConstraint("key", name=op.f("uq_kit_key")),
    )
    with op.batch_alter_table("kit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kit_alliance_id_archived_at"),
            ["alliance_id", "archived_at"],
            unique=False,
        )

    op.create_table(
        "edition_answer",
        sa.Column(
            "edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "called",
                "accepted",
                "declined",
                name="answerstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("like_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudges", sa.Integer(), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"],
            ["alliance.id"],
            name=op.f("fk_edition_answer_alliance_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["person.id"],
            name=op.f("fk_edition_answer_answered_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_edition_answer_edition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_edition_answer_event_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["like_id"], ["event.id"], name=op.f("fk_edition_answer_like_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_answer")),
        sa.UniqueConstraint(
            "edition_id", "alliance_id", name=op.f("uq_edition_answer_edition_id_alliance_id")
        ),
    )
    with op.batch_alter_table("edition_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_edition_answer_alliance_id_state"),
            ["alliance_id", "state"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_edition_answer_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_answer_told_at"), ["told_at"], unique=False)

    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(sa.Column("called_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("materials", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("roles", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("materials", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("checklist", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(
            sa.Column(
                "series_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("series_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("series_own", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_event_series_id_series_on"), ["series_id", "series_on"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_event_series_id"),
            "event_series",
            ["series_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_event_kit_id"), "kit", ["kit_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_event_kit_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_event_series_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_event_series_id_series_on"), type_="unique")
        batch_op.drop_column("series_own")
        batch_op.drop_column("series_on")
        batch_op.drop_column("series_id")
        batch_op.drop_column("checklist")
        batch_op.drop_column("materials")
        batch_op.drop_column("roles")
        batch_op.drop_column("kit_id")

    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_column("materials")
        batch_op.drop_column("called_at")

    with op.batch_alter_table("edition_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_answer_told_at"))
        batch_op.drop_index(batch_op.f("ix_edition_answer_event_id"))
        batch_op.drop_index(batch_op.f("ix_edition_answer_alliance_id_state"))

    op.drop_table("edition_answer")
    with op.batch_alter_table("kit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kit_alliance_id_archived_at"))

    op.drop_table("kit")
    with op.batch_alter_table("event_series", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_series_alliance_id"))

    op.drop_table("event_series")
