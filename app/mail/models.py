"""What is to be sent and what became of it. The rows are the queue; see engine and outbox.

A *message* goes to one address and keeps its body until it has gone. A *mailing* is a frozen
template for an audience; it is expanded into one *delivery* for each person, taken by workers in
*batches* under a lease.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    false,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import PERSONAL, Base, BigKey, WithId
from app.people.models import Purpose


class SendState(StrEnum):
    """Where one mail stands. Doubt is a mark beside it (`in_doubt`), not a state."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


OVER = (SendState.SENT, SendState.FAILED, SendState.SKIPPED)
"""Nothing happens to such a mail any more, unless it comes back."""


class MailingState(StrEnum):
    """Where a mailing stands; expanded ones are `sending` until nothing waits."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class BatchState(StrEnum):
    """Where a batch stands; `sending` is true only while its lease holds."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"


class SuppressionReason(StrEnum):
    """Why we do not e-mail an address."""

    BOUNCED = "bounced"
    UNREACHABLE = "unreachable"
    COMPLAINED = "complained"
    ASKED = "asked"


class HoldReason(StrEnum):
    """Why no mail leaves at all; `restoring` ends by itself in the reason `restored`."""

    RESTORING = "restoring"
    RESTORED = "restored"
    STAFF = "staff"


class BounceKind(StrEnum):
    """What a refusal says of an address; see refusals.kind_of."""

    HARD = "hard"
    SOFT = "soft"
    BLOCKED = "blocked"
    COMPLAINT = "complaint"


class Message(WithId, Base):
    """One mail to one address, posted in the caller's transaction; `once` makes it unique.

    It keeps what it says only until it is over; see WORDLESS.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "state", "due_at"),
        Index(None, "email", "kind", "created_at"),
    )

    once: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    purpose: Mapped[Purpose]
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    email: Mapped[str] = mapped_column(info=PERSONAL)
    subject: Mapped[str] = mapped_column(info=PERSONAL)
    text: Mapped[str] = mapped_column(info=PERSONAL)
    html: Mapped[str] = mapped_column(info=PERSONAL)
    from_name: Mapped[str]
    reply_to: Mapped[str]
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, info=PERSONAL)
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[SendState] = mapped_column(default=SendState.WAITING)
    in_doubt: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(default="", info=PERSONAL)
    attempt: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


WORDLESS: dict[str, Any] = {"subject": "", "text": "", "html": "", "attachments": []}
"""What a message says once it is over: nobody reads it again, and it may name other people."""


class Mailing(WithId, Base):
    """One template for many people. `kind` names the code that knows audience and body.

    Staff decided for one that `leaves_doubt`: what may have arrived does not go again (doubts).
    """

    __tablename__ = "mailing"
    __table_args__ = (
        Index(None, "state", "due_at"),
        Index(None, "kind", "subject_id"),
    )

    kind: Mapped[str]
    purpose: Mapped[Purpose]
    once: Mapped[str] = mapped_column(unique=True)
    subject_id: Mapped[int] = mapped_column(BigKey)
    revision: Mapped[int] = mapped_column(default=0)
    at_any_hour: Mapped[bool] = mapped_column(default=False, server_default=false())
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    title: Mapped[str]
    from_name: Mapped[str]
    reply_to: Mapped[str]
    state: Mapped[MailingState] = mapped_column(default=MailingState.SCHEDULED)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    expanded_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    leaves_doubt: Mapped[bool] = mapped_column(default=False, server_default=false())


class Batch(WithId, Base):
    """About 500 deliveries of one mailing that a worker takes at once, under a lease.

    `attempt` fences: a worker whose lease ran out finds that its number no longer matches. Who
    holds it sends what was due when it was taken, in the order of people.
    """

    __tablename__ = "batch"
    __table_args__ = (
        UniqueConstraint("mailing_id", "number"),
        Index(None, "state", "due_at"),
    )

    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailing.id"))
    number: Mapped[int]
    due_at: Mapped[datetime]
    state: Mapped[BatchState] = mapped_column(default=BatchState.WAITING)
    lease_until: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)


class Delivery(Base):
    """One person's copy of a mailing.

    It names mailing and person without foreign keys: PostgreSQL would look for both once for each
    copy, which took longer than writing a million. They are written while their mailing is locked,
    and their batch refers to it without a cascade, so that it cannot be deleted as long as they
    are. A trigger of the table of people deletes the copies of whoever is deleted, and waits for
    those that are being written; see expansion.

    It stays in its batch, so the key is in the order of batches: a million are written at the end
    of the table, and a batch is read from one place.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        PrimaryKeyConstraint("mailing_id", "batch_number", "person_id"),
        UniqueConstraint("person_id", "mailing_id"),
        Index(
            "ix_delivery_in_doubt",
            "mailing_id",
            postgresql_where=sql("in_doubt"),
            sqlite_where=sql("in_doubt"),
        ),
        # Marking a copy as sent touches no index and stays on its page, which costs a tenth.
        {"postgresql_with": {"fillfactor": 80}, "sqlite_with_rowid": False},
    )
    __mapper_args__ = {"primary_key": ["mailing_id", "person_id"]}  # noqa: RUF012  read once by SQLAlchemy

    mailing_id: Mapped[int] = mapped_column(BigKey)
    person_id: Mapped[int] = mapped_column(BigKey)
    batch_number: Mapped[int]
    due_at: Mapped[datetime]
    state: Mapped[SendState] = mapped_column(default=SendState.WAITING)
    in_doubt: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(default="", info=PERSONAL)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


