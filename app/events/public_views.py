"""What everybody sees: the list of events and the page of one."""

from __future__ import annotations

from functools import lru_cache

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.events import editions, listings, policy, queries, words
from app.events.blueprint import blueprint
from app.events.forms import SignUpForm
from app.events.queries import Seen
from app.events.structured import json_ld
from app.foundation import language
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone, viewer
from app.foundation.tables import csv_of, page_of
from app.foundation.web import find_or_404


@blueprint.get("/events/")
@allow(anyone)
@same_for_visitors
def listing() -> ResponseReturnValue:
    query = queries.upcoming_events()
    if request.args.get("format") == "csv":
        return csv_of(listings.PUBLIC_FILE, query)
    page = page_of(listings.PUBLIC, query, export=True)
    return render_template("events/listing.html", page=page, words=words)


@blueprint.get("/events/<slug>")
@allow(anyone)
@same_for_visitors
def event(slug: str) -> ResponseReturnValue:
    return event_page(seen_or_404(slug))


def event_page(seen: Seen, form: SignUpForm | None = None) -> str:
    """The page of an event, with the form as somebody filled it in, or empty."""
    organizes = policy.may_edit(viewer, seen.event)
    return render_template(
        "events/event.html",
        event=seen.event,
        seen=seen,
        form=form,
        fields=_fields(form) if form else _empty_fields(language.current()),
        words=words,
        organizes=organizes,
        coming=words.coming(seen.counts.confirmed, exact=organizes),
        structured=json_ld(seen.event) if seen.event.published_at else None,
        seats=_seats(seen),
        day_name=editions.title_of(seen.event.edition) if seen.event.edition else "",
    )


@lru_cache
def _empty_fields(_language: str) -> Markup:
    """What a visitor fills in; the same for everybody, so it is kept for each language."""
    return _fields(SignUpForm(formdata=None))


def _fields(form: SignUpForm) -> Markup:
    return Markup(render_template("events/sign_up_fields.html", form=form))  # noqa: S704  ours


def seen_or_404(slug: str) -> Seen:
    """An event as the viewer may see it; drafts do not exist for others."""
    seen = find_or_404(queries.seen(slug, viewer.person_id))
    if not policy.may_see(viewer, seen.event):
        abort(404)
    return seen


def _seats(seen: Seen) -> str:
    """A sentence about free seats, or nothing where there is no limit."""
    if seen.left is None or not seen.takes_sign_ups:
        return ""
    if seen.is_full:
        return str(_("Every seat is taken. You can join the waiting list."))
    if seen.counts.taken < words.FEW and not policy.may_edit(viewer, seen.event):
        return ""  # whoever knows the capacity could count the few
    return words.seats_left(seen.left)
