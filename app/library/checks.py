"""The library checked against itself: sources, lengths, dates, and links that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from app.foundation import clock
from app.foundation.db import db
from app.library import partial
from app.library.models import MOST_WORDS, Recommendation, Source, TalkingPoint
from app.library.reading_models import Analysis, Debate, Entry, Situation, Statement

STALE = timedelta(days=550)
"""A date older than a year and a half is worth a look."""
_INSIDE = re.compile(r"\]\((/[^)\s]*)\)")


@dataclass(frozen=True)
class Finding:
    """Something to mend: where, and what; what is only `old` is to be looked at again."""

    where: str
    what: str
    old: bool = False


def findings() -> Sequence[Finding]:
    return [*_sources(), *_points(), *_stale(), *_links()]


def _sources() -> Iterator[Finding]:
    for source in db.scalars(select(Source).order_by(Source.key)):
        if not source.published:
            yield Finding(f"source {source.key}", "has no date")
        if not source.url:
            yield Finding(f"source {source.key}", "has no link")


def _points() -> Iterator[Finding]:
    current = select(TalkingPoint).where(TalkingPoint.withdrawn_at.is_(None))
    for point in db.scalars(current.order_by(TalkingPoint.key)):
        if not (point.source_key or point.link):
            yield Finding(f"point {point.key}", "has no source")
        if (count := len(point.words.split())) > MOST_WORDS:
            yield Finding(f"point {point.key}", f"has {count} words")
    for statement in db.scalars(select(Statement).order_by(Statement.key)):
        if not (statement.source_key or statement.link):
            yield Finding(f"statement {statement.key}", "has no source")


def _stale() -> Iterator[Finding]:
    oldest = clock.today() - STALE
    for model, name, key in (
        (Recommendation, "recommendation", Recommendation.code),
        (Situation, "situation", Situation.key),
    ):
        for each, as_of in db.execute(select(key, model.as_of).where(model.as_of < oldest)):
            yield _old(f"{name} {each}", as_of)
    for point in db.scalars(select(TalkingPoint).where(TalkingPoint.as_of < oldest)):
        if "figures" in point.tags and point.withdrawn_at is None:
            yield _old(f"point {point.key}", point.as_of)


def _old(where: str, as_of: date) -> Finding:
    return Finding(where, f"is as of {as_of.isoformat()}", old=True)


def _links() -> Iterator[Finding]:
    """Addresses inside the library that no page answers, or whose thing is gone."""
    entries = db.scalars(select(Entry).order_by(Entry.id)).all()
    known = {entry.path.partition("#")[0] for entry in entries}
    adapter = current_app.url_map.bind("localhost")
    texts = [(f"debate {d.slug}", d.body) for d in db.scalars(select(Debate))]
    texts += [(f"analysis {a.slug}", a.teaser) for a in db.scalars(select(Analysis))]
    for where, body in texts:
        for path in _INSIDE.findall(body):
            try:
                adapter.match(path.partition("?")[0].partition("#")[0])
            except HTTPException:
                yield Finding(where, f"links to {path}, which leads nowhere")
                continue
            if path.startswith("/library/") and path.count("/") > len("//") and path not in known:
                yield Finding(where, f"links to {path}, which is not there")
    for entry in entries:
        if entry.as_of and partial.begins(entry.as_of) > clock.today():
            yield Finding(f"{entry.kind} {entry.key}", "has a date in the future")
