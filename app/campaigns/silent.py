"""Who was to be asked for a campaign and has not answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from app.campaigns.measure_models import Measure
from app.campaigns.support_models import Endorsement
from app.campaigns.vote_models import SeatAsk, SeatWord
from app.foundation.db import db


@dataclass(frozen=True)
class Silent:
    """Who was to be asked for a campaign and has not answered: seats, and last year's endorsers."""

    measure: Measure
    seats: int
    organizations: int


def of(running: Sequence[Measure]) -> Sequence[Silent]:
    """Those of these campaigns for which somebody is silent; two statements."""
    numbers = [each.id for each in running]
    if not numbers:
        return ()
    seats = _seats(numbers)
    organizations = _organizations(numbers)
    return [
        Silent(each, seats.get(each.id, 0), organizations.get(each.id, 0))
        for each in running
        if each.id in seats or each.id in organizations
    ]


def _seats(measure_ids: Sequence[int]) -> Mapping[int, int]:
    """Seats that somebody is to ask and of which no word is noted, by campaign."""
    rows = db.execute(
        select(SeatAsk.measure_id, func.count())
        .where(
            SeatAsk.measure_id.in_(measure_ids),
            ~exists().where(
                SeatWord.measure_id == SeatAsk.measure_id, SeatWord.seat_id == SeatAsk.seat_id
            ),
        )
        .group_by(SeatAsk.measure_id)
    )
    return dict(rows.all())


def _organizations(measure_ids: Sequence[int]) -> Mapping[int, int]:
    """Last year's endorsers that were asked again and have not come back, by new campaign."""
    again = aliased(Endorsement)
    rows = db.execute(
        select(Measure.id, func.count())
        .join(Endorsement, Endorsement.measure_id == Measure.prior_session_id)
        .where(
            Measure.id.in_(measure_ids),
            Endorsement.asked_again_on.is_not(None),
            Endorsement.withdrawn_on.is_(None),
            ~exists().where(
                again.measure_id == Measure.id,
                again.organization_id == Endorsement.organization_id,
            ),
        )
        .group_by(Measure.id)
    )
    return dict(rows.all())
