"""Calendars to subscribe to and to download; answered with 304 while nothing has changed."""

from __future__ import annotations

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances import queries as alliances
from app.alliances.models import PUBLIC
from app.events import calendars, editions, own_calendar, words
from app.events.blueprint import blueprint
from app.foundation import links
from app.foundation.kept_pages import same_for_visitors
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in, viewer
from app.foundation.web import find_or_404, see_other

notices(
    calendar_made=_l("Here is the address of your calendar. An older one does not work any more."),
    calendar_removed=_l("Your calendar's address does not work any more."),
)


@blueprint.get("/events/<slug>.ics")
@allow(anyone)
@same_for_visitors
def calendar(slug: str) -> Response:
    event = find_or_404(calendars.one_for_feed(slug))
    return _calendar(calendars.feed(words.title(event), [event]), f"{slug}.ics")


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


@blueprint.get("/observances/<key>/calendar.ics")
@allow(anyone)
def observance_calendar(key: str) -> Response:
    days = calendars.days_of(key)
    find_or_404(days or None)
    name = editions.title_of(days[0])
    return _calendar(calendars.feed(name, calendars.for_feed(observance=key), days), f"{key}.ics")


@blueprint.get("/calendars/<token>.ics")
@allow(anyone)
def own_calendar_feed(token: str) -> Response:
    """A person's own; whoever has the address may read it, so it says nothing of others."""
    person_id = find_or_404(own_calendar.person_of(token))
    response = _calendar(own_calendar.feed_of(person_id), "my-events.ics")
    response.headers["Cache-Control"] = "private, no-cache"  # programs ask whether it changed
    return response


@blueprint.get("/me/calendar")
@allow(signed_in)
def my_calendar() -> ResponseReturnValue:
    link = own_calendar.link_of(viewer.person_id or 0)
    address = ""
    if link is not None:
        token = own_calendar.token_of(link)
        address = links.absolute("events.own_calendar_feed", token=token)
    return render_template("events/my_calendar.html", address=address)


@blueprint.post("/me/calendar")
@allow(signed_in)
def renew_my_calendar() -> ResponseReturnValue:
    own_calendar.renew(viewer.person_id or 0)
    return see_other("events.my_calendar", done="calendar-made")


@blueprint.post("/me/calendar/remove")
@allow(signed_in)
def remove_my_calendar() -> ResponseReturnValue:
    own_calendar.remove(viewer.person_id or 0)
    return see_other("events.my_calendar", done="calendar-removed")


def _calendar(body: bytes, name: str) -> Response:
    response = Response(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.add_etag()
    response.make_conditional(request)
    return response