class Reply(Base):
    """Somebody answered their copy of a mailing; forgotten with the copy."""

    __tablename__ = "reply"
    __table_args__ = (
        ForeignKeyConstraint(
            ["mailing_id", "person_id"],
            ["delivery.mailing_id", "delivery.person_id"],
            ondelete="CASCADE",
        ),
    )

    mailing_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime]


class Suppression(Base):
    """An address that we never e-mail again; kept as a keyed hash and shown masked."""

    __tablename__ = "suppression"

    digest: Mapped[str] = mapped_column(primary_key=True)
    masked: Mapped[str]
    reason: Mapped[SuppressionReason]
    detail: Mapped[str] = mapped_column(default="", info=PERSONAL)
    at: Mapped[datetime]


class Lane(Base):
    """What may leave from one sender's domain to one receiving provider, for all workers.

    The lane with an empty provider is the relay itself, which all mail passes. Rates fill the
    first columns, the trouble that a receiver makes the others.
    """

    __tablename__ = "lane"

    sender: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    spent_until: Mapped[datetime | None]
    queued_until: Mapped[datetime | None]
    day: Mapped[date | None]
    on_day: Mapped[int] = mapped_column(default=0, server_default="0")
    rests_until: Mapped[datetime | None]
    rests: Mapped[int] = mapped_column(default=0, server_default="0")
    since: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="", server_default="")


class Tally(Base):
    """How many mails met which fate in one minute, by large provider; for rates that are shown."""

    __tablename__ = "tally"

    minute: Mapped[datetime] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    sent: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    put_off: Mapped[int] = mapped_column(default=0)


class Bounce(WithId, Base):
    """A mail that came back, or was called spam; `once` keeps the same news from counting twice.

    Those `forgiven` count no more: the owner proved since then that mail arrives.
    """

    __tablename__ = "bounce"
    __table_args__ = (Index(None, "digest", "at"), Index(None, "at"))

    once: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]
    masked: Mapped[str]
    kind: Mapped[BounceKind]
    words: Mapped[str] = mapped_column(default="", info=PERSONAL)
    forgiven: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime]


class SpentToken(Base):
    """The token of a signed call that was heard, so that nobody can use it again."""

    __tablename__ = "spent_token"

    digest: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class SendingHold(Base):
    """While its one row is there, no mail leaves; what is due waits."""

    __tablename__ = "sending_hold"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    reason: Mapped[HoldReason]
    since: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
