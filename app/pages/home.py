"""The home page, what we keep about people, and what search engines may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Date, Select, bindparam, func, select

from app.alliances.models import PUBLIC, Alliance
from app.alliances.queries import numbers_by_state
from app.digests import archive
from app.digests.models import Issue
from app.events import editions
from app.events.models import Edition, Event, EventState, Observance
from app.foundation import clock, links
from app.foundation.db import db
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone, demo_only
from app.library import partial
from app.library.reading_queries import latest_analysis
from app.pages import samples
from app.pages.blueprint import blueprint

EVENTS_SHOWN = 4


@dataclass(frozen=True)
class NextDay:
    """The next day for which an alliance has an event, else the next that is open."""

    name: str
    key: str
    year: int
    on: date
    days: int
    answered: int
    alliances: int


@blueprint.get("/")
@allow(anyone)
@same_for_visitors
def home() -> ResponseReturnValue:
    by_state = numbers_by_state()
    return render_template(
        "pages/home.html",
        today=clock.today(),
        by_state=by_state,
        next_day=_next_day(sum(by_state.values())),
        events=_coming_events(),
        analysis=latest_analysis(),
        partial=partial,
    )


@blueprint.get("/privacy")
@allow(anyone)
@same_for_visitors
def privacy() -> ResponseReturnValue:
    return render_template("pages/privacy.html")


@blueprint.get("/robots.txt")
@allow(anyone)
def robots() -> Response:
    body = (
        "User-agent: *\nDisallow: /desk/\nDisallow: /staff/\nDisallow: /admin/\nDisallow: /me\n"
        f"Sitemap: {links.absolute('pages.sitemap')}\n"
    )
    return Response(body, mimetype="text/plain")


@blueprint.get("/sitemap.xml")
@allow(anyone)
@same_for_visitors
def sitemap() -> Response:
    urls = [
        links.absolute(name)
        for name in (
            *("pages.home", "alliances.directory", "events.listing"),
            *("digests.archive_list", "library.front", "library.recommendations"),
            *("library.points", "library.analyses", "library.debates", "library.sources"),
        )
    ]
    urls += [
        links.absolute("pages.alliance", slug=slug)
        for slug in db.scalars(select(Alliance.slug).where(Alliance.life_cycle.in_(PUBLIC)))
    ]
    urls += [
        links.absolute("events.event", slug=slug)
        for slug in db.scalars(
            select(Event.slug).where(
                Event.state == EventState.PUBLISHED, Event.ends_at > clock.now()
            )
        )
    ]
    urls += [
        links.absolute("digests.archived", issue_id=issue.id)
        for issue in db.scalars(archive.issues().order_by(Issue.id))
    ]
    entries = "".join(f"<url><loc>{escape(url)}</loc></url>" for url in urls)
    return Response(
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>',
        mimetype="application/xml",
    )


@blueprint.get("/styleguide")
@allow(demo_only)
def styleguide() -> ResponseReturnValue:
    return render_template(
        "styleguide.html",
        form=samples.form(),
        page=samples.page(),
        today=clock.today(),
    )


def _next_day(alliances: int) -> NextDay | None:
    today = clock.today()
    row = db.execute(_of_the_next_day(), {"today": today}).first()
    if row is None:
        return None
    year, on, observance, count = row
    name = editions.name_of(observance)
    return NextDay(name, observance.key, year, on, (on - today).days, count, alliances)


@cache
def _of_the_next_day() -> Select[Any]:
    """Built once, for the first page that people see asks it each time."""
    answered = (
        select(func.count(func.distinct(Event.alliance_id)))
        .where(Event.edition_id == Edition.id, Event.state == EventState.PUBLISHED)
        .scalar_subquery()
    )
    return (
        select(Edition.year, Edition.on, Observance, answered)
        .join(Observance)
        .where(Edition.opened_at.is_not(None), Edition.on >= bindparam("today", type_=Date()))
        .order_by(answered == 0, Edition.on, Edition.id)
        .limit(1)
    )


def _coming_events() -> list[tuple[Event, str]]:
    """The next published events with the names of their alliances."""
    rows = db.execute(
        select(Event, Alliance.name)
        .join(Event.alliance)
        .where(Event.state == EventState.PUBLISHED, Event.ends_at > clock.now())
        .order_by(Event.starts_at, Event.id)
        .limit(EVENTS_SHOWN)
    )
    return [(event, name) for event, name in rows]
