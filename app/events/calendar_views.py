"""Calendars to subscribe to and to download; answered with 304 while nothing has changed."""

from __future__ import annotations

from flask import Response, current_app, request
from flask_babel import gettext as _

from app.alliances import queries as alliances
from app.alliances.models import PUBLIC
from app.events import calendars
from app.events.blueprint import blueprint
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone
from app.foundation.web import find_or_404


@blueprint.get("/events/<slug>.ics")
@allow(anyone)
@same_for_visitors
def calendar(slug: str) -> Response:
    event = find_or_404(calendars.one_for_feed(slug))
    return _calendar(calendars.feed(event.title, [event]), f"{slug}.ics")


@blueprint.get("/calendar.ics")
@allow(anyone)
@same_for_visitors
def calendar_feed() -> Response:
    name = current_app.config["SITE_NAME"]
    return _calendar(calendars.feed(name, calendars.for_feed()), "calendar.ics")


@blueprint.get("/alliances/<slug>/calendar.ics")
@allow(anyone)
@same_for_visitors
def alliance_calendar(slug: str) -> Response:
    alliance = alliances.by_slug(slug)
    alliance = find_or_404(alliance if alliance and alliance.life_cycle in PUBLIC else None)
    name = _("Events of %(alliance)s", alliance=alliance.name)
    return _calendar(calendars.feed(name, calendars.for_feed(alliance.id)), f"{slug}.ics")


def _calendar(body: bytes, name: str) -> Response:
    response = Response(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.add_etag()
    response.make_conditional(request)
    return response
