"""Talking points of the library in the news of digests: picked, and let go with the news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.digests.models import Item
from app.foundation import links, pagecontext, text
from app.foundation.db import db
from app.library import points, queries
from app.library.models import PointUse, TalkingPoint

KIND = "news"
SHOWN = 90


def choices() -> Sequence[tuple[str, str]]:
    """The message bank as a select offers it: the key, and how the point begins."""
    bank = db.scalars(queries.bank())
    return [(point.key, text.excerpt(point.claim or point.words, SHOWN)) for point in bank]


def first_words(key: str) -> Mapping[str, str]:
    """What a piece of news begins with that tells a talking point."""
    point = queries.point(key)
    if point is None or point.withdrawn_at is not None:
        return {}
    source = f"{point.source.title}, " if point.source else ""
    said = f"> {point.words}\n\n{source}{pagecontext.short_date(point.as_of)}"
    return {
        "point": point.key,
        "title": text.excerpt(point.claim, SHOWN),
        "body": said,
        "link": links.absolute("library.point", key=point.key),
    }


def pick(item: Item, key: str, *, by_id: int) -> None:
    """Let a piece of news tell a talking point in its wording of today, or none."""
    point = queries.point(key) if key else None
    before = use_of(item.id)
    if before is not None and (point is None or before.point_id != point.id):
        let_go(item.id)
    if point is not None:
        path = f"/staff/digests/news/{item.id}"
        place = points.Place(KIND, item.id, item.title, path, item.alliance_id)
        points.pick(point, place, by=by_id)


def let_go(item_id: int) -> None:
    db.execute(delete(PointUse).where(PointUse.kind == KIND, PointUse.subject_id == item_id))


def use_of(item_id: int) -> PointUse | None:
    """The pick of a piece of news, with its point."""
    return db.scalars(
        select(PointUse)
        .options(joinedload(PointUse.point))
        .where(PointUse.kind == KIND, PointUse.subject_id == item_id)
    ).first()


def corrected(item_id: int) -> TalkingPoint | None:
    """The point that a piece of news tells in a wording that is old by now."""
    use = use_of(item_id)
    return use.point if use is not None and use.revision < use.point.revision else None
