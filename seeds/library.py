"""The library: what reference/library/ holds in our own words, brought up to date at each run."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, select

from app.alliances.organization_models import Constituency
from app.foundation import clock
from app.foundation.db import db
from app.library import debates, indexing, partial, points
from app.library.models import (
    Actor,
    Ask,
    Outcome,
    OutcomeState,
    PointKind,
    PointWording,
    Recommendation,
    RecommendationActor,
    RecommendationSet,
    Source,
    TalkingPoint,
)
from app.library.reading_models import (
    Analysis,
    AnalysisCorrection,
    LinkRole,
    Position,
    Situation,
    SituationStage,
    SituationStep,
    Statement,
)

FOLDER = Path(__file__).parent / "reference" / "library"
CHECKED = date(2026, 11, 28)
"""On this day the facts were checked."""
ORDER = ("amicc", "asil", "blueprint", "just-security", "arguendo")
Row = TypeVar("Row")


def seed() -> int:
    """Load the library; how many things of it there are."""
    texts, answers, reading = (
        tomllib.loads((FOLDER / f"{name}.toml").read_text())
        for name in ("recommendations", "messages", "reading")
    )
    arguendo = dict(reading["debate_source"])
    for key, entry in {**texts["sources"], **answers["sources"]}.items():
        _source(key, entry)
    _source(arguendo.pop("key"), arguendo)
    count = _recommendations(texts) + _messages(answers) + _reading(reading)
    db.flush()
    return count


def _source(key: str, entry: Mapping[str, Any]) -> None:
    db.merge(Source(key=key, as_of=CHECKED, position=ORDER.index(key), **entry))
    db.flush()


def _found(model: type[Row], **by: Any) -> Row:
    """The row that is there, or a new one."""
    row = db.scalars(select(model).filter_by(**by)).first()
    if row is None:
        row = model(**by)
        db.add(row)
    return row


def _recommendations(texts: Mapping[str, Any]) -> int:
    for place, (key, entry) in enumerate(texts["sets"].items()):
        db.merge(
            RecommendationSet(
                key=key,
                title=entry["title"],
                introduction=entry["introduction"],
                source_key=entry["source"],
                position=place,
            )
        )
    db.flush()
    for place, entry in enumerate(texts["items"]):
        _recommendation(entry, place * 100)
    return len(texts["items"])


def _recommendation(entry: Mapping[str, Any], place: int) -> None:
    found = _found(Recommendation, code=entry["code"])
    found.set_key, found.position, found.as_of = entry["set"], place, CHECKED
    found.title, found.summary = entry["title"], entry["summary"]
    found.section = entry.get("section", "Section B" if entry["set"] == "asil-b" else "")
    outcomes = entry.get("outcomes", ())
    found.state = OutcomeState(outcomes[-1]["state"]) if outcomes else OutcomeState.OPEN
    db.flush()
    db.execute(delete(RecommendationActor).where(RecommendationActor.recommendation_id == found.id))
    for actor in entry["actors"]:
        detail = entry.get("details", {}).get(actor, "")
        db.add(RecommendationActor(recommendation_id=found.id, actor=Actor(actor), detail=detail))
    for outcome in outcomes:
        _outcome(found.id, outcome)
    for number, title in enumerate(entry.get("items", ()), start=1):
        item = _found(Recommendation, code=f"{found.code}.{number}")
        item.set_key, item.parent_id, item.title = found.set_key, found.id, title
        item.position, item.as_of = place + number, CHECKED
    db.flush()
    indexing.recommendation(found)


def _outcome(recommendation_id: int, entry: Mapping[str, Any]) -> None:
    row = _found(
        Outcome,
        recommendation_id=recommendation_id,
        on=partial.parsed(entry["on"]),
        state=OutcomeState(entry["state"]),
    )
    row.note, row.link = entry["note"], entry["link"]
    if row in db.new:
        row.created_at = clock.now()


def _messages(answers: Mapping[str, Any]) -> int:
    ids = dict(db.execute(select(Recommendation.code, Recommendation.id)).all())
    asks = {}
    for entry in answers["asks"]:
        ask = _found(Ask, key=entry["key"])
        if ask in db.new:  # what staff wrote afterwards holds
            ask.recommendation_id, ask.actor = ids[entry["recommendation"]], Actor(entry["actor"])
            ask.target, ask.title = entry["target"], entry["title"]
            ask.local_form, ask.as_of = entry["local_form"], CHECKED
        db.flush()
        asks[ask.key] = ask.id
    for entry in answers["points"]:
        _point(entry, asks)
    return len(asks) + len(answers["points"])


def _point(entry: Mapping[str, Any], asks: Mapping[str, int]) -> None:
    """Written once; afterwards corrections of staff hold."""
    if db.scalars(select(TalkingPoint.id).where(TalkingPoint.key == entry["key"])).first():
        return
    point = points.write(
        points.Draft(
            words=entry["words"],
            as_of=entry.get("as_of", CHECKED),
            kind=PointKind(entry.get("kind", "point")),
            claim=entry.get("claim", ""),
            source_key=entry["source"],
            section=entry.get("section", ""),
            link=entry.get("link", ""),
            ask_id=asks.get(entry.get("ask", "")),
            tags=", ".join(entry["tags"]),
            audience=[Constituency(each) for each in entry.get("audience", ())],
        ),
        key=entry["key"],
    )
    for words, why in entry.get("was", ()):
        db.add(
            PointWording(
                point_id=point.id,
                revision=point.revision,
                words=words,
                why=why,
                until=clock.now(),
            )
        )
        point.revision += 1


def _reading(reading: Mapping[str, Any]) -> int:
    for key, entry in reading["situations"].items():
        _situation(key, entry)
    for place, entry in enumerate(reading["analyses"]):
        _analysis(entry, place)
    for entry in reading["statements"]:
        _statement(entry)
    _debate(reading["debate"])
    return len(reading["situations"]) + len(reading["analyses"]) + len(reading["statements"]) + 1


def _situation(key: str, entry: Mapping[str, Any]) -> None:
    found = _found(Situation, key=key)
    if found in db.new:  # what staff wrote afterwards holds
        found.name, found.summary, found.as_of = entry["name"], entry["summary"], CHECKED
        found.stage = SituationStage(entry["stage"])
    db.flush()
    for on, stage, note in entry["steps"]:
        step = _found(
            SituationStep,
            situation_key=key,
            on=partial.parsed(on),
            stage=SituationStage(stage),
        )
        step.note = note
    indexing.situation(found)


def _analysis(entry: Mapping[str, Any], place: int) -> None:
    """The newest stands first, as on the page that they come from."""
    found = _found(Analysis, slug=entry["slug"])
    found.title, found.teaser, found.position = entry["title"], entry["teaser"], place
    found.topics, found.situation_key = ", ".join(entry["topics"]), entry.get("situation")
    found.source_key, found.link = "amicc", "https://www.amicc.org/"
    found.as_of = partial.parsed(entry.get("as_of", "2015"))
    published = clock.instant(datetime.combine(CHECKED, time(9)), "UTC") - timedelta(minutes=place)
    found.published_at = found.published_at or published
    if found in db.new:
        found.updated_at = clock.now()
    db.flush()
    for on, words in entry.get("corrections", ()):
        day = date.fromisoformat(on)
        _found(AnalysisCorrection, analysis_id=found.id, on=day, words=words)
    indexing.analysis(found)


def _statement(entry: Mapping[str, Any]) -> None:
    found = _found(Statement, key=entry["key"])
    found.organization, found.officer = entry["organization"], entry["officer"]
    found.on, found.about, found.quotation = entry["on"], entry["about"], entry["quotation"]
    found.source_key, found.as_of = entry["source"], CHECKED
    db.flush()
    indexing.statement(found)


def _debate(entry: Mapping[str, Any]) -> None:
    before = debates.save(_text(entry["predecessor"]), source_key="arguendo")
    question = debates.save(_text(entry), source_key="arguendo")
    question.predecessor_id = before.id


def _text(entry: Mapping[str, Any]) -> debates.DebateText:
    return debates.DebateText(
        slug=entry["slug"],
        title=entry["title"],
        body=entry["body"],
        published_on=entry.get("published_on"),
        published=True,
        arguments=[
            debates.ArgumentText(a["slug"], a["title"], Position(a["position"]), a["summary"])
            for a in entry.get("arguments", ())
        ],
        links=[
            debates.LinkText(link["title"], link["url"], LinkRole(link["role"]))
            for link in entry.get("links", ())
        ],
    )
