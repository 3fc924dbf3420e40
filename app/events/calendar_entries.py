"""Events as entries of calendars (RFC 5545), for feeds and attachments.

Nobody is listed as attendee, so what goes out by mail is *published* and later *cancelled*
(RFC 5546, 4.1), which calendars take over without asking the reader to answer. Entries are the
same, byte for byte, until their event changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import icalendar
from flask import current_app
from flask_babel import gettext as _

from app.events import access, calendars, editions, words
from app.events.models import Edition, Event, EventState, Part
from app.events.vtimezone import vtimezone
from app.foundation import clock, language, links, text
from app.mail.outbox import Attachment
from app.work import registry
from app.work.models import ToDo
from app.work.registry import About

REFRESH = timedelta(hours=1)
"""How often programs should look again; said twice, the old way as PT1H."""
UTC_ZONES = ("UTC", "Etc/UTC")


def feed(
    name: str,
    events: Iterable[Event],
    days: Iterable[Edition] = (),
    *,
    to_dos: Collection[ToDo] = (),
    seats: Mapping[int, Part] = MappingProxyType({}),
    zone: str = clock.HOME_ZONE,
) -> bytes:
    """A calendar to subscribe to; it holds what those are told who have `seats` at events.

    An empty one names the `zone` of its reader, for a calendar without any component is none
    (RFC 5545, 3.6).
    """
    calendar = _calendar([(event, seats.get(event.id)) for event in events])
    for day in days:
        calendar.add_component(_whole_day(day))
    abouts = registry.abouts(to_dos)
    for to_do in to_dos:
        calendar.add_component(_last_day(to_do, abouts.get(to_do.id)))
    if not calendar.subcomponents:
        this_year = clock.today(zone).year
        calendar.add_component(vtimezone(zone, this_year, this_year + 1))
    calendar.add("x-wr-calname", text.one_line(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return bytes(calendar.to_ical())


def attachment(
    event: Event, to_language: str, method: str = calendars.PUBLISH, part: Part = Part.IN_PERSON
) -> Attachment:
    """The entry for somebody who has a seat; it holds the online link, so it is for mails only."""
    with language.speaking(to_language):
        calendar = _calendar([(event, part)])
    calendar.add("method", method)
    name = "cancelled.ics" if method == calendars.CANCEL else "event.ics"
    return Attachment(name, "text/calendar", calendar.to_ical().decode(), method)


def _whole_day(edition: Edition) -> icalendar.Event:
    """A day without a clock; it takes nobody's time."""
    entry = icalendar.Event()
    entry.add("uid", f"day-{edition.id}@{current_app.config['MAIL_DOMAIN']}")
    entry.add("dtstamp", edition.opened_at)
    entry.add("dtstart", edition.on)
    entry.add("dtend", edition.on + timedelta(days=1))
    entry.add("summary", _safe(editions.title_of(edition)))
    key, year = edition.observance_key, edition.year
    entry.add("url", links.absolute("events.observance", key=key, year=year))
    entry.add("transp", "TRANSPARENT")
    return entry


def uid(event: Event) -> str:
    return f"event-{event.id}@{current_app.config['MAIL_DOMAIN']}"


def _last_day(to_do: ToDo, about: About | None) -> icalendar.Event:
    """The day until when something is to be done; it takes nobody's time."""
    entry = icalendar.Event()
    entry.add("uid", f"to-do-{to_do.id}@{current_app.config['MAIL_DOMAIN']}")
    entry.add("dtstamp", to_do.created_at)
    entry.add("dtstart", to_do.due_on)
    entry.add("dtend", to_do.due_on + timedelta(days=1))
    title = registry.title_of(to_do)
    entry.add("summary", _safe(_("To do: %(title)s", title=title)))
    entry.add("transp", "TRANSPARENT")
    if about is not None:
        entry.add("description", _safe(about.title))
    return entry


def _calendar(events: Sequence[tuple[Event, Part | None]]) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Whereas//Events//EN")
    calendar.add("calscale", "GREGORIAN")
    for zone in sorted({event.time_zone for event, _seat in events} - set(UTC_ZONES)):
        years = [event.wall_start.year for event, _seat in events if event.time_zone == zone]
        calendar.add_component(vtimezone(zone, min(years), max(years) + 1))
    for event, seat in events:
        calendar.add_component(_entry(event, seat))
    return calendar


def _entry(event: Event, seat: Part | None) -> icalendar.Event:
    zone = UTC if event.time_zone in UTC_ZONES else ZoneInfo(event.time_zone)
    cancelled = event.state == EventState.CANCELLED
    title = words.title(event)
    entry = icalendar.Event()
    entry.add("uid", uid(event))
    entry.add("dtstamp", event.updated_at)
    entry.add("created", event.created_at)
    entry.add("last-modified", event.updated_at)
    entry.add("sequence", event.revision - 1)
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", _safe(_("Cancelled: %(title)s", title=title) if cancelled else title))
    entry.add("location", _safe(_location(event, seat)))
    entry.add("description", _safe(_description(event, seat)))
    entry.add("url", links.absolute("events.event", slug=event.slug))
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add(
        "organizer",
        f"mailto:{current_app.config['REPLY_TO']}",
        parameters={"CN": _safe(event.alliance.name).replace('"', "'")},
    )
    return entry


def _location(event: Event, seat: Part | None) -> str:
    if seat and event.online_link and not event.venue and not event.link_opens_late:
        return event.online_link
    return words.place(event, told=seat is Part.IN_PERSON)


def _description(event: Event, seat: Part | None) -> str:
    parts = [text.excerpt(words.description(event), 500)]
    if notes := access.in_words(event):
        parts.append(_("Access: %(notes)s", notes=notes))
    if seat and event.online_link and not event.link_opens_late:
        parts.append(_("Take part online: %(link)s", link=event.online_link))
    parts.append(links.absolute("events.event", slug=event.slug))
    return "\n\n".join(part for part in parts if part)


def _safe(raw: str) -> str:
    """Text without anything that could end its line early."""
    return text.clean(raw).replace("\r", "\n")
