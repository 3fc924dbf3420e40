"""Places, councils and boards with their rules, seats and meetings, and members of Congress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "division",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "sought",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
    )
    with op.batch_alter_table("division", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_division_sought"), ["sought"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_division_state_sought"), ["state", "sought"], unique=False
        )

    op.create_table(
        "legislator",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "chamber",
            sa.Enum(
                "sen", "rep", name="chamber", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("district", sa.Integer(), nullable=True),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("contact_form", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legislator")),
    )
    with op.batch_alter_table("legislator", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_legislator_state_chamber_district"),
            ["state", "chamber", "district"],
            unique=False,
        )

    op.create_table(
        "division_alias",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("division_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["division_id"],
            ["division.id"],
            name=op.f("fk_division_alias_division_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division_alias")),
    )
    op.create_table(
        "legislator_office",
        sa.Column("legislator_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("zip", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["legislator_id"],
            ["legislator.id"],
            name=op.f("fk_legislator_office_legislator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legislator_office")),
        sa.UniqueConstraint("key", name=op.f("uq_legislator_office_key")),
    )
    with op.batch_alter_table("legislator_office", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_legislator_office_legislator_id"), ["legislator_id"], unique=False
        )

    op.create_table(
        "body",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("division_id", sa.String(), nullable=False),
        sa.Column(
            "alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "city_council",
                "county_board",
                "school_board",
                "legislature",
                "congress",
                "executive",
                "organization",
                "voters",
                name="bodykind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("resolution_word", sa.String(), nullable=False),
        sa.Column("clerk", sa.String(), nullable=False),
        sa.Column("clerk_address", sa.String(), nullable=False),
        sa.Column("clerk_email", sa.String(), nullable=False),
        sa.Column("clerk_phone", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("legistar_url", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("extras", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("members IS NULL OR members > 0", name=op.f("ck_body_members")),
        sa.ForeignKeyConstraint(
            ["alliance_id"], ["alliance.id"], name=op.f("fk_body_alliance_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_body_division_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("slug", name=op.f("uq_body_slug")),
    )
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_body_division_id"), ["division_id"], unique=False)

    op.create_table(
        "body_rule",
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "key",
            sa.Enum(
                "agenda_posting",
                "filing",
                "asking",
                "referral",
                "public_comment",
                "executive_review",
                "proclamation",
                "sponsors",
                "votes",
                "text_limits",
                "special_notice",
                "attestation",
                name="rulekey",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("source_title", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_body_rule_body_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_rule")),
        sa.UniqueConstraint("body_id", "key", name=op.f("uq_body_rule_body_id_key")),
    )
    op.create_table(
        "committee",
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_committee_body_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
        sa.UniqueConstraint("body_id", "name", name=op.f("uq_committee_body_id_name")),
    )
    op.create_table(
        "seat",
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "district",
                "at_large",
                "presiding",
                name="seatkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("division_id", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_seat_body_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_seat_division_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("body_id", "label", name=op.f("uq_seat_body_id_label")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_division_id"), ["division_id"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "committee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "regular",
                "special",
                "hearing",
                name="meetingkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("wall_start", sa.DateTime(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("agenda_url", sa.String(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_meeting_body_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["committee_id"],
            ["committee.id"],
            name=op.f("fk_meeting_committee_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint(
            "committee_id", "wall_start", name=op.f("uq_meeting_committee_id_wall_start")
        ),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(
            "uq_meeting_of_body",
            ["body_id", "wall_start"],
            unique=True,
            sqlite_where=sa.text("committee_id IS NULL"),
            postgresql_where=sa.text("committee_id IS NULL"),
        )

    op.create_table(
        "meeting_pattern",
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "committee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("recess", sa.JSON(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_meeting_pattern_body_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["committee_id"],
            ["committee.id"],
            name=op.f("fk_meeting_pattern_committee_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_pattern")),
        sa.UniqueConstraint("committee_id", name=op.f("uq_meeting_pattern_committee_id")),
    )
    with op.batch_alter_table("meeting_pattern", schema=None) as batch_op:
        batch_op.create_index(
            "uq_meeting_pattern_of_body",
            ["body_id"],
            unique=True,
            sqlite_where=sa.text("committee_id IS NULL"),
            postgresql_where=sa.text("committee_id IS NULL"),
        )

    op.create_table(
        "seat_term",
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "until IS NULL OR since IS NULL OR until >= since", name=op.f("ck_seat_term_dates")
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_seat_term_seat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_term")),
    )
    with op.batch_alter_table("seat_term", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_seat_term_seat_id_until"), ["seat_id", "until"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("seat_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_term_seat_id_until"))

    op.drop_table("seat_term")
    with op.batch_alter_table("meeting_pattern", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_meeting_pattern_of_body",
            sqlite_where=sa.text("committee_id IS NULL"),
            postgresql_where=sa.text("committee_id IS NULL"),
        )

    op.drop_table("meeting_pattern")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_meeting_of_body",
            sqlite_where=sa.text("committee_id IS NULL"),
            postgresql_where=sa.text("committee_id IS NULL"),
        )

    op.drop_table("meeting")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_division_id"))

    op.drop_table("seat")
    op.drop_table("committee")
    op.drop_table("body_rule")
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_division_id"))
        batch_op.drop_index(batch_op.f("ix_body_alliance_id"))

    op.drop_table("body")
    with op.batch_alter_table("legislator_office", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legislator_office_legislator_id"))

    op.drop_table("legislator_office")
    op.drop_table("division_alias")
    with op.batch_alter_table("legislator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legislator_state_chamber_district"))

    op.drop_table("legislator")
    with op.batch_alter_table("division", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_division_state_sought"))
        batch_op.drop_index(batch_op.f("ix_division_sought"))

    op.drop_table("division")
