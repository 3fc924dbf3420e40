"""Imports: one run for each file, with its rows as they came and what became of each."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import PERSONAL, Base, BigKey, WithId
from app.people.models import Person


class ImportKind(StrEnum):
    """What the rows of a file are."""

    PEOPLE = "people"
    DO_NOT_EMAIL = "do_not_email"
    ORGANIZATIONS = "organizations"
    ALLIANCES = "alliances"
    EVENTS = "events"


class ImportState(StrEnum):
    """Staged rows wait for their columns to be named, then for judging, then for applying."""

    STAGING = "staging"
    STAGED = "staged"
    JUDGING = "judging"
    JUDGED = "judged"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDONE = "undone"


class Outcome(StrEnum):
    """What a row means for what we have."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


TAKEN = (Outcome.NEW, Outcome.CHANGED)
"""The rows that an import writes."""


class ImportRun(WithId, Base):
    """One file. `file_digest` finds an unfinished run again; the lease is a worker's.

    Consent that was recorded elsewhere may be carried over: `consent_*` say where, when, in which
    words and with what evidence; it counts from `consent_confirmed_at` on.
    A list that a coordinator brings has the alliance it is for: staff are asked to import it from
    `approval_asked_at` on, and say in `not_approved` why they do not.
    """

    __tablename__ = "import_run"

    kind: Mapped[ImportKind]
    state: Mapped[ImportState] = mapped_column(default=ImportState.STAGING)
    file_name: Mapped[str]
    file_digest: Mapped[str] = mapped_column(index=True)
    encoding: Mapped[str]
    headings: Mapped[list[str]] = mapped_column(JSON)
    columns: Mapped[dict[str, int]] = mapped_column(JSON)
    language: Mapped[str]
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliance.id", ondelete="SET NULL"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    lists_first: Mapped[bool] = mapped_column(default=False)
    consent_source: Mapped[str] = mapped_column(default="")
    consent_on: Mapped[date | None]
    consent_wording: Mapped[str] = mapped_column(default="")
    consent_evidence_id: Mapped[int | None] = mapped_column(
        ForeignKey("upload.id", ondelete="RESTRICT")
    )
    consent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    consent_asked_at: Mapped[datetime | None]
    consent_confirmed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    all_asked: Mapped[bool] = mapped_column(default=False)
    approval_asked_at: Mapped[datetime | None]
    not_approved: Mapped[str] = mapped_column(default="", server_default="")


class ImportRow(WithId, Base):
    """One row of a file: its cells, its outcome and why, and what it changed from what."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index(None, "run_id", "number", unique=True),
        Index(None, "run_id", "outcome"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    number: Mapped[int]
    cells: Mapped[list[str]] = mapped_column(JSON, info=PERSONAL)
    outcome: Mapped[Outcome | None]
    reason: Mapped[str] = mapped_column(default="", info=PERSONAL)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    made_id: Mapped[int | None] = mapped_column(BigKey)
    opted_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    twice: Mapped[bool] = mapped_column(default=False, server_default=false())
    before: Mapped[list[str]] = mapped_column(JSON, info=PERSONAL)

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")
