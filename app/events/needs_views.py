"""What one event needs, holding it once more, and keeping it as an event template."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.alliances.policy import coordinates
from app.events import cloning, editions, kits, reports
from app.events.blueprint import blueprint
from app.events.desk_views import event_or_404
from app.events.kit_forms import CopyForm, NeedsForm, needs_of
from app.foundation.policy import allow, viewer
from app.foundation.web import see_other


@blueprint.route("/desk/<alliance>/events/<int:event_id>/needs", methods=["GET", "POST"])
@allow(coordinates)
def needs(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = NeedsForm(**needs_of(event))
    if not form.validate_on_submit():
        page = render_template("events/needs.html", alliance=event.alliance, event=event, form=form)
        return page, 422 if form.errors else 200
    event.roles, event.materials, event.checklist = map(list, form.lists())
    return see_other("events.manage", alliance=alliance, event_id=event_id, done="event-saved")


@blueprint.route("/desk/<alliance>/events/<int:event_id>/copy", methods=["GET", "POST"])
@allow(coordinates)
def copy(alliance: str, event_id: int) -> ResponseReturnValue:
    """Hold an event once more: all that is asked is the day, which its observance may say."""
    event = event_or_404(alliance, event_id)
    on = editions.next_day_like(event)
    form = CopyForm(on=on)
    if not form.validate_on_submit():
        page = render_template(
            "events/copy.html",
            alliance=event.alliance,
            event=event,
            report=reports.of(event.id),
            form=form,
            other_weekday=on and on.weekday() != event.wall_start.weekday(),
        )
        return page, 422 if form.errors else 200
    edition_id = editions.of_same_observance(event.edition_id, form.day())
    draft = cloning.clone(event, form.day(), edition_id=edition_id, by_id=viewer.person_id)
    return see_other("events.manage", alliance=alliance, event_id=draft.id, done="event-drafted")


@blueprint.post("/desk/<alliance>/events/<int:event_id>/keep")
@allow(coordinates)
def keep_as_kit(alliance: str, event_id: int) -> ResponseReturnValue:
    kept = kits.keep(event_or_404(alliance, event_id))
    return see_other("events.kit", alliance=alliance, number=kept.id, done="kit-kept")
