"""The health of the network, organizations that are one, what partners share, asks of campaigns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("library_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_library_entry_as_of_id_kind"), ["as_of", "id", "kind"], unique=False
        )
    if op.get_bind().dialect.name == "postgresql":
        # long texts stand beside the table, so that ranking what was found reads few pages
        op.execute("ALTER TABLE library_entry SET (toast_tuple_target = 128)")
    op.create_table(
        "quiet_spell",
        sa.Column(
            "alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"],
            ["alliance.id"],
            name=op.f("fk_quiet_spell_alliance_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_spell")),
    )
    with op.batch_alter_table("quiet_spell", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiet_spell_alliance_id"), ["alliance_id"], unique=False
        )
        batch_op.create_index(
            "uq_quiet_spell_open",
            ["alliance_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "organization_merge",
        sa.Column("kept_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("gone_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column(
            "merged_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["gone_id"],
            ["organization.id"],
            name=op.f("fk_organization_merge_gone_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"],
            ["organization.id"],
            name=op.f("fk_organization_merge_kept_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["merged_by_id"],
            ["person.id"],
            name=op.f("fk_organization_merge_merged_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_merge")),
    )
    with op.batch_alter_table("organization_merge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organization_merge_gone_id"), ["gone_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organization_merge_kept_id"), ["kept_id"], unique=False
        )

    op.create_table(
        "organization_pair",
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "likeness",
            sa.Enum(
                "name",
                "website",
                "email_domain",
                name="organizationlikeness",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "merged",
                "different",
                name="pairstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("first_id <= second_id", name=op.f("ck_organization_pair_order")),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["organization.id"],
            name=op.f("fk_organization_pair_first_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["organization.id"],
            name=op.f("fk_organization_pair_second_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_pair")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_organization_pair_first_id_second_id")
        ),
    )
    with op.batch_alter_table("organization_pair", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organization_pair_second_id"), ["second_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_organization_pair_state"), ["state"], unique=False)

    op.create_table(
        "shared_item",
        sa.Column(
            "organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["person.id"],
            name=op.f("fk_shared_item_added_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_shared_item_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_item")),
    )
    with op.batch_alter_table("shared_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shared_item_organization_id_on"), ["organization_id", "on"], unique=False
        )

    op.create_table(
        "take_over_offer",
        sa.Column("spell_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_take_over_offer_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["spell_id"],
            ["quiet_spell.id"],
            name=op.f("fk_take_over_offer_spell_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_over_offer")),
        sa.UniqueConstraint(
            "spell_id", "person_id", name=op.f("uq_take_over_offer_spell_id_person_id")
        ),
    )
    with op.batch_alter_table("take_over_offer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_take_over_offer_person_id"), ["person_id"], unique=False
        )

    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("ask_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_measure_ask_id"), ["ask_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_measure_ask_id"), "ask", ["ask_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE library_entry RESET (toast_tuple_target)")
    with op.batch_alter_table("library_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_library_entry_as_of_id_kind"))
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_measure_ask_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_measure_ask_id"))
        batch_op.drop_column("ask_id")

    with op.batch_alter_table("take_over_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_take_over_offer_person_id"))

    op.drop_table("take_over_offer")
    with op.batch_alter_table("shared_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shared_item_organization_id_on"))

    op.drop_table("shared_item")
    with op.batch_alter_table("organization_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_pair_state"))
        batch_op.drop_index(batch_op.f("ix_organization_pair_second_id"))

    op.drop_table("organization_pair")
    with op.batch_alter_table("organization_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_merge_kept_id"))
        batch_op.drop_index(batch_op.f("ix_organization_merge_gone_id"))

    op.drop_table("organization_merge")
    with op.batch_alter_table("quiet_spell", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_quiet_spell_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_quiet_spell_alliance_id"))

    op.drop_table("quiet_spell")
