"""Campaigns for resolutions: records, votes, texts, support, and what was done for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_text",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "resolution",
                "commemoration",
                "memorial",
                "proclamation",
                "ordinance",
                "motion",
                "ballot_measure",
                "organizational",
                name="instrument",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("source_title", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_text")),
        sa.UniqueConstraint("slug", name=op.f("uq_model_text_slug")),
    )
    op.create_table(
        "measure",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column(
            "alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "resolution",
                "commemoration",
                "memorial",
                "proclamation",
                "ordinance",
                "motion",
                "ballot_measure",
                "organizational",
                name="instrument",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "stance",
            sa.Enum(
                "support",
                "oppose",
                name="stance",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("file_number", sa.String(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "scoping",
                "drafting",
                "seeking_sponsor",
                "sponsored",
                "introduced",
                "referred",
                "reported",
                "scheduled",
                "deferred",
                "adopted",
                "awaiting_executive",
                "vetoed",
                "reconsidered",
                "requested",
                "petitioning",
                "qualified",
                "final",
                "transmitted",
                "completed",
                "failed",
                "withdrawn",
                "expired",
                "declined",
                "rescinded",
                "dormant",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("stage_on", sa.String(), nullable=False),
        sa.Column("own_status", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("us_state", sa.String(), nullable=False),
        sa.Column("sought", sa.String(), nullable=False),
        sa.Column(
            "edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("next_step", sa.String(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "prior_session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("sponsor_count", sa.Integer(), nullable=True),
        sa.Column("historical", sa.Boolean(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("extras", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("prior_session_id <> id", name=op.f("ck_measure_prior_session")),
        sa.ForeignKeyConstraint(
            ["alliance_id"],
            ["alliance.id"],
            name=op.f("fk_measure_alliance_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_measure_body_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_measure_edition_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_measure_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["prior_session_id"],
            ["measure.id"],
            name=op.f("fk_measure_prior_session_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint(
            "body_id", "session", "file_number", name=op.f("uq_measure_body_id_session_file_number")
        ),
        sa.UniqueConstraint("external_id", name=op.f("uq_measure_external_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_measure_slug")),
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measure_alliance_id_stage"), ["alliance_id", "stage"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_measure_counted_us_state_body_id_verified_published_at"),
            ["counted", "us_state", "body_id", "verified", "published_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_measure_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_instrument"), ["instrument"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_measure_prior_session_id"), ["prior_session_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_measure_published_at_year"), ["published_at", "year"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_measure_us_state_year"), ["us_state", "year"], unique=False
        )

    op.create_table(
        "endorsement",
        sa.Column(
            "measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("authorized_by", sa.String(), nullable=False),
        sa.Column("authorized_on", sa.Date(), nullable=False),
        sa.Column("public_use", sa.Boolean(), nullable=False),
        sa.Column("for_identification", sa.Boolean(), nullable=False),
        sa.Column("asked_again_on", sa.Date(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["measure.id"],
            name=op.f("fk_endorsement_measure_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_endorsement_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endorsement")),
        sa.UniqueConstraint(
            "measure_id", "organization_id", name=op.f("uq_endorsement_measure_id_organization_id")
        ),
    )
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_endorsement_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "measure_source",
        sa.Column(
            "measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "official_copy",
                "official_page",
                "journal",
                "news",
                "other",
                name="sourcekind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["measure.id"],
            name=op.f("fk_measure_source_measure_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["upload.id"],
            name=op.f("fk_measure_source_upload_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_source")),
    )
    with op.batch_alter_table("measure_source", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measure_source_measure_id"), ["measure_id"], unique=False
        )

    op.create_table(
        "seat_ask",
        sa.Column(
            "measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_seat_ask_measure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_seat_ask_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_seat_ask_seat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_ask")),
        sa.UniqueConstraint("measure_id", "seat_id", name=op.f("uq_seat_ask_measure_id_seat_id")),
    )
    with op.batch_alter_table("seat_ask", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_ask_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "seat_word",
        sa.Column(
            "measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "yes",
                "leaning_yes",
                "undecided",
                "leaning_no",
                "no",
                "unknown",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "heard",
            sa.Enum(
                "public",
                "writing",
                "two_people",
                "one_person",
                "hearsay",
                name="heard",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column(
            "asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["person.id"],
            name=op.f("fk_seat_word_asked_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_seat_word_measure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_seat_word_seat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_word")),
    )
    with op.batch_alter_table("seat_word", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_seat_word_measure_id_seat_id_on"),
            ["measure_id", "seat_id", "on"],
            unique=False,
        )

    op.create_table(
        "signature",
        sa.Column(
            "measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "confirmed",
                "withdrawn",
                name="signaturestate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("show_name", sa.Boolean(), nullable=False),
        sa.Column("is_local", sa.Boolean(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_signature_measure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_signature_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint(
            "measure_id", "person_id", name=op.f("uq_signature_measure_id_person_id")
        ),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signature_measure_id_state"), ["measure_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_signature_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sponsorship",
        sa.Column(
            "measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("division_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["measure.id"],
            name=op.f("fk_sponsorship_measure_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_sponsorship_seat_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsorship")),
    )
    with op.batch_alter_table("sponsorship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sponsorship_measure_id"), ["measure_id"], unique=False)

    op.create_table(
        "stage_entry",
        sa.Column(
            "measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "scoping",
                "drafting",
                "seeking_sponsor",
                "sponsored",
                "introduced",
                "referred",
                "reported",
                "scheduled",
                "deferred",
                "adopted",
                "awaiting_executive",
                "vetoed",
                "reconsidered",
                "requested",
                "petitioning",
                "qualified",
                "final",
                "transmitted",
                "completed",
                "failed",
                "withdrawn",
                "expired",
                "declined",
                "rescinded",
                "dormant",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("correction", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_stage_entry_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["measure.id"],
            name=op.f("fk_stage_entry_measure_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_entry")),
        sa.UniqueConstraint(
            "measure_id", "position", name=op.f("uq_stage_entry_measure_id_position")
        ),
    )
    op.create_table(
        "text_version",
        sa.Column(
            "measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "measure_id IS NULL OR model_id IS NULL", name=op.f("ck_text_version_owner")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_text_version_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["measure.id"],
            name=op.f("fk_text_version_measure_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["model_text.id"],
            name=op.f("fk_text_version_model_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_version")),
        sa.UniqueConstraint("measure_id", "number", name=op.f("uq_text_version_measure_id_number")),
        sa.UniqueConstraint("model_id", "number", name=op.f("uq_text_version_model_id_number")),
    )
    op.create_table(
        "vote",
        sa.Column(
            "measure_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("on", sa.String(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "roll_call",
                "voice",
                "unanimous_consent",
                "secret_ballot",
                "electorate",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column(
            "requirement",
            sa.Enum(
                "majority_of_present",
                "majority_of_members",
                "two_thirds",
                "override",
                name="requirement",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_vote_measure_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_measure_id"), ["measure_id"], unique=False)

    op.create_table(
        "text_clause",
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "preambular",
                "operative",
                "transmittal",
                "attestation",
                name="clausekind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("local", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["text_version.id"],
            name=op.f("fk_text_clause_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_clause")),
        sa.UniqueConstraint(
            "version_id", "position", name=op.f("uq_text_clause_version_id_position")
        ),
    )
    op.create_table(
        "vote_cast",
        sa.Column("vote_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seat_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "yes",
                "no",
                "absent",
                "abstain",
                "not voting",
                "paired",
                "excused",
                "other",
                name="choice",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_vote_cast_seat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_vote_cast_vote_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("vote_id", "seat_id", name=op.f("pk_vote_cast")),
    )


def downgrade() -> None:
    op.drop_table("vote_cast")
    op.drop_table("text_clause")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vote_measure_id"))

    op.drop_table("vote")
    op.drop_table("text_version")
    op.drop_table("stage_entry")
    with op.batch_alter_table("sponsorship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sponsorship_measure_id"))

    op.drop_table("sponsorship")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signature_person_id"))
        batch_op.drop_index(batch_op.f("ix_signature_measure_id_state"))

    op.drop_table("signature")
    with op.batch_alter_table("seat_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_word_measure_id_seat_id_on"))

    op.drop_table("seat_word")
    with op.batch_alter_table("seat_ask", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_ask_owner_id"))

    op.drop_table("seat_ask")
    with op.batch_alter_table("measure_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_source_measure_id"))

    op.drop_table("measure_source")
    with op.batch_alter_table("endorsement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_endorsement_organization_id"))

    op.drop_table("endorsement")
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measure_us_state_year"))
        batch_op.drop_index(batch_op.f("ix_measure_published_at_year"))
        batch_op.drop_index(batch_op.f("ix_measure_prior_session_id"))
        batch_op.drop_index(batch_op.f("ix_measure_owner_id"))
        batch_op.drop_index(batch_op.f("ix_measure_instrument"))
        batch_op.drop_index(batch_op.f("ix_measure_edition_id"))
        batch_op.drop_index(batch_op.f("ix_measure_counted_us_state_body_id_verified_published_at"))
        batch_op.drop_index(batch_op.f("ix_measure_alliance_id_stage"))

    op.drop_table("measure")
    op.drop_table("model_text")
