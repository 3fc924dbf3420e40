"""What everybody sees: the list of events and the page of one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.events import (
    access,
    editions,
    listed,
    listings,
    mails,
    months,
    policy,
    queries,
    reports,
    rhythm,
    seating,
    shifts,
    words,
)
from app.events.blueprint import blueprint
from app.events.forms import EventFilter
from app.events.models import Part
from app.events.queries import Seen
from app.events.sign_up_forms import Asks, SignUpForm, TakingPart, form_for
from app.events.structured import json_ld
from app.foundation import clock, language, pagecontext
from app.foundation.forms import Form
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone, current_viewer, viewer
from app.foundation.tables import csv_of, page_of
from app.foundation.web import find_or_404


@blueprint.get("/events/")
@allow(anyone)
@same_for_visitors
def listing() -> ResponseReturnValue:
    if request.args.get("format") == "csv":
        return csv_of(listings.PUBLIC_FILE, queries.upcoming_events())
    page = page_of(listings.PUBLIC, listed.upcoming(), scalars=False, export=True)
    chosen = _chosen(page.filters)
    return render_template("events/listing.html", page=page, today=clock.today(), chosen=chosen)


@blueprint.get("/events/month/<month>")
@allow(anyone)
@same_for_visitors
def month(month: str) -> ResponseReturnValue:
    try:
        first = months.first_of(month)
    except months.NoSuchMonth:
        abort(404)
    form = EventFilter.of(request.args)
    found = months.month(first, form)
    day = found.day(request.args.get("day", 0, type=int))
    return render_template(
        "events/month.html",
        month=found,
        day=day,
        form=form,
        weekdays=[pagecontext.day_as(each.on, "EEE") for each in found.days[:7]],
        chosen=_chosen(form),
        words=words,
    )


def _chosen(form: Form | None) -> dict[str, str]:
    """What the address narrows the list by: the month and the list hand it to each other."""
    return {name: value for name, value in request.args.items() if form and name in form and value}


@blueprint.get("/events/<slug>/dates")
@allow(anyone)
@same_for_visitors
def dates(slug: str) -> ResponseReturnValue:
    """All dates of an event that comes again, each with its own page."""
    seen = seen_or_404(slug)
    rule = find_or_404(seen.rule)
    return render_template(
        "events/dates.html",
        event=seen.event,
        often=rhythm.in_words(rule),
        page=page_of(listings.DATES, queries.dates(seen.event.series_id or 0)),
        words=words,
    )


@blueprint.get("/events/<slug>")
@allow(anyone)
@same_for_visitors
def event(slug: str) -> ResponseReturnValue:
    return event_page(seen_or_404(slug))


def event_page(seen: Seen, form: TakingPart | None = None) -> str:
    """The page of an event, with the form as somebody filled it in, or empty."""
    viewer = current_viewer()
    organizes = policy.may_edit(viewer, seen.event)
    co_hosts = queries.co_hosts(seen.event.id) if seen.has_co_hosts else ()
    report = reports.public(seen.event.id) if seen.is_over else None
    knows = policy.may_see_where(viewer, seen.event, co_hosts)
    seat = seen.own.seat if seen.own else None
    return render_template(
        "events/event.html",
        event=seen.event,
        seen=seen,
        form=form,
        fields=_fields_of(seen, form, [each.name for each in co_hosts]),
        words=words,
        organizes=organizes,
        told_place=knows or seat is Part.IN_PERSON,
        told_link=knows or seat is not None,
        coming=words.coming(seen.counts.confirmed, exact=organizes),
        structured=json_ld(seen.event) if seen.event.published_at else None,
        seats=_seats(seen),
        report=report,
        pictures=reports.pictures(report),
        day_name=editions.title_of(seen.event.edition) if seen.event.edition else "",
        co_hosts=co_hosts,
        access=access.of_event(seen.event),
        often=rhythm.in_words(seen.rule) if seen.rule else "",
        claim_url=mails.claim_url(seen.own, language.current())
        if seen.own and seen.has_offer
        else "",
    )


def asks_of(seen: Seen, co_hosts: Sequence[str] | None = None) -> Asks:
    """What the event asks of those who sign up."""
    if co_hosts is None:
        co_hosts = [e.name for e in queries.co_hosts(seen.event.id)] if seen.has_co_hosts else ()
    found = shifts.of_event(seen.event.id) if seen.has_shifts else ()
    return Asks(seen.event, found, co_hosts, seen.only_online_is_free)


def _fields_of(seen: Seen, form: TakingPart | None, co_hosts: Sequence[str]) -> Markup | str:
    """The fields to sign up with; those that most events show are kept ready."""
    if not seen.takes_sign_ups or (seen.own is not None and seating.keeps(seen.own)):
        return ""
    asks, visitor = asks_of(seen, co_hosts), not current_viewer().is_signed_in
    if form is None and asks.is_plain:
        return _plain_fields(language.current(), visitor, asks.is_limited)
    form = form or form_for(asks, SignUpForm if visitor else TakingPart, formdata=None)
    return _fields(form, asks.is_limited)


@lru_cache
def _plain_fields(_language: str, visitor: bool, limited: bool) -> Markup:
    """The same for everybody, so it is kept for each language."""
    form = SignUpForm(formdata=None) if visitor else TakingPart(formdata=None)
    return _fields(form, limited)


def _fields(form: TakingPart, limited: bool) -> Markup:
    page = render_template("events/sign_up_fields.html", form=form, limited=limited)
    return Markup(page)  # noqa: S704  ours


def seen_or_404(slug: str) -> Seen:
    """An event as the viewer may see it; drafts do not exist for others."""
    return _seen_or_404(queries.seen(slug, current_viewer().person_id))


def locked_or_404(slug: str) -> Seen:
    """The same for whoever signs up: nobody else changes it until the transaction ends."""
    return _seen_or_404(queries.seen_locked(slug))


def _seen_or_404(found: Seen | None) -> Seen:
    seen = find_or_404(found)
    if not policy.may_see(current_viewer(), seen.event):
        abort(404)
    return seen


def _seats(seen: Seen) -> str:
    """A sentence about free seats, or nothing where there is no limit."""
    if not seen.takes_sign_ups:
        return ""
    if seen.only_online_is_free:
        return str(_("Every seat at the place is taken; online there is room."))
    if seen.left is None:
        return ""
    if seen.is_full:
        return str(_("Every seat is taken. You can join the waiting list."))
    if seen.counts.taken < words.FEW and not policy.may_edit(viewer, seen.event):
        return ""  # whoever knows the capacity could count the few
    return words.seats_left(seen.left)
