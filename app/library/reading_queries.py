"""Reads about analyses, situations, statements, the press, debates, and reading lists."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.foundation.db import db
from app.library.reading_models import (
    Analysis,
    AnalysisAttachment,
    Argument,
    Debate,
    DebateLink,
    Entry,
    EntryKind,
    PressItem,
    PressState,
    ReadingMark,
    Situation,
    SituationStep,
    Statement,
)
from app.people.models import Person

MOST_PRESS = 200
LATEST_FIRST = (Debate.published_on.desc(), Debate.id.desc())


def analyses(topic: str = "", situation: str = "") -> Select[Analysis]:
    """Those that are published, the newest first."""
    query = (
        select(Analysis)
        .options(joinedload(Analysis.situation))
        .where(Analysis.published_at.is_not(None))
        .order_by(Analysis.published_at.desc(), Analysis.id.desc())
    )
    if topic:
        padded = ", " + Analysis.topics + ","
        query = query.where(padded.contains(f", {topic},", autoescape=True))
    if situation:
        query = query.where(Analysis.situation_key == situation)
    return query


def latest_analysis() -> Analysis | None:
    return db.scalars(analyses().limit(1)).first()


def analysis(slug: str) -> Analysis | None:
    """One that is published, with its source and what was corrected in it; one statement."""
    found = db.scalars(
        analyses()
        .options(joinedload(Analysis.source), joinedload(Analysis.corrections))
        .where(Analysis.slug == slug)
    )
    return found.unique().first()


def attachments(analysis_id: int) -> Sequence[AnalysisAttachment]:
    return db.scalars(
        select(AnalysisAttachment)
        .join(AnalysisAttachment.upload)
        .options(contains_eager(AnalysisAttachment.upload))
        .where(AnalysisAttachment.analysis_id == analysis_id)
        .order_by(AnalysisAttachment.id)
    ).all()


def situations() -> Sequence[Situation]:
    return db.scalars(select(Situation).order_by(Situation.name)).all()


def situation(key: str) -> Situation | None:
    return db.get(Situation, key)


def steps_of(key: str) -> Sequence[SituationStep]:
    return db.scalars(
        select(SituationStep)
        .where(SituationStep.situation_key == key)
        .order_by(SituationStep.on, SituationStep.id)
    ).all()


def statements() -> Sequence[Statement]:
    return db.scalars(select(Statement).order_by(Statement.on.desc(), Statement.id)).all()


def debates() -> Sequence[Debate]:
    """Public questions; one that only came before another is told of there."""
    return db.scalars(select(Debate).where(_open_questions()).order_by(*LATEST_FIRST)).all()


def debates_and_how_much() -> tuple[Sequence[Debate], dict[EntryKind, int]]:
    """The public questions, and how many things of each kind a search can find; one statement."""
    counted = select(
        *(
            select(func.count()).where(Entry.kind == kind).scalar_subquery().label(kind.value)
            for kind in EntryKind
        )
    ).subquery()
    rows = db.execute(
        select(Debate, *counted.c)
        .select_from(counted)
        .outerjoin(Debate, _open_questions())
        .order_by(*LATEST_FIRST)
    ).all()
    return [row[0] for row in rows if row[0]], dict(zip(EntryKind, rows[0][1:], strict=True))


def _open_questions() -> ColumnElement[bool]:
    before = select(Debate.predecessor_id).where(Debate.predecessor_id.is_not(None))
    return and_(Debate.published, Debate.id.not_in(before))


def debate(slug: str) -> Debate | None:
    return db.scalars(select(Debate).where(Debate.slug == slug.lower(), Debate.published)).first()


def debate_and_neighbors(slug: str) -> tuple[Debate | None, Sequence[Debate]]:
    """A question, and those before and after it; one statement."""
    asked = aliased(Debate)
    rows = db.scalars(
        select(Debate)
        .join(
            asked,
            or_(
                Debate.id == asked.id,
                Debate.id == asked.predecessor_id,
                Debate.predecessor_id == asked.id,
            ),
        )
        .where(asked.slug == slug.lower(), asked.published, Debate.published)
        .order_by(Debate.published_on, Debate.id)
    ).all()
    found = next((each for each in rows if each.slug == slug.lower()), None)
    return found, [each for each in rows if each is not found]


def arguments(debate_id: int) -> Sequence[Argument]:
    return db.scalars(
        select(Argument).where(Argument.debate_id == debate_id).order_by(Argument.place)
    ).all()


def links(debate_id: int) -> Sequence[DebateLink]:
    return db.scalars(
        select(DebateLink).where(DebateLink.debate_id == debate_id).order_by(DebateLink.place)
    ).all()


def entry(kind: EntryKind, key: str) -> Entry | None:
    return db.scalars(select(Entry).where(Entry.kind == kind, Entry.key == key)).first()


def reading_list(person_id: int) -> Sequence[ReadingMark]:
    """What a person wants to read, then what they have read."""
    return db.scalars(
        select(ReadingMark)
        .join(ReadingMark.entry)
        .options(contains_eager(ReadingMark.entry))
        .where(ReadingMark.person_id == person_id)
        .order_by(ReadingMark.read_at.is_not(None), ReadingMark.marked_at.desc(), ReadingMark.id)
    ).all()


def mark_of(person_id: int, entry_id: int) -> ReadingMark | None:
    return db.scalars(
        select(ReadingMark).where(
            ReadingMark.person_id == person_id, ReadingMark.entry_id == entry_id
        )
    ).first()


def press() -> Sequence[tuple[PressItem, str | None]]:
    """What was seen in the press and who writes about it, open ones first."""
    open_first = PressItem.state.in_([PressState.PRINTED, PressState.CLOSED])
    rows = db.execute(
        select(PressItem, Person.name)
        .outerjoin(Person, Person.id == PressItem.writer_id)
        .order_by(open_first, PressItem.seen_on.desc(), PressItem.id.desc())
        .limit(MOST_PRESS)
    ).all()
    return [(item, name) for item, name in rows]


def letters_of(person_id: int) -> Sequence[PressItem]:
    """The letters to the editor that somebody has taken on and not yet seen in print."""
    return db.scalars(
        select(PressItem)
        .where(
            PressItem.writer_id == person_id,
            PressItem.state.in_([PressState.TAKEN, PressState.SENT]),
        )
        .order_by(PressItem.state == PressState.SENT, PressItem.seen_on, PressItem.id)
    ).all()


def press_item(number: int) -> PressItem | None:
    return db.get(PressItem, number)
