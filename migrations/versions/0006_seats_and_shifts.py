"""Seats for parties, shifts, co-hosts, and what an event says in Spanish and of its access."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PARTS = ("seats_at_place", "seats_online")
STATES_BEFORE = "state IN ('held', 'confirmed', 'waiting', 'cancelled')"
CHECKS = {
    "ck_sign_up_signupstate": "state IN ('held', 'offered', 'confirmed', 'waiting', 'cancelled')",
    "ck_sign_up_part": "part IN ('in_person', 'online')",
    "ck_sign_up_way": "way IN ('web', 'voice', 'door')",
    "ck_sign_up_said": "said IN ('coming', 'not_coming', 'no_answer')",
    "ck_sign_up_seats": "seats BETWEEN 1 AND 10",
}


def upgrade() -> None:
    op.create_table(
        "co_host",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "alliance_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "accepted",
                "refused",
                name="cohoststate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["alliance_id"],
            ["alliance.id"],
            name=op.f("fk_co_host_alliance_id"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "alliance_id IS NULL OR organization_id IS NULL",
            name=op.f("ck_co_host_not_both"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_co_host_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"],
            ["person.id"],
            name=op.f("fk_co_host_answered_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_co_host_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["person.id"],
            name=op.f("fk_co_host_invited_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_host")),
        sa.UniqueConstraint(
            "event_id", "alliance_id", name=op.f("uq_co_host_event_id_alliance_id")
        ),
        sa.UniqueConstraint(
            "event_id", "organization_id", name=op.f("uq_co_host_event_id_organization_id")
        ),
    )
    with op.batch_alter_table("co_host", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_co_host_alliance_id"), ["alliance_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_co_host_organization_id"), ["organization_id"], unique=False
        )

    op.create_table(
        "shift",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_es", sa.String(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_shift_capacity")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_shift_minutes")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_shift_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_event_id"), ["event_id"], unique=False)

    op.create_table(
        "shift_sign_up",
        sa.Column("shift_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "sign_up_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["shift.id"], name=op.f("fk_shift_sign_up_shift_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_up.id"],
            name=op.f("fk_shift_sign_up_sign_up_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shift_id", "sign_up_id", name=op.f("pk_shift_sign_up")),
    )
    with op.batch_alter_table("shift_sign_up", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shift_sign_up_sign_up_id"), ["sign_up_id"], unique=False
        )

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("link_opens_late", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("address_is_private", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("accessibility", sa.JSON(), server_default="{}", nullable=False)
        )
        batch_op.add_column(sa.Column("languages", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("title_es", sa.String(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("description_es", sa.String(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("seats_at_place", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("seats_online", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("questions", sa.JSON(), server_default="[]", nullable=False))
        for part in PARTS:
            batch_op.create_check_constraint(
                op.f(f"ck_event_{part}"), f"{part} IS NULL OR {part} > 0"
            )

    with op.batch_alter_table("sign_up", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "part",
                sa.Enum(
                    "in_person",
                    "online",
                    name="part",
                    native_enum=False,
                    create_constraint=False,
                    length=30,
                ),
                server_default="in_person",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("seats", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(
            sa.Column("takes_fewer", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("guests", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("answers", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(
            sa.Column("no_photo", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("shares", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "way",
                sa.Enum(
                    "web",
                    "voice",
                    "door",
                    name="way",
                    native_enum=False,
                    create_constraint=False,
                    length=30,
                ),
                server_default="web",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("asked_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(
            sa.Column(
                "said",
                sa.Enum(
                    "coming",
                    "not_coming",
                    "no_answer",
                    name="said",
                    native_enum=False,
                    create_constraint=False,
                    length=30,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "said_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("offers", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index(batch_op.f("ix_sign_up_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_up_said_to_id"), ["said_to_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_sign_up_asked_by_id"),
            "person",
            ["asked_by_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_sign_up_said_to_id"),
            "person",
            ["said_to_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.drop_constraint(op.f("ck_sign_up_signupstate"), type_="check")
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(op.f(name), condition)


def downgrade() -> None:
    op.execute("UPDATE sign_up SET state = 'waiting', held_until = NULL WHERE state = 'offered'")
    with op.batch_alter_table("sign_up", schema=None) as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(name), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_sign_up_said_to_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_sign_up_asked_by_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_sign_up_said_to_id"))
        batch_op.drop_index(batch_op.f("ix_sign_up_asked_by_id"))
        batch_op.drop_column("offers")
        batch_op.drop_column("said_to_id")
        batch_op.drop_column("said_at")
        batch_op.drop_column("said")
        batch_op.drop_column("asked_by_id")
        batch_op.drop_column("asked_on")
        batch_op.drop_column("way")
        batch_op.drop_column("shares")
        batch_op.drop_column("no_photo")
        batch_op.drop_column("answers")
        batch_op.drop_column("guests")
        batch_op.drop_column("takes_fewer")
        batch_op.drop_column("seats")
        batch_op.drop_column("part")
        batch_op.create_check_constraint(op.f("ck_sign_up_signupstate"), STATES_BEFORE)

    with op.batch_alter_table("event", schema=None) as batch_op:
        for part in PARTS:
            batch_op.drop_constraint(op.f(f"ck_event_{part}"), type_="check")
        batch_op.drop_column("questions")
        batch_op.drop_column("seats_online")
        batch_op.drop_column("seats_at_place")
        batch_op.drop_column("description_es")
        batch_op.drop_column("title_es")
        batch_op.drop_column("languages")
        batch_op.drop_column("accessibility")
        batch_op.drop_column("address_is_private")
        batch_op.drop_column("link_opens_late")

    with op.batch_alter_table("shift_sign_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_sign_up_sign_up_id"))

    op.drop_table("shift_sign_up")
    with op.batch_alter_table("shift", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shift_event_id"))

    op.drop_table("shift")
    with op.batch_alter_table("co_host", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_co_host_organization_id"))
        batch_op.drop_index(batch_op.f("ix_co_host_alliance_id"))

    op.drop_table("co_host")
