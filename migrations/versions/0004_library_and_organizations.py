"""Library and organizations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TRIGGERS = (
    """
    CREATE TRIGGER library_entry_added AFTER INSERT ON library_entry BEGIN
      INSERT INTO library_entry_words(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER library_entry_gone AFTER DELETE ON library_entry BEGIN
      INSERT INTO library_entry_words(library_entry_words, rowid, words)
      VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER library_entry_changed AFTER UPDATE ON library_entry BEGIN
      INSERT INTO library_entry_words(library_entry_words, rowid, words)
      VALUES ('delete', old.id, old.words);
      INSERT INTO library_entry_words(rowid, words) VALUES (new.id, new.words);
    END
    """,
)


def _add_search() -> None:
    """Both find words as we normalised them: separated by one space, and no parser at work."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE library_entry ADD COLUMN word_vector tsvector"
            " GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED"
        )
        op.execute(
            "CREATE INDEX ix_library_entry_words ON library_entry"
            " USING gin (word_vector) WITH (fastupdate = off)"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE library_entry_words USING fts5"
        "(words, content='library_entry', content_rowid='id', tokenize='ascii')"
    )
    for trigger in TRIGGERS:
        op.execute(trigger)


def upgrade() -> None:
    op.create_table(
        "library_entry",
        sa.Column(
            "kind",
            sa.Enum(
                "recommendation",
                "point",
                "analysis",
                "statement",
                "debate",
                "situation",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("title_words", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_library_entry_title")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_entry")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_library_entry_kind_key")),
    )
    op.create_table(
        "situation",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "referred",
                "preliminary_examination",
                "investigation",
                "trial",
                "ended",
                name="situationstage",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_situation")),
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
        "analysis",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("teaser", sa.String(), nullable=False),
        sa.Column("topics", sa.String(), nullable=False),
        sa.Column("situation_key", sa.String(), nullable=True),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["situation_key"],
            ["situation.key"],
            name=op.f("fk_analysis_situation_key"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["source_key"], ["source.key"], name=op.f("fk_analysis_source_key"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis")),
        sa.UniqueConstraint("slug", name=op.f("uq_analysis_slug")),
    )
    with op.batch_alter_table("analysis", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_analysis_published_at"), ["published_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_analysis_situation_key"), ["situation_key"], unique=False
        )

    op.create_table(
        "debate",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column(
            "predecessor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["debate.id"],
            name=op.f("fk_debate_predecessor_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["source_key"], ["source.key"], name=op.f("fk_debate_source_key"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debate")),
        sa.UniqueConstraint("slug", name=op.f("uq_debate_slug")),
    )
    with op.batch_alter_table("debate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_debate_predecessor_id"), ["predecessor_id"], unique=False
        )

    op.create_table(
        "recommendation_set",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("introduction", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_key"],
            ["source.key"],
            name=op.f("fk_recommendation_set_source_key"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_recommendation_set")),
    )
    op.create_table(
        "situation_step",
        sa.Column("situation_key", sa.String(), nullable=False),
        sa.Column("on", sa.String(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "referred",
                "preliminary_examination",
                "investigation",
                "trial",
                "ended",
                name="situationstage",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["situation_key"],
            ["situation.key"],
            name=op.f("fk_situation_step_situation_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_situation_step")),
        sa.UniqueConstraint(
            "situation_key", "on", "stage", name=op.f("uq_situation_step_situation_key_on_stage")
        ),
    )
    op.create_table(
        "statement",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("on", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("quotation", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_key"],
            ["source.key"],
            name=op.f("fk_statement_source_key"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("key", name=op.f("uq_statement_key")),
    )
    op.create_table(
        "analysis_correction",
        sa.Column(
            "analysis_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id"],
            ["analysis.id"],
            name=op.f("fk_analysis_correction_analysis_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_correction")),
    )
    with op.batch_alter_table("analysis_correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_analysis_correction_analysis_id"), ["analysis_id"], unique=False
        )

    op.create_table(
        "argument",
        sa.Column(
            "debate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "position",
            sa.Enum(
                "for",
                "against",
                "qualified",
                name="position",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["debate.id"], name=op.f("fk_argument_debate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_argument")),
        sa.UniqueConstraint("debate_id", "slug", name=op.f("uq_argument_debate_id_slug")),
    )
    op.create_table(
        "debate_link",
        sa.Column(
            "debate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "key_resource",
                "predecessor",
                "mentioned",
                name="linkrole",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["debate_id"], ["debate.id"], name=op.f("fk_debate_link_debate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debate_link")),
        sa.UniqueConstraint("debate_id", "place", name=op.f("uq_debate_link_debate_id_place")),
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
        "person_merge",
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
            ["gone_id"], ["person.id"], name=op.f("fk_person_merge_gone_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["merged_by_id"],
            ["person.id"],
            name=op.f("fk_person_merge_merged_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_merge_gone_id"), ["gone_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_merge_kept_id"), ["kept_id"], unique=False)

    op.create_table(
        "person_pair",
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "likeness",
            sa.Enum(
                "email",
                "phone",
                "name_and_zip",
                name="likeness",
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
        sa.CheckConstraint("first_id <= second_id", name=op.f("ck_person_pair_order")),
        sa.ForeignKeyConstraint(
            ["first_id"], ["person.id"], name=op.f("fk_person_pair_first_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["person.id"], name=op.f("fk_person_pair_second_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_pair")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_person_pair_first_id_second_id")
        ),
    )
    with op.batch_alter_table("person_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_pair_second_id"), ["second_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_pair_state"), ["state"], unique=False)

    op.create_table(
        "press_item",
        sa.Column("outlet", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("correction", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "seen",
                "taken",
                "sent",
                "printed",
                "closed",
                name="pressstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("writer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["writer_id"], ["person.id"], name=op.f("fk_press_item_writer_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_press_item")),
    )
    op.create_table(
        "reading_mark",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["library_entry.id"],
            name=op.f("fk_reading_mark_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_reading_mark_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_mark")),
        sa.UniqueConstraint(
            "person_id", "entry_id", name=op.f("uq_reading_mark_person_id_entry_id")
        ),
    )
    with op.batch_alter_table("reading_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_mark_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("set_key", sa.String(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "partly_met",
                "met",
                "reversed",
                "overtaken",
                name="outcomestate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_parent_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_key"],
            ["recommendation_set.key"],
            name=op.f("fk_recommendation_set_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("code", name=op.f("uq_recommendation_code")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_parent_id"), ["parent_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recommendation_set_key_position"), ["set_key", "position"], unique=False
        )

    op.create_table(
        "analysis_attachment",
        sa.Column(
            "analysis_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id"],
            ["analysis.id"],
            name=op.f("fk_analysis_attachment_analysis_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["upload.id"],
            name=op.f("fk_analysis_attachment_upload_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_attachment")),
    )
    with op.batch_alter_table("analysis_attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_analysis_attachment_analysis_id"), ["analysis_id"], unique=False
        )

    op.create_table(
        "ask",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "recommendation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
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
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_ask_recommendation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
        sa.UniqueConstraint("key", name=op.f("uq_ask_key")),
    )
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ask_recommendation_id"), ["recommendation_id"], unique=False
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
            "commitment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
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
            ["commitment_id"],
            ["upload.id"],
            name=op.f("fk_organization_commitment_id"),
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
        "outcome",
        sa.Column(
            "recommendation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "partly_met",
                "met",
                "reversed",
                "overtaken",
                name="outcomestate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_outcome_recommendation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint(
            "recommendation_id", "on", "state", name=op.f("uq_outcome_recommendation_id_on_state")
        ),
    )
    op.create_table(
        "recommendation_actor",
        sa.Column(
            "recommendation_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
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
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_actor_recommendation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "actor", name=op.f("pk_recommendation_actor")),
    )
    op.create_table(
        "organization_constituency",
        sa.Column(
            "organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
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
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_constituency_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "constituency", name=op.f("pk_organization_constituency")
        ),
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
        "point_audience",
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
            ["point_id"],
            ["talking_point.id"],
            name=op.f("fk_point_audience_point_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("point_id", "constituency", name=op.f("pk_point_audience")),
    )
    op.create_table(
        "point_use",
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("where", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "picked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("picked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"],
            ["alliance.id"],
            name=op.f("fk_point_use_alliance_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["picked_by_id"],
            ["person.id"],
            name=op.f("fk_point_use_picked_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["point_id"],
            ["talking_point.id"],
            name=op.f("fk_point_use_point_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_use")),
        sa.UniqueConstraint(
            "point_id", "kind", "subject_id", name=op.f("uq_point_use_point_id_kind_subject_id")
        ),
    )
    with op.batch_alter_table("point_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_point_use_alliance_id"), ["alliance_id"], unique=False)

    op.create_table(
        "point_wording",
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["point_id"],
            ["talking_point.id"],
            name=op.f("fk_point_wording_point_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_wording")),
        sa.UniqueConstraint(
            "point_id", "revision", name=op.f("uq_point_wording_point_id_revision")
        ),
    )
    _add_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE library_entry_words")  # its index goes with the table elsewhere
    op.drop_table("point_wording")
    with op.batch_alter_table("point_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_point_use_alliance_id"))

    op.drop_table("point_use")
    op.drop_table("point_audience")
    with op.batch_alter_table("talking_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_talking_point_source_key"))
        batch_op.drop_index(batch_op.f("ix_talking_point_ask_id"))

    op.drop_table("talking_point")
    with op.batch_alter_table("representative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_representative_person_id"))
        batch_op.drop_index(batch_op.f("ix_representative_organization_id_until"))

    op.drop_table("representative")
    with op.batch_alter_table("organization_in_alliance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_in_alliance_organization_id"))

    op.drop_table("organization_in_alliance")
    op.drop_table("organization_constituency")
    op.drop_table("recommendation_actor")
    op.drop_table("outcome")
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_state_name"))
        batch_op.drop_index(batch_op.f("ix_organization_name"))
        batch_op.drop_index(batch_op.f("ix_organization_chapter_of_id"))

    op.drop_table("organization")
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ask_recommendation_id"))

    op.drop_table("ask")
    with op.batch_alter_table("analysis_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_analysis_attachment_analysis_id"))

    op.drop_table("analysis_attachment")
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_set_key_position"))
        batch_op.drop_index(batch_op.f("ix_recommendation_parent_id"))

    op.drop_table("recommendation")
    with op.batch_alter_table("reading_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reading_mark_entry_id"))

    op.drop_table("reading_mark")
    op.drop_table("press_item")
    with op.batch_alter_table("person_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_pair_state"))
        batch_op.drop_index(batch_op.f("ix_person_pair_second_id"))

    op.drop_table("person_pair")
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_merge_kept_id"))
        batch_op.drop_index(batch_op.f("ix_person_merge_gone_id"))

    op.drop_table("person_merge")
    op.drop_table("person_constituency")
    op.drop_table("debate_link")
    op.drop_table("argument")
    with op.batch_alter_table("analysis_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_analysis_correction_analysis_id"))

    op.drop_table("analysis_correction")
    op.drop_table("statement")
    op.drop_table("situation_step")
    op.drop_table("recommendation_set")
    with op.batch_alter_table("debate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_debate_predecessor_id"))

    op.drop_table("debate")
    with op.batch_alter_table("analysis", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_analysis_situation_key"))
        batch_op.drop_index(batch_op.f("ix_analysis_published_at"))

    op.drop_table("analysis")
    op.drop_table("source")
    op.drop_table("situation")
    op.drop_table("library_entry")
