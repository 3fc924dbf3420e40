"""What people read: analyses, situations, statements, the press, debates, and the search index."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, WithId
from app.foundation.uploads import Upload
from app.library.models import Source


class SituationStage(StrEnum):
    """How far the Court is with a situation."""

    REFERRED = "referred"
    EXAMINED = "preliminary_examination"
    INVESTIGATED = "investigation"
    TRIED = "trial"
    ENDED = "ended"


class Situation(Base):
    """A country or an incident that the Court looks at."""

    __tablename__ = "situation"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    stage: Mapped[SituationStage]
    summary: Mapped[str] = mapped_column(default="")
    as_of: Mapped[date]


class SituationStep(WithId, Base):
    """One line of a situation's timeline; `on` may be partial."""

    __tablename__ = "situation_step"
    __table_args__ = (UniqueConstraint("situation_key", "on", "stage"),)

    situation_key: Mapped[str] = mapped_column(ForeignKey("situation.key", ondelete="CASCADE"))
    on: Mapped[str]
    stage: Mapped[SituationStage]
    note: Mapped[str]
    link: Mapped[str] = mapped_column(default="")


class Analysis(WithId, Base):
    """A paper that we point to, with what it is about in our own words.

    One without a title is shown by its topics. `as_of` may be partial.
    """

    __tablename__ = "analysis"
    __table_args__ = (Index(None, "published_at"),)

    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(default="")
    teaser: Mapped[str]
    topics: Mapped[str] = mapped_column(default="")
    situation_key: Mapped[str | None] = mapped_column(
        ForeignKey("situation.key", ondelete="SET NULL"), index=True
    )
    source_key: Mapped[str | None] = mapped_column(ForeignKey("source.key", ondelete="RESTRICT"))
    as_of: Mapped[str]
    link: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    situation: Mapped[Situation | None] = relationship(lazy="raise_on_sql")
    source: Mapped[Source | None] = relationship(lazy="raise_on_sql")
    corrections: Mapped[list[AnalysisCorrection]] = relationship(
        lazy="raise_on_sql",
        order_by="AnalysisCorrection.on.desc(), AnalysisCorrection.id",
        viewonly=True,
    )


class AnalysisCorrection(WithId, Base):
    """What was wrong in an analysis, said openly and dated."""

    __tablename__ = "analysis_correction"

    analysis_id: Mapped[int] = mapped_column(
        ForeignKey("analysis.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date]
    words: Mapped[str]


class AnalysisAttachment(WithId, Base):
    """A document kept with an analysis."""

    __tablename__ = "analysis_attachment"

    analysis_id: Mapped[int] = mapped_column(
        ForeignKey("analysis.id", ondelete="CASCADE"), index=True
    )
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id", ondelete="CASCADE"))
    name: Mapped[str]

    upload: Mapped[Upload] = relationship(lazy="raise_on_sql")


class Statement(WithId, Base):
    """What an officer of an organization or an official said in public, quoted in brief."""

    __tablename__ = "statement"

    key: Mapped[str] = mapped_column(unique=True)
    organization: Mapped[str]
    officer: Mapped[str] = mapped_column(default="")
    on: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    quotation: Mapped[str]
    link: Mapped[str] = mapped_column(default="")
    source_key: Mapped[str | None] = mapped_column(ForeignKey("source.key", ondelete="RESTRICT"))
    as_of: Mapped[date]


class PressState(StrEnum):
    """A letter to the editor, from seeing an item to the printed answer."""

    SEEN = "seen"
    TAKEN = "taken"
    SENT = "sent"
    PRINTED = "printed"
    CLOSED = "closed"


class PressItem(WithId, Base):
    """Something in the press: what it claims, what is right, and who writes to the editor."""

    __tablename__ = "press_item"

    outlet: Mapped[str]
    title: Mapped[str]
    link: Mapped[str] = mapped_column(default="")
    seen_on: Mapped[date]
    claim: Mapped[str] = mapped_column(default="")
    correction: Mapped[str] = mapped_column(default="")
    state: Mapped[PressState] = mapped_column(default=PressState.SEEN)
    writer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


class Position(StrEnum):
    """What an argument answers to the question of a debate."""

    FOR = "for"
    AGAINST = "against"
    QUALIFIED = "qualified"


class LinkRole(StrEnum):
    """What a link of a debate is for."""

    KEY_RESOURCE = "key_resource"
    PREDECESSOR = "predecessor"
    MENTIONED = "mentioned"


class Debate(WithId, Base):
    """A question with arguments on several sides; `predecessor_id` is the question before it."""

    __tablename__ = "debate"

    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    published_on: Mapped[date | None]
    predecessor_id: Mapped[int | None] = mapped_column(
        ForeignKey("debate.id", ondelete="SET NULL"), index=True
    )
    source_key: Mapped[str | None] = mapped_column(ForeignKey("source.key", ondelete="RESTRICT"))
    published: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime]


class Argument(WithId, Base):
    """One answer to a debate's question."""

    __tablename__ = "argument"
    __table_args__ = (UniqueConstraint("debate_id", "slug"),)

    debate_id: Mapped[int] = mapped_column(ForeignKey("debate.id", ondelete="CASCADE"))
    slug: Mapped[str]
    title: Mapped[str]
    position: Mapped[Position] = mapped_column(default=Position.QUALIFIED)
    summary: Mapped[str] = mapped_column(default="")
    place: Mapped[int]


class DebateLink(WithId, Base):
    """A link of a debate, in the order of its text."""

    __tablename__ = "debate_link"
    __table_args__ = (UniqueConstraint("debate_id", "place"),)

    debate_id: Mapped[int] = mapped_column(ForeignKey("debate.id", ondelete="CASCADE"))
    place: Mapped[int]
    title: Mapped[str]
    url: Mapped[str]
    role: Mapped[LinkRole]


class EntryKind(StrEnum):
    """What a search can find."""

    RECOMMENDATION = "recommendation"
    POINT = "point"
    ANALYSIS = "analysis"
    STATEMENT = "statement"
    DEBATE = "debate"
    SITUATION = "situation"


class Entry(WithId, Base):
    """One thing that a search can find. `words` and `title_words` are normalised by us."""

    __tablename__ = "library_entry"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint("title <> ''", name="title"),
        Index(None, "as_of", "id", "kind"),
    )

    kind: Mapped[EntryKind]
    key: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    path: Mapped[str]
    as_of: Mapped[str]
    title_words: Mapped[str]
    words: Mapped[str]


class ReadingMark(WithId, Base):
    """Something on a person's reading list."""

    __tablename__ = "reading_mark"
    __table_args__ = (UniqueConstraint("person_id", "entry_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("library_entry.id", ondelete="CASCADE"), index=True
    )
    marked_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql")
