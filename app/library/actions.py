"""What staff do with recommendations, analyses, statements and the press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app.accounts.audit import audit
from app.foundation import clock, text, uploads
from app.foundation.db import db
from app.library import indexing, mails, partial, points, queries
from app.library.models import (
    MOST_WORDS,
    Outcome,
    OutcomeState,
    Recommendation,
    TalkingPoint,
)
from app.library.reading_models import (
    Analysis,
    AnalysisAttachment,
    AnalysisCorrection,
    PressItem,
    PressState,
    Statement,
)
from app.people.models import Person

LETTER = "press letter"


class SameOutcome(ValueError):
    """The recommendation has this outcome on this date already."""


@dataclass(frozen=True)
class AnalysisText:
    """What staff write of an analysis."""

    title: str
    teaser: str
    topics: str
    situation_key: str | None
    as_of: str
    link: str


@dataclass(frozen=True)
class StatementText:
    """What somebody said, as staff note it."""

    organization: str
    officer: str
    on: str
    about: str
    quotation: str
    link: str


@dataclass(frozen=True)
class PressText:
    """What staff note of something in the press."""

    outlet: str
    title: str
    link: str
    seen_on: date
    claim: str
    correction: str


def add_outcome(
    recommendation: Recommendation, state: OutcomeState, on: str, note: str, link: str
) -> Outcome:
    """Note what became of a recommendation; the newest date says how it stands.

    Raises SameOutcome.
    """
    day = partial.parsed(on)
    noted = queries.outcomes(recommendation.id)
    if any((each.on, each.state) == (day, state) for each in noted):
        raise SameOutcome
    outcome = Outcome(
        recommendation_id=recommendation.id,
        state=state,
        on=day,
        note=note,
        link=link,
        created_at=clock.now(),
    )
    db.add(outcome)
    db.flush()
    newest = queries.outcomes(recommendation.id)[0]
    recommendation.state, recommendation.as_of = newest.state, clock.today()
    audit("library", "outcome added", recommendation.id)
    return outcome


def write_analysis(told: AnalysisText, analysis: Analysis | None = None) -> Analysis:
    """Publish an analysis, or change one."""
    if analysis is None:
        wanted = text.slug(told.title or told.topics, "analysis")
        taken = set(db.scalars(select(Analysis.slug)))
        analysis = Analysis(slug=text.free_slug(wanted, taken), published_at=clock.now())
        db.add(analysis)
    analysis.title, analysis.teaser, analysis.topics = told.title, told.teaser, told.topics
    analysis.situation_key, analysis.link = told.situation_key, told.link
    analysis.as_of, analysis.updated_at = partial.parsed(told.as_of), clock.now()
    db.flush()
    indexing.analysis(analysis)
    audit("library", "analysis written", analysis.id)
    return analysis


def correct_analysis(analysis: Analysis, words: str) -> None:
    """Say openly what was wrong, with today's date."""
    db.add(AnalysisCorrection(analysis_id=analysis.id, on=clock.today(), words=words))
    analysis.updated_at = clock.now()


def attach(analysis: Analysis, file: FileStorage, name: str, *, by: int | None) -> None:
    """Keep a PDF with an analysis. Raises uploads.Refused."""
    upload = uploads.keep_document(file, by=by)
    db.flush()
    db.add(AnalysisAttachment(analysis_id=analysis.id, upload_id=upload.id, name=name))
    analysis.updated_at = clock.now()


def add_statement(told: StatementText) -> Statement:
    """Note a statement. Raises TooManyWords for a quotation that is no longer brief."""
    if points.count_words(told.quotation) > MOST_WORDS:
        raise points.TooManyWords
    taken = set(db.scalars(select(Statement.key)))
    statement = Statement(
        key=text.free_slug(text.slug(f"{told.organization} {told.on}", "statement"), taken),
        organization=told.organization,
        officer=told.officer,
        on=partial.parsed(told.on),
        about=told.about,
        quotation=told.quotation,
        link=told.link,
        as_of=clock.today(),
    )
    db.add(statement)
    db.flush()
    indexing.statement(statement)
    audit("library", "statement added", statement.id)
    return statement


def see_in_press(told: PressText, point: TalkingPoint | None, *, by: int | None) -> PressItem:
    """Put something on the list, with the talking point that answers it."""
    item = PressItem(
        outlet=told.outlet,
        title=told.title,
        link=told.link,
        seen_on=told.seen_on,
        claim=told.claim,
        correction=told.correction or (point.words if point else ""),
        created_at=clock.now(),
    )
    db.add(item)
    db.flush()
    if point is not None:
        place = points.Place(
            LETTER, item.id, f"{told.outlet}: {told.title}", f"/library/letters/{item.id}"
        )
        points.pick(point, place, by=by)
    return item


def assign_letter(item: PressItem, writer: Person) -> None:
    """Ask somebody to write a letter to the editor; they are told once."""
    if item.writer_id == writer.id and item.state == PressState.TAKEN:
        return
    item.writer_id = None
    move_letter(item, PressState.TAKEN, by=writer.id)
    mails.letter_assigned(item, writer)
    audit("library", "letter assigned", item.id)


def move_letter(item: PressItem, state: PressState, *, by: int | None) -> None:
    """Say how far a letter to the editor is; whoever takes it is its writer, who is told
    when the point in it is corrected."""
    if state == PressState.SEEN:
        item.writer_id = None
    elif item.writer_id is None:
        item.writer_id = by
    if item.writer_id is not None:
        for use in queries.uses_at(LETTER, item.id):
            use.picked_by_id = item.writer_id
    item.state = state
