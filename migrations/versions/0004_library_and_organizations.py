"""Library and organizations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ask",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "actor",
            sa.Enum(
                "president",
                "state_department",
                "congress",
                "committees",
                "justice_department",
                "defense_department",
                "treasury",
                "homeland_security",
                "intelligence",
                "usaid",
                "national_security_council",
                "mission_to_the_un",
                "un_security_council",
                "us_government",
                "council_or_board",
                "state_legislature",
                name="actor",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("local_form", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
        sa.UniqueConstraint("key", name=op.f("uq_ask_key")),
    )
    op.create_table(
        "source",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("published", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("taken", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_source")),
    )
    op.create_table(
        "talking_point",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "point",
                "response",
                name="pointkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "kind <> 'response' OR claim <> ''", name=op.f("ck_talking_point_claim_of_response")
        ),
        sa.ForeignKeyConstraint(
            ["ask_id"], ["ask.id"], name=op.f("fk_talking_point_ask_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["source_key"],
            ["source.key"],
            name=op.f("fk_talking_point_source_key"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talking_point")),
        sa.UniqueConstraint("key", name=op.f("uq_talking_point_key")),
    )
    with op.batch_alter_table("talking_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talking_point_ask_id"), ["ask_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_talking_point_source_key"), ["source_key"], unique=False
        )

    op.create_table(
        "organization",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "nonprofit",
                "faith",
                "bar",
                "union",
                "school",
                "student",
                "veterans",
                "diaspora",
                "business",
                "partner_coalition",
                "other",
                name="organizationkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("zip", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("us_state", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "prospect",
                "applied",
                "member",
                "declined",
                "left",
                name="organizationstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("authority_by", sa.String(), nullable=False),
        sa.Column("authority_title", sa.String(), nullable=False),
        sa.Column("authority_on", sa.Date(), nullable=True),
        sa.Column(
            "chapter_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "applied_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decision_note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "NOT listed OR authority_on IS NOT NULL",
            name=op.f("ck_organization_listed_with_authority"),
        ),
        sa.CheckConstraint(
            "chapter_of_id IS NULL OR chapter_of_id <> id",
            name=op.f("ck_organization_chapter_of_another"),
        ),
        sa.ForeignKeyConstraint(
            ["applied_by_id"],
            ["person.id"],
            name=op.f("fk_organization_applied_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["chapter_of_id"],
            ["organization.id"],
            name=op.f("fk_organization_chapter_of_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["person.id"],
            name=op.f("fk_organization_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["organization.id"],
            name=op.f("fk_organization_merged_into_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("slug", name=op.f("uq_organization_slug")),
    )
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organization_chapter_of_id"), ["chapter_of_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_organization_name"), ["name"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_organization_state_name"), ["state", "name"], unique=False
        )

    op.create_table(
        "person_constituency",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "constituency",
            sa.Enum(
                "bar",
                "faith",
                "veterans",
                "students",
                "women",
                "victims",
                "human_rights",
                "labor",
                "academics",
                "diaspora",
                "business",
                name="constituency",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_person_constituency_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "constituency", name=op.f("pk_person_constituency")),
    )
    op.create_table(
        "organization_in_alliance",
        sa.Column(
            "alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_organization_in_alliance_dates")
        ),
        sa.ForeignKeyConstraint(
            ["alliance_id"],
            ["alliance.id"],
            name=op.f("fk_organization_in_alliance_alliance_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_in_alliance_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_in_alliance")),
        sa.UniqueConstraint(
            "alliance_id",
            "organization_id",
            "since",
            name=op.f("uq_organization_in_alliance_alliance_id_organization_id_since"),
        ),
    )
    with op.batch_alter_table("organization_in_alliance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organization_in_alliance_organization_id"),
            ["organization_id"],
            unique=False,
        )

    op.create_table(
        "representative",
        sa.Column(
            "organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_representative_dates")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_representative_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_representative_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representative")),
    )
    with op.batch_alter_table("representative", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_representative_organization_id_until"),
            ["organization_id", "until"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_representative_person_id"), ["person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("representative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_representative_person_id"))
        batch_op.drop_index(batch_op.f("ix_representative_organization_id_until"))

    op.drop_table("representative")
    with op.batch_alter_table("organization_in_alliance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_in_alliance_organization_id"))

    op.drop_table("organization_in_alliance")
    op.drop_table("person_constituency")
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_state_name"))
        batch_op.drop_index(batch_op.f("ix_organization_name"))
        batch_op.drop_index(batch_op.f("ix_organization_chapter_of_id"))

    op.drop_table("organization")
    with op.batch_alter_table("talking_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_talking_point_source_key"))
        batch_op.drop_index(batch_op.f("ix_talking_point_ask_id"))

    op.drop_table("talking_point")
    op.drop_table("source")
    op.drop_table("ask")
