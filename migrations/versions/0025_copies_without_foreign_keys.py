"""Copies of a mailing name their person without a foreign key, and have two indexes, not three.

Looking for each of a million people took as long as writing their copies. What the key promised, a
trigger keeps: whoever is deleted takes the copies along. Deleting waits on PostgreSQL until the
copies that are being written just then can be seen; SQLite has one writer.

On SQLite a migration that rebuilds `person` drops the trigger with the old table, and one that
rebuilds `delivery` must drop it before: make it anew with DELETES_COPIES.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_PERSON, OF_COPY = "fk_delivery_person_id", "fk_reply_mailing_id_person_id"
PRIMARY, UNIQUE = "pk_delivery", "uq_delivery_person_id_mailing_id"
BY_BATCH, BY_PERSON = "ix_delivery_mailing_id_batch_number_person_id", "ix_delivery_person_id"
STATES = ("waiting", "sending", "sent", "failed", "skipped")
DELETES_COPIES = {
    "sqlite": """
        CREATE TRIGGER person_takes_copies AFTER DELETE ON person BEGIN
            DELETE FROM delivery WHERE person_id = OLD.id;
        END
    """,
    "postgresql": """
        CREATE FUNCTION delete_copies() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM gone) THEN
                PERFORM pg_advisory_xact_lock(7117002);  -- app.mail.expansion holds it, shared
                DELETE FROM delivery USING gone WHERE delivery.person_id = gone.id;
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER person_takes_copies AFTER DELETE ON person
            REFERENCING OLD TABLE AS gone
            FOR EACH STATEMENT EXECUTE FUNCTION delete_copies()
    """,
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(
            sa.PrimaryKeyConstraint("mailing_id", "batch_number", "person_id", name=op.f(PRIMARY)),
            sa.UniqueConstraint("person_id", "mailing_id", name=op.f(UNIQUE)),
        )
    else:
        op.drop_constraint(OF_PERSON, "delivery", type_="foreignkey")
        op.drop_constraint(OF_COPY, "reply", type_="foreignkey")
        op.drop_constraint(PRIMARY, "delivery", type_="primary")
        op.create_primary_key(PRIMARY, "delivery", ["mailing_id", "batch_number", "person_id"])
        op.create_unique_constraint(UNIQUE, "delivery", ["person_id", "mailing_id"])
        _let_replies_refer()
        for name in (BY_BATCH, BY_PERSON):
            op.drop_index(name, "delivery")
    op.execute(DELETES_COPIES[op.get_bind().dialect.name])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER person_takes_copies")
        _rebuild(
            sa.PrimaryKeyConstraint("mailing_id", "person_id", name=op.f(PRIMARY)), _to_person()
        )
    else:
        op.execute("DROP TRIGGER person_takes_copies ON person")
        op.execute("DROP FUNCTION delete_copies()")
        op.drop_constraint(OF_COPY, "reply", type_="foreignkey")
        op.drop_constraint(PRIMARY, "delivery", type_="primary")
        op.drop_constraint(UNIQUE, "delivery", type_="unique")
        op.create_primary_key(PRIMARY, "delivery", ["mailing_id", "person_id"])
        _let_replies_refer()
        op.create_foreign_key(
            OF_PERSON, "delivery", "person", ["person_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index(BY_BATCH, "delivery", ["mailing_id", "batch_number", "person_id"])
    op.create_index(BY_PERSON, "delivery", ["person_id"])


def _let_replies_refer() -> None:
    pair = ["mailing_id", "person_id"]
    op.create_foreign_key(OF_COPY, "reply", "delivery", pair, pair, ondelete="CASCADE")


def _to_person() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["person_id"], ["person.id"], name=op.f(OF_PERSON), ondelete="CASCADE"
    )


def _rebuild(*keys: sa.Constraint) -> None:
    """SQLite changes no constraint of a table that is there: its rows move to another."""
    made = op.create_table(
        "delivery_anew",
        sa.Column("mailing_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("batch_number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("in_doubt", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            sa.column("state", sa.String).in_(STATES), name=op.f("ck_delivery_sendstate")
        ),
        *keys,
        sqlite_with_rowid=False,
    )
    names = list(made.columns.keys())
    before = sa.table("delivery", *(sa.column(name) for name in names))
    op.execute(made.insert().from_select(names, sa.select(before)))
    op.drop_table("delivery")
    op.rename_table("delivery_anew", "delivery")
    op.create_index(
        "ix_delivery_in_doubt", "delivery", ["mailing_id"], sqlite_where=sa.text("in_doubt")
    )
