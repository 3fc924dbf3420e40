"""What every template may use: the site, the viewer, links, notices, dates as people say them."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Flask, current_app, has_request_context, render_template, request
from markupsafe import Markup, escape

from app.foundation import language, links, maps, text
from app.foundation.policy import current_viewer, viewer

NOTICES: dict[str, Any] = {}
"""Sentences shown once after a redirect, by the key in the address; domains add theirs."""


class Site(NamedTuple):
    """Whose site it is."""

    name: str
    logo_url: str
    postal_address: str
    privacy_contact: str
    donate_url: str
    demo: bool


def site() -> Site:
    config = current_app.config
    return Site(
        name=config["SITE_NAME"],
        logo_url=config["SITE_LOGO"],
        postal_address=config["POSTAL_ADDRESS"],
        privacy_contact=config["PRIVACY_CONTACT"],
        donate_url=config["DONATE_URL"],
        demo=config["DEMO"],
    )


def init_app(app: Flask) -> None:
    app.context_processor(_context)
    app.jinja_env.globals.update(
        static_url=links.static_url,
        absolute_url=links.absolute,
        csrf_field=csrf_field,
        made_once=made_once,
        csrf_token=lambda: viewer.csrf_token,
        other_language_url=language.other_language_url,
        tile_map=maps.tile_map,
        crowd_map=maps.crowd_map,
        state_table=maps.state_table,
    )
    app.jinja_env.filters.update(
        markdown=text.markdown,
        excerpt=text.excerpt,
        plain=text.plain,
        clock_time=clock_time,
        long_date=long_date,
        day_as=day_as,
        month_name=month_name,
        short_date=short_date,
        local_time=local_time,
        local_date=local_date,
        local_day=local_day,
        numberformat=number,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def notices(**sentences: Any) -> None:
    """Add sentences (lazy) under their keys."""
    NOTICES.update({key.replace("_", "-"): sentence for key, sentence in sentences.items()})


def made_once(template: str) -> Markup:
    """A part that stands on every page, made once for each language and section of the site.

    It may ask for the site and for the section, and for nothing else of the page or its viewer.
    """
    return _made_once(template, site(), language.current(), request.script_root, _section())


@lru_cache(maxsize=1024)
def _made_once(template: str, _site: Site, _language: str, _root: str, _section: str) -> Markup:
    return Markup(render_template(template))  # noqa: S704  ours


def _section() -> str:
    """The first folder of the address, with a mark for whatever lies below it."""
    first, below, rest = request.path[1:].partition("/")
    return f"{first}{below}{'…' if rest else ''}"


def csrf_field() -> Markup:
    """The hidden field that a signed-in person's forms carry."""
    if not viewer.is_signed_in:
        return Markup()
    token = escape(viewer.csrf_token)
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)


def long_date(day: date) -> str:
    """Saturday, July 17, 2027."""
    return day_as(day, "full")


def short_date(day: date) -> str:
    """Jul 17, 2027."""
    return day_as(day, "medium")


def month_name(day: date) -> str:
    """July 2027."""
    return day_as(day, "MMMM y")


def day_as(day: date, pattern: str) -> str:
    """A day in the page's language, by one of Babel's patterns."""
    return _day_as(day, pattern, language.locale())


@lru_cache(maxsize=1024)
def _day_as(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale)


@lru_cache(maxsize=1024)
def _time_as(wall: time, locale: str) -> str:
    return format_time(wall, "h:mm a", locale=locale).replace("\u202f", " ")


def number(amount: int) -> str:
    """12,000."""
    return _number_as(amount, language.locale())


@lru_cache(maxsize=1024)
def _number_as(amount: int, locale: str) -> str:
    return format_decimal(amount, locale=locale)


def clock_time(typed: str) -> str:
    """6:30 PM for the 18:30 of a field; what is not a time of day stays as it was typed."""
    try:
        return _time_as(time.fromisoformat(typed), language.locale())
    except ValueError:
        return typed


def local_time(at: datetime, zone: str) -> str:
    """6:30 PM EDT: the reader of an event needs the event's own clock."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_time_as(local.time(), language.locale())} {local.tzname()}"


def local_date(at: datetime, zone: str) -> str:
    return long_date(local_day(at, zone))


def local_day(at: datetime, zone: str) -> date:
    """The date of an instant in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def _context() -> dict[str, Any]:
    notice = NOTICES.get(request.args.get("done", "")) if has_request_context() else None
    return {
        "site": site(),
        "viewer": current_viewer(),
        "language": language.current(),
        "notice": notice,
        "_": language.in_page(),
    }
