"""Who represents a place in Congress, what they are called, and where to find them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import case, select

from app.campaigns.congress_models import Chamber, Legislator, LegislatorOffice
from app.campaigns.measure_models import Measure
from app.foundation import clock
from app.foundation.db import db


@dataclass(frozen=True)
class Office:
    """Where to find a member of Congress."""

    address: str
    phone: str


def members(measure: Measure) -> Sequence[Legislator]:
    """Who represents the place's state today: senators, then representatives by district."""
    today = clock.today()
    senators_first = case((Legislator.chamber == Chamber.SENATE, 0), else_=1)
    return db.scalars(
        select(Legislator)
        .where(
            Legislator.state == measure.us_state,
            Legislator.since <= today,
            Legislator.until >= today,
        )
        .order_by(senators_first, Legislator.district, Legislator.name)
    ).all()


def title_of(legislator: Legislator) -> str:
    """Senator Jo Bell; Representative Al Fox, district 3."""
    if legislator.chamber == Chamber.SENATE:
        return str(_("Senator %(name)s", name=legislator.name))
    if not legislator.district:
        return str(_("Representative %(name)s", name=legislator.name))
    return str(
        _(
            "Representative %(name)s, district %(number)s",
            name=legislator.name,
            number=legislator.district,
        )
    )


def offices(legislator_id: str | None) -> Sequence[Office]:
    """Those at home by their city, then the one in Washington."""
    legislator = db.get(Legislator, legislator_id) if legislator_id else None
    if legislator is None:
        return []
    at_home = db.scalars(
        select(LegislatorOffice)
        .where(LegislatorOffice.legislator_id == legislator.id)
        .order_by(LegislatorOffice.city, LegislatorOffice.id)
    )
    found = [
        Office(", ".join(filter(None, (each.address, each.city, _state(each)))), each.phone)
        for each in at_home
    ]
    return [*found, Office(legislator.address, legislator.phone)]


def _state(office: LegislatorOffice) -> str:
    return f"{office.state} {office.zip}".strip()
