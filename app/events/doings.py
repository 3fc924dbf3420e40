"""What an organization's page tells of events: those it holds with us, and invitations."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager

from app.alliances import organization_queries, organization_registry
from app.alliances.organization_models import Organization
from app.alliances.organization_registry import Doing
from app.events import words
from app.events.co_host_models import CoHost, CoHostState
from app.events.models import Event, EventState
from app.foundation import clock, pagecontext
from app.foundation.db import db
from app.foundation.policy import viewer

MOST = 10


def doings(organization: Organization) -> Sequence[Doing]:
    """The newest first; an invitation is for those who speak for it."""
    rows = db.scalars(
        select(CoHost)
        .join(CoHost.event)
        .options(contains_eager(CoHost.event))
        .where(
            CoHost.organization_id == organization.id,
            Event.state == EventState.PUBLISHED,
            or_(
                CoHost.state == CoHostState.ACCEPTED,
                and_(CoHost.state == CoHostState.INVITED, Event.ends_at > clock.now()),
            ),
        )
        .order_by(Event.starts_at.desc(), CoHost.id)
        .limit(MOST)
    ).all()
    speaks = _speaks_for(organization)
    return [_doing(row) for row in rows if speaks or row.state == CoHostState.ACCEPTED]


def _speaks_for(organization: Organization) -> bool:
    led = organization_queries.represented_by(viewer.person_id) if viewer.person_id else ()
    return viewer.is_staff or any(each.id == organization.id for each in led)


def _doing(co_host: CoHost) -> Doing:
    event = co_host.event
    line = f"{words.title(event)}, {pagecontext.short_date(event.wall_start.date())}"
    if co_host.state == CoHostState.ACCEPTED:
        return Doing(
            heading=str(_("Holds an event with us")),
            line=line,
            url=url_for("events.event", slug=event.slug),
        )
    return Doing(
        heading=str(_("Is asked to hold it with us")),
        line=line,
        url=url_for("events.co_host", co_host_id=co_host.id),
    )


organization_registry.DOINGS.append(doings)
