"""A section with the news that staff wrote: for everybody, and for members of an alliance."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.digests import fragments, items
from app.digests.fragments import Piece
from app.digests.models import Issue, Item, News
from app.foundation import clock
from app.foundation.db import db
from app.mail.sections import Circumstances, Fragment, Opened, Part, Section, Shared, Tell


@dataclass(frozen=True)
class Written:
    """The news of an issue: for everybody, and by alliance."""

    for_all: tuple[Piece, ...]
    by_alliance: Mapping[int, tuple[Piece, ...]]


def changes(issue: Issue) -> Hashable:
    """Nothing changes once the issue started."""
    if issue.frozen_at is not None:
        return issue.frozen_at
    query = select(func.count(), func.sum(Item.version), func.max(Item.updated_at))
    return clock.today(), *db.execute(query).one()


def open_items(issue: Issue, _shared: Shared) -> Opened:
    written = _written(issue)

    def asked(_people: Mapping[int, Circumstances], part: Part) -> Tell:
        def tell(person: Circumstances, language: str) -> Sequence[Fragment]:
            parts = []
            if written.for_all:
                parts.append(part(fragments.news, None, written.for_all, language))
            for local in person.alliances:
                own = written.by_alliance.get(local.id)
                if own:
                    parts.append(part(fragments.news, local, own, language))
            return parts

        return tell

    return asked


def _written(issue: Issue) -> Written:
    by_alliance: dict[int | None, tuple[Piece, ...]] = {}
    for news in items.of(issue):
        earlier = by_alliance.get(news.alliance_id, ())
        by_alliance[news.alliance_id] = (*earlier, piece(news))
    for_all = by_alliance.pop(None, ())
    return Written(for_all, {key: pieces for key, pieces in by_alliance.items() if key})


def piece(news: News) -> Piece:
    """News apart from the database."""
    return Piece(
        title=news.title,
        title_es=news.title_es,
        body=news.body,
        body_es=news.body_es,
        link=news.link,
    )


SECTION = Section("items", 10, _l("News that staff wrote"), changes, open_items)
