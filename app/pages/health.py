"""The health of the network: each alliance with its people, its last event, and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import case, func, select

from app.alliances import silence, terms
from app.alliances.models import (
    Alliance,
    CoordinatorTerm,
    LifeCycle,
    Membership,
    MembershipState,
)
from app.alliances.quiet_models import QuietSpell, TakeOverOffer
from app.digests import quiet
from app.events.models import Event, EventState
from app.foundation import clock, pagecontext
from app.foundation.db import db

SEEN = (LifeCycle.FORMING, LifeCycle.ACTIVE, LifeCycle.DORMANT)
Around = tuple[datetime | None, datetime | None]
"""When the last event began, and when the next one will."""
NEVER: Around = (None, None)


@dataclass(frozen=True)
class Health:
    """How an alliance does; `spell` where its members were asked who would take over."""

    alliance: Alliance
    members: int
    last_event: date | None
    next_event: date | None
    missing: Sequence[str]
    spell: QuietSpell | None
    offers: Sequence[TakeOverOffer]


def rows() -> list[Health]:
    """Every alliance that is there, by name; seven statements whatever their number."""
    alliances = db.scalars(
        select(Alliance).where(Alliance.life_cycle.in_(SEEN)).order_by(Alliance.name)
    ).all()
    members, events, led_until = _members(), _events(), _led_until()
    spells, offers = quiet.open_spells(), quiet.offers()
    silent = {each.alliance.id for each in silence.silent()}
    return [
        Health(
            alliance=alliance,
            members=members.get(alliance.id, 0),
            last_event=_day(events.get(alliance.id, NEVER)[0], alliance.time_zone),
            next_event=_day(events.get(alliance.id, NEVER)[1], alliance.time_zone),
            missing=[
                *_missing(led_until.get(alliance.id), *events.get(alliance.id, NEVER)),
                *([_("A coordinator has been silent for 30 days")] * (alliance.id in silent)),
            ],
            spell=spells.get(alliance.id),
            offers=offers.get(spells[alliance.id].id, ()) if alliance.id in spells else (),
        )
        for alliance in alliances
    ]


def at(rows: Sequence[Health], stage: LifeCycle) -> list[Health]:
    return [row for row in rows if row.alliance.life_cycle == stage]


def _members() -> dict[int, int]:
    found = db.execute(
        select(Membership.alliance_id, func.count())
        .where(Membership.state == MembershipState.ACTIVE)
        .group_by(Membership.alliance_id)
    )
    return {row[0]: row[1] for row in found}


def _events() -> dict[int, Around]:
    """When the last event of each alliance began, and when the next one will."""
    begun = Event.starts_at <= clock.now()
    found = db.execute(
        select(
            Event.alliance_id,
            func.max(case((begun, Event.starts_at))),
            func.min(case((~begun, Event.starts_at))),
        )
        .where(Event.state == EventState.PUBLISHED)
        .group_by(Event.alliance_id)
    )
    return {row[0]: (row[1], row[2]) for row in found}


def _led_until() -> dict[int, date]:
    """Until when somebody coordinates each alliance, with terms that are to come."""
    found = db.execute(
        select(CoordinatorTerm.alliance_id, CoordinatorTerm.until).where(
            (CoordinatorTerm.until.is_(None)) | (CoordinatorTerm.until >= clock.today())
        )
    )
    until_when: dict[int, date] = {}
    for alliance_id, until in found:
        until_when[alliance_id] = max(until_when.get(alliance_id, date.min), until or date.max)
    return until_when


def _missing(until: date | None, last: datetime | None, following: datetime | None) -> list[str]:
    missing = []
    if until is None:
        missing.append(_("Nobody coordinates it"))
    elif until - clock.today() <= terms.SOON:
        missing.append(_("The last term ends soon and there is no successor"))
    quiet_since = last is None or clock.now() - last > quiet.SIX_MONTHS
    if quiet_since and following is None:
        missing.append(_("No event in six months"))
    return missing


def _day(at: datetime | None, zone: str) -> date | None:
    """The day by the clock of a place."""
    return pagecontext.local_day(at, zone) if at else None
