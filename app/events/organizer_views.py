"""What organizers do with one event: publish, cancel, discard, and see who signed up."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from app.accounts.audit import audit
from app.accounts.policy import require_fresh
from app.alliances.policy import coordinates, role_of
from app.events import (
    actions,
    door,
    editions,
    exports,
    listings,
    policy,
    queries,
    reminders,
    reports,
    words,
)
from app.events.blueprint import blueprint
from app.events.desk_views import event_or_404
from app.events.forms import CancelForm
from app.events.models import Event, EventState
from app.foundation import clock
from app.foundation.policy import allow, viewer
from app.foundation.tables import page_of
from app.foundation.web import see_other

OPEN_FOR = timedelta(minutes=10)
"""How long the names stay open to staff after they asked for them."""


@blueprint.get("/desk/<alliance>/events/<int:event_id>")
@allow(coordinates)
def manage(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    page, is_over = None, event.ends_at <= clock.now()
    if _names_are_open(event):
        discreet = policy.may_see_discreet(viewer, event)
        listing = listings.PAST_SIGN_UPS if is_over else listings.SIGN_UPS
        page = page_of(listing, listings.sign_ups_of(event, discreet=discreet))
    return render_template(
        "events/manage.html",
        alliance=event.alliance,
        event=event,
        counts=queries.count(event.id),
        parts=queries.by_part(event.id) if words.is_hybrid(event) else {},
        page=page,
        came=door.let_in(event.id) if page and is_over else None,
        reminders=reminders.scheduled(event),
        is_due=reports.is_due(event),
        day_name=editions.title_of(event.edition) if event.edition else "",
        words=words,
    )


def _names_are_open(event: Event) -> bool:
    """Coordinators see the names of their own event; staff after a click that is noted."""
    if viewer.leads(event.alliance_id):
        return True
    return queries.opened(viewer.person_id, event.id, "names", clock.now() - OPEN_FOR)


@blueprint.post("/desk/<alliance>/events/<int:event_id>/names")
@allow(coordinates)
def names(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    audit("events", "names", event.id)
    return see_other("events.manage", alliance=alliance, event_id=event_id, done="event-names")


@blueprint.post("/desk/<alliance>/events/<int:event_id>/publish")
@allow(coordinates)
def publish(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    done = ""
    try:
        actions.publish(event)
        done = "event-published" if event.state == EventState.PUBLISHED else ""
    except actions.EventOver:
        done = "event-over"
    except actions.NoWayIn:
        done = "event-no-way-in"
    return see_other("events.manage", alliance=alliance, event_id=event_id, done=done)


@blueprint.get("/desk/<alliance>/events/<int:event_id>/cancel")
@allow(coordinates)
def cancel(alliance: str, event_id: int) -> ResponseReturnValue:
    """Ask for the reason, and say how many people will be told."""
    event = event_or_404(alliance, event_id)
    if event.state != EventState.PUBLISHED:
        return see_other("events.manage", alliance=alliance, event_id=event_id)
    return _cancel_page(event, CancelForm())


@blueprint.post("/desk/<alliance>/events/<int:event_id>/cancel")
@allow(coordinates)
def do_cancel(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = CancelForm()
    if not form.validate():
        return _cancel_page(event, form), 422
    done = "event-cancelled"
    try:
        actions.cancel(event, form.reason.data or "")
    except actions.EventOver:
        done = "event-over"
    return see_other("events.manage", alliance=alliance, event_id=event_id, done=done)


def _cancel_page(event: Event, form: CancelForm) -> str:
    counts = queries.count(event.id)
    return render_template(
        "events/cancel.html",
        alliance=event.alliance,
        event=event,
        form=form,
        told=counts.confirmed + counts.waiting,
        words=words,
    )


@blueprint.get("/desk/<alliance>/events/<int:event_id>/discard")
@allow(coordinates)
def discard(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    return render_template("events/discard.html", alliance=event.alliance, event=event)


@blueprint.post("/desk/<alliance>/events/<int:event_id>/discard")
@allow(coordinates)
def do_discard(alliance: str, event_id: int) -> ResponseReturnValue:
    if not actions.discard(event_or_404(alliance, event_id)):
        return see_other("events.manage", alliance=alliance, event_id=event_id)
    return see_other("events.desk", alliance=alliance, done="event-discarded")


@blueprint.get("/desk/<alliance>/events/<int:event_id>/export")
@allow(coordinates)
def export(alliance: str, event_id: int) -> ResponseReturnValue:
    """Say what the file holds and who learns of it; ask first who is asking."""
    require_fresh()
    event = event_or_404(alliance, event_id)
    number = len(queries.exported(event.id))
    return render_template(
        "events/export.html", alliance=event.alliance, event=event, number=number
    )


@blueprint.post("/desk/<alliance>/events/<int:event_id>/export")
@allow(coordinates)
def do_export(alliance: str, event_id: int) -> ResponseReturnValue:
    require_fresh()
    event = event_or_404(alliance, event_id)
    return exports.sign_ups_file(event, role=role_of(viewer, event.alliance))
