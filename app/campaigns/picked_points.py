"""Talking points that a campaign picks from the library: for its letters, for one visit."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from app.foundation.db import db
from app.library import points, queries
from app.library.models import PointUse, TalkingPoint
from app.library.points import Place

LETTERS = "letter"
VISIT = "visit"


def picked(kind: str, subject_id: int) -> Sequence[TalkingPoint]:
    """What was picked and still holds, in the order of the bank."""
    uses = db.scalars(
        select(PointUse)
        .join(PointUse.point)
        .where(
            PointUse.kind == kind,
            PointUse.subject_id == subject_id,
            TalkingPoint.withdrawn_at.is_(None),
        )
        .order_by(TalkingPoint.as_of.desc(), TalkingPoint.id)
        .options(contains_eager(PointUse.point))
    )
    return [use.point for use in uses]


def offered() -> Sequence[tuple[str, str]]:
    """Key and words of what can be picked."""
    return [(point.key, point.words) for point in db.scalars(queries.bank())]


def pick(place: Place, keys: Collection[str], *, by_id: int | None) -> None:
    """Exactly these from now on; whoever uses an old wording is told when it is corrected."""
    chosen = [point for key in keys if (point := queries.point(key)) and not point.withdrawn_at]
    db.execute(
        delete(PointUse).where(
            PointUse.kind == place.kind,
            PointUse.subject_id == place.subject_id,
            PointUse.point_id.not_in([point.id for point in chosen]),
        )
    )
    for point in chosen:
        points.pick(point, place, by=by_id)
