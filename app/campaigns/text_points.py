"""The talking points that clauses are made from, and the library's list of where each is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.alliances.models import Alliance
from app.campaigns.clauses import Clause
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import ModelText
from app.foundation.db import db
from app.library import points, queries
from app.library.models import PointUse, TalkingPoint
from app.library.points import Place

MODEL, TEXT = "model_text", "text"
"""The kinds of places, as the library keeps them."""


def of_model(model: ModelText) -> Place:
    return Place(MODEL, model.id, model.title, f"/staff/model-texts/{model.slug}")


def of_measure(measure: Measure) -> Place:
    """The desk of the alliance that has the campaign, or its public page."""
    alliance = db.get(Alliance, measure.alliance_id) if measure.alliance_id else None
    if alliance is None:
        return Place(TEXT, measure.id, measure.title, f"/campaigns/{measure.slug}")
    path = f"/desk/{alliance.slug}/campaigns/{measure.id}/text/clauses"
    return Place(TEXT, measure.id, measure.title, path, measure.alliance_id)


def note(place: Place, parts: Sequence[Clause], *, by_id: int | None) -> None:
    """Tell the library which points a text uses now, in their wording of today."""
    wanted = {part.point_id for part in parts if part.point_id is not None}
    points.leave(place, keep=wanted)
    for point in queries.points_with(wanted):
        points.pick(point, place, by=by_id)


def uses(place: Place) -> Mapping[int, PointUse]:
    """By point, as which wording a text took it."""
    return {use.point_id: use for use in queries.uses_at(place.kind, place.subject_id)}


def offered(parts: Sequence[Clause]) -> Mapping[str, TalkingPoint]:
    """By key: the message bank, and what the text has already."""
    return {
        point.key: point
        for point in queries.bank_and([part.point_id for part in parts if part.point_id])
    }
