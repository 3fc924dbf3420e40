"""The lists of events and of people who signed up: columns, filters, order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from flask import url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    and_,
    bindparam,
    case,
    extract,
    func,
    or_,
    select,
)
from sqlalchemy.orm import contains_eager

from app.alliances.models import Alliance
from app.events import words
from app.events.call_forms import OfDayFilter
from app.events.forms import DeskFilter, EventFilter, PastSignUpFilter, SignUpFilter
from app.events.listed import OfAlliance
from app.events.models import Event, SignUp, SignUpState
from app.foundation import clock, geo, links
from app.foundation.tables import Column, Listing, like
from app.people.models import Person

NEAR_MILES = 50
Row = TypeVar("Row")


def _narrow_public(query: Select[Row], form: EventFilter) -> Select[Row]:
    if form.q.data:
        pattern = like(form.q.data)
        venue = case((Event.address_is_private, ""), else_=Event.venue)
        fields = (Event.title, Event.title_es, venue, Event.city, Alliance.name)
        query = query.where(or_(*(func.lower(f).like(pattern, escape="\\") for f in fields)))
    if form.state.data:
        query = query.where(Event.us_state == form.state.data)
    if form.kind.data:
        query = query.where(Event.kind == form.kind.data)
    if form.alliance.data:
        pattern = like(form.alliance.data)
        fits = (func.lower(f).like(pattern, escape="\\") for f in (Alliance.name, Alliance.slug))
        query = query.where(or_(*fits))
    return query.where(_near(form)) if form.near.data else query


def narrowed(query: Select[Row], form: EventFilter) -> Select[Row]:
    """Public events by the filters of their list, those that make sense."""
    form.leave_out_wrong()
    return _narrow_public(query, form)


def _near(form: EventFilter) -> ColumnElement[bool]:
    """Within so many miles of a ZIP code."""
    place = geo.place(form.near.data or "")
    miles = float(form.miles.data or NEAR_MILES)
    center = (place.latitude, place.longitude)
    return geo.within(Event.latitude, Event.longitude, center, miles)


def _narrow_of_day(query: Select[Event], form: OfDayFilter) -> Select[Event]:
    return query.where(Event.us_state == form.state.data) if form.state.data else query


def _narrow_desk(query: Select[Event], form: DeskFilter) -> Select[Event]:
    if form.q.data:
        query = query.where(func.lower(Event.title).like(like(form.q.data), escape="\\"))
    return query.where(Event.state == form.state.data) if form.state.data else query


def _narrow_sign_ups(query: Select[SignUp], form: SignUpFilter) -> Select[SignUp]:
    if form.q.data:
        query = query.where(func.lower(Person.name).like(like(form.q.data), escape="\\"))
    return query.where(SignUp.state == form.state.data) if form.state.data else query


def _url(event: Event) -> str:
    return links.absolute("events.event", slug=event.slug)


def _linked(event: OfAlliance) -> Markup:
    """The title that leads to the page."""
    address = escape(url_for("events.event", slug=event.slug))
    return Markup(f'<a href="{address}">{escape(words.title(event))}</a>')  # noqa: S704  escaped


def _person_name(own: SignUp) -> str:
    return own.person.name


_PUBLIC_COLUMNS: Sequence[Column[Event]] = (
    Column("title", _l("Event"), words.title, sort=func.lower(Event.title)),
    Column("when", _l("When"), words.short_when, sort=Event.starts_at),
    Column("where", _l("Where"), words.short_place, sort=Event.city),
    Column("alliance", _l("Alliance"), lambda e: e.alliance.name, sort=Alliance.name),
)

PUBLIC: Listing[OfAlliance] = Listing(
    name="events",
    columns=(
        Column("title", _l("Event"), _linked, sort=func.lower(Event.title)),
        Column("when", _l("When"), words.short_when, sort=Event.starts_at),
        Column("where", _l("Where"), words.short_place, sort=Event.city),
        Column("alliance", _l("Alliance"), lambda event: event.alliance_name, sort=Alliance.name),
    ),
    sort="when",
    tie_break=Event.id,
    filters=EventFilter,
    apply=_narrow_public,
    size=16,
)

PUBLIC_FILE: Listing[Event] = Listing(
    name="events",
    columns=(
        *_PUBLIC_COLUMNS,
        Column("kind", _l("Kind"), lambda event: words.KINDS[event.kind]),
        Column(
            "street", _l("Street"), lambda event: "" if event.address_is_private else event.street
        ),
        Column("state", _l("State"), lambda event: event.us_state),
        Column("zip", _l("ZIP code"), lambda event: "" if event.address_is_private else event.zip),
        Column("page", _l("Page"), _url),
    ),
    sort="when",
    tie_break=Event.id,
    filters=EventFilter,
    apply=_narrow_public,
)

OF_DAY: Listing[Event] = Listing(
    name="events",
    columns=_PUBLIC_COLUMNS,
    sort="when",
    tie_break=Event.id,
    filters=OfDayFilter,
    apply=_narrow_of_day,
    size=20,
)

DATES: Listing[Event] = Listing(
    name="events", columns=_PUBLIC_COLUMNS, sort="when", tie_break=Event.id, size=20
)

_NOW = bindparam("now", callable_=clock.now, type_=Event.ends_at.type)
_SECONDS = bindparam("seconds", callable_=lambda: clock.now().timestamp(), type_=Float)
_HOW_FAR = func.abs(extract("epoch", Event.starts_at) - _SECONDS)
"""From now, either way: what comes next stands first, and so does what is just over."""

DESK: Listing[Event] = Listing(
    name="events",
    columns=(
        Column("title", _l("Event"), words.title, sort=func.lower(Event.title)),
        Column("when", _l("When"), words.short_when, sort=_HOW_FAR),
        Column("state", _l("Status"), lambda e: words.STATES[e.state][0], sort=Event.state),
        Column("people", _l("People"), lambda _event: None),
    ),
    sort="when",
    before=[Event.ends_at <= _NOW],
    tie_break=Event.id,
    filters=DeskFilter,
    apply=_narrow_desk,
    size=30,
)

SIGN_UPS: Listing[SignUp] = Listing(
    name="sign-ups",
    columns=(
        Column("name", _l("Name"), _person_name, sort=func.lower(Person.name)),
        Column("state", _l("Status"), lambda own: words.SIGN_UPS[own.state][0], sort=SignUp.state),
        Column("place", _l("Order"), lambda own: own.place, sort=SignUp.place, numeric=True),
    ),
    sort="place",
    tie_break=SignUp.id,
    filters=SignUpFilter,
    apply=_narrow_sign_ups,
    size=50,
)


PAST_SIGN_UPS: Listing[SignUp] = replace(SIGN_UPS, filters=PastSignUpFilter)


def of_alliance(alliance_id: int) -> Select[Event]:
    """All events of an alliance, drafts too."""
    return select(Event).where(Event.alliance_id == alliance_id)


def sign_ups_of(event: Event, *, discreet: bool) -> Select[SignUp]:
    """Who signed up, without those who gave their seat back before they were confirmed.

    `discreet` adds people who are known only to their coordinator.
    """
    never_came = and_(SignUp.state == SignUpState.CANCELLED, SignUp.confirmed_at.is_(None))
    query = (
        select(SignUp)
        .join(SignUp.person)
        .where(SignUp.event_id == event.id, ~never_came)
        .options(contains_eager(SignUp.person))
    )
    return query if discreet else query.where(Person.discreet.is_(False))
