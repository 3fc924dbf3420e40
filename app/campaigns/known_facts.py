"""What the record of a campaign itself already says of the facts that its stages need."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from app.alliances.queries import coordinators
from app.campaigns.body_models import Seat
from app.campaigns.clauses import ClauseKind
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import TextClause, TextVersion
from app.campaigns.vote_models import SeatWord
from app.foundation.db import db


def of(measure: Measure) -> Mapping[str, object]:
    """The facts of `stages.FROM_RECORD`, each true where it is known."""
    newest = db.scalars(
        select(TextVersion)
        .where(TextVersion.measure_id == measure.id)
        .order_by(TextVersion.number.desc())
        .limit(1)
    ).first()
    kinds = _kinds(newest.id) if newest else set()
    return {
        "campaign": True,
        "coordinator": measure.owner_id or _has_coordinator(measure),
        "division_id": measure.body_id,
        "body": measure.body_id,
        "instrument": measure.instrument.value,
        "title": newest.title if newest else "",
        "whereas": ClauseKind.PREAMBULAR in kinds,
        "resolved": ClauseKind.OPERATIVE in kinds,
        "text_version": newest.number if newest else 0,
        "body_roster": _number(select(func.count(Seat.id)).where(Seat.body_id == measure.body_id)),
        "whip_rating": _number(
            select(func.count(SeatWord.id)).where(SeatWord.measure_id == measure.id)
        ),
    }


def _kinds(version_id: int) -> set[ClauseKind]:
    return set(
        db.scalars(select(TextClause.kind).where(TextClause.version_id == version_id).distinct())
    )


def _has_coordinator(measure: Measure) -> bool:
    return measure.alliance_id is not None and bool(coordinators(measure.alliance_id))


def _number(query: object) -> int:
    return db.scalar(query) or 0  # type: ignore[call-overload]  # a count
