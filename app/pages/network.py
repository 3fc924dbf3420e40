"""The health of the network: each alliance with what it is missing, for staff, as page and file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.alliances import silence, terms
from app.alliances.models import (
    Alliance,
    CoordinatorTerm,
    LifeCycle,
    Membership,
    MembershipState,
)
from app.alliances.words import LIFE_CYCLES
from app.events.models import Event, EventState
from app.foundation import clock
from app.foundation.db import db
from app.foundation.policy import allow, staff
from app.foundation.tables import csv_response
from app.pages.blueprint import blueprint

SIX_MONTHS = timedelta(days=182)
SEEN = (LifeCycle.FORMING, LifeCycle.ACTIVE, LifeCycle.DORMANT)


@dataclass(frozen=True)
class Health:
    """How an alliance does: its people, its last event, and what it lacks."""

    alliance: Alliance
    members: int
    last_event: date | None
    missing: Sequence[str]


@blueprint.get("/staff/network")
@allow(staff)
def network() -> ResponseReturnValue:
    rows = _health()
    if request.args.get("format") == "csv":
        return _file(rows)
    return render_template(
        "pages/network.html",
        groups=[(LIFE_CYCLES[stage][0], _of(rows, stage)) for stage in SEEN],
        well=sum(not row.missing for row in rows),
        total=len(rows),
    )


def _health() -> list[Health]:
    """Every alliance that is there, by name; five statements whatever their number."""
    alliances = db.scalars(
        select(Alliance).where(Alliance.life_cycle.in_(SEEN)).order_by(Alliance.name)
    ).all()
    members = _members()
    events = _last_events()
    led_until = _led_until()
    quiet = {each.alliance.id for each in silence.silent()}
    return [
        Health(
            alliance=alliance,
            members=members.get(alliance.id, 0),
            last_event=_day(events.get(alliance.id)),
            missing=[
                *_missing(alliance, led_until, events.get(alliance.id)),
                *([_("A coordinator has been silent for 30 days")] * (alliance.id in quiet)),
            ],
        )
        for alliance in alliances
    ]


def _members() -> dict[int, int]:
    rows = db.execute(
        select(Membership.alliance_id, func.count())
        .where(Membership.state == MembershipState.ACTIVE)
        .group_by(Membership.alliance_id)
    )
    return {row[0]: row[1] for row in rows}


def _last_events() -> dict[int, datetime]:
    """When each alliance's newest published event begins, past or to come."""
    rows = db.execute(
        select(Event.alliance_id, func.max(Event.starts_at))
        .where(Event.state == EventState.PUBLISHED)
        .group_by(Event.alliance_id)
    )
    return {row[0]: row[1] for row in rows}


def _led_until() -> dict[int, date]:
    """Until when somebody coordinates each alliance, with terms that are to come."""
    rows = db.execute(
        select(CoordinatorTerm.alliance_id, CoordinatorTerm.until).where(
            (CoordinatorTerm.until.is_(None)) | (CoordinatorTerm.until >= clock.today())
        )
    )
    found: dict[int, date] = {}
    for alliance_id, until in rows:
        found[alliance_id] = max(found.get(alliance_id, date.min), until or date.max)
    return found


def _missing(alliance: Alliance, led_until: dict[int, date], event: datetime | None) -> list[str]:
    missing = []
    until = led_until.get(alliance.id)
    if until is None:
        missing.append(_("Nobody coordinates it"))
    elif until - clock.today() <= terms.SOON:
        missing.append(_("The last term ends soon and there is no successor"))
    if event is None or clock.now() - event > SIX_MONTHS:
        missing.append(_("No event in six months"))
    return missing


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _of(rows: Sequence[Health], stage: LifeCycle) -> list[Health]:
    return [row for row in rows if row.alliance.life_cycle == stage]


def _file(rows: Sequence[Health]) -> ResponseReturnValue:
    heads = [_("Alliance"), _("Stage"), _("Members"), _("Newest event"), _("What is missing")]
    return csv_response(
        "network.csv",
        heads,
        [
            [
                row.alliance.name,
                str(LIFE_CYCLES[row.alliance.life_cycle][0]),
                row.members,
                row.last_event.isoformat() if row.last_event else "",
                "; ".join(row.missing),
            ]
            for row in rows
        ],
    )
