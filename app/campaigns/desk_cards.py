"""What the desk of an alliance says of its campaigns: what moved, what is due, who is silent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, contains_eager

from app.campaigns import campaign_deadlines, measure_queries, renewal_queries
from app.campaigns.measure_models import Measure, StageEntry
from app.campaigns.renewal_models import Renewal
from app.campaigns.support_models import Endorsement
from app.campaigns.vote_models import SeatAsk, SeatWord
from app.foundation import clock
from app.foundation.db import db

MOVED_WITHIN = timedelta(days=14)
DUE_WITHIN = timedelta(days=21)
SHOWN = 4


@dataclass(frozen=True)
class Due:
    """The next step of a campaign and its last day."""

    measure: Measure
    on: date


@dataclass(frozen=True)
class Silent:
    """Who was to be asked for a campaign and has not answered: seats, and last year's endorsers."""

    measure: Measure
    seats: int
    organizations: int


@dataclass(frozen=True)
class Cards:
    """All of it; empty where nothing waits."""

    moved: Sequence[Measure]
    due: Sequence[Due]
    silent: Sequence[Silent]
    drafted: Sequence[Renewal]

    def __bool__(self) -> bool:
        return bool(self.moved or self.due or self.silent or self.drafted)


def of(alliance_id: int, today: date) -> Cards:
    """The cards of one alliance; a fixed number of statements."""
    drafted = renewal_queries.waiting(alliance_id)
    drafts = {each.measure_id for each in drafted}
    running = [each for each in measure_queries.running(alliance_id) if each.id not in drafts]
    return Cards(
        moved=_moved(alliance_id, drafts),
        due=_due(running, today),
        silent=_silent(running),
        drafted=drafted[:SHOWN],
    )


def _moved(alliance_id: int, drafts: Collection[int | None]) -> Sequence[Measure]:
    """What entered another stage lately, newest first; drafts are told as drafts."""
    newest = (
        select(StageEntry.measure_id, func.max(StageEntry.entered_at).label("at"))
        .where(
            StageEntry.position > 1,
            StageEntry.entered_at > clock.now() - MOVED_WITHIN,
        )
        .group_by(StageEntry.measure_id)
        .subquery()
    )
    return db.scalars(
        select(Measure)
        .join(newest, newest.c.measure_id == Measure.id)
        .join(Measure.body)
        .where(
            Measure.alliance_id == alliance_id,
            Measure.historical.is_(False),
            Measure.id.not_in(drafts),
        )
        .order_by(newest.c.at.desc(), Measure.id)
        .limit(SHOWN)
        .options(contains_eager(Measure.body))
    ).all()


def _due(running: Sequence[Measure], today: date) -> Sequence[Due]:
    days = campaign_deadlines.of_many(running)
    found = [Due(each, day) for each in running if (day := days[each.id]) is not None]
    near = [each for each in found if each.on <= today + DUE_WITHIN]
    return sorted(near, key=lambda each: (each.on, each.measure.id))[:SHOWN]


def _silent(running: Sequence[Measure]) -> Sequence[Silent]:
    numbers = [each.id for each in running]
    if not numbers:
        return ()
    seats = _silent_seats(numbers)
    organizations = _silent_organizations(numbers)
    return [
        Silent(each, seats.get(each.id, 0), organizations.get(each.id, 0))
        for each in running
        if each.id in seats or each.id in organizations
    ][:SHOWN]


def _silent_seats(measure_ids: Sequence[int]) -> Mapping[int, int]:
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


def _silent_organizations(measure_ids: Sequence[int]) -> Mapping[int, int]:
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
