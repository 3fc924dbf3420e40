"""What the desk of an alliance says of its campaigns: what moved, what is due, who is silent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.campaigns import campaign_deadlines, measure_queries, renewal_queries, silent
from app.campaigns.measure_models import Measure, StageEntry
from app.campaigns.renewal_models import Renewal
from app.campaigns.silent import Silent
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
        silent=silent.of(running)[:SHOWN],
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
