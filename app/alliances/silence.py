"""Which coordinators have given no sign of life for so long that somebody should ask them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.accounts.models import AuditEntry, LastSignIn, SignInSession
from app.alliances.hand_over_models import HandOver
from app.alliances.models import PUBLIC, Alliance, CoordinatorTerm
from app.alliances.queries import serves
from app.foundation import clock, pagecontext
from app.foundation.db import db

LONG = timedelta(days=30)
SHOWN = 20


@dataclass(frozen=True)
class Silent:
    """A coordinator and when they last signed in or did something; else when their term began."""

    term: CoordinatorTerm
    alliance: Alliance
    since: datetime


def silent() -> Sequence[Silent]:
    """Who coordinates and has been silent for 30 days, the longest first."""
    acted = _latest(AuditEntry.at, AuditEntry.actor_id)
    visited = _latest(SignInSession.created_at, SignInSession.person_id)
    rows = db.execute(
        select(CoordinatorTerm, Alliance, LastSignIn.at, acted, visited)
        .join(Alliance, Alliance.id == CoordinatorTerm.alliance_id)
        .outerjoin(LastSignIn, LastSignIn.person_id == CoordinatorTerm.person_id)
        .where(serves(clock.today()), Alliance.life_cycle.in_(PUBLIC))
        .options(joinedload(CoordinatorTerm.person))
    )
    found = [
        Silent(term, alliance, _newest(_begun(term, alliance), *moments))
        for term, alliance, *moments in rows
    ]
    return sorted((each for each in found if _is_long(each)), key=lambda each: each.since)


def hand_overs() -> Sequence[HandOver]:
    """The latest hand-overs with their people, the newest first."""
    return db.scalars(
        select(HandOver)
        .order_by(HandOver.at.desc(), HandOver.id.desc())
        .limit(SHOWN)
        .options(
            joinedload(HandOver.alliance),
            joinedload(HandOver.predecessor),
            joinedload(HandOver.successor),
        )
    ).all()


def _latest(at: InstrumentedAttribute[Any], by: InstrumentedAttribute[Any]) -> Any:
    """SQL: the newest of somebody's rows, for each term."""
    newest = select(func.max(at)).where(by == CoordinatorTerm.person_id)
    return newest.correlate(CoordinatorTerm).scalar_subquery()


def _newest(*moments: datetime | None) -> datetime:
    return max(moment for moment in moments if moment is not None)


def _begun(term: CoordinatorTerm, alliance: Alliance) -> datetime:
    return clock.instant(datetime.combine(term.since, time()), alliance.time_zone)


def _is_long(silent: Silent) -> bool:
    """Whether it is more than 30 days, counted as the place counts days."""
    zone = silent.alliance.time_zone
    return clock.today(zone) - pagecontext.local_day(silent.since, zone) > LONG
