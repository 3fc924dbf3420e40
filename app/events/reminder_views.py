"""When the reminders of an event go out, and what its organizers want them to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.events import afterwords, own_letters, reminder_plan, reminders, words
from app.events.blueprint import blueprint
from app.events.desk_views import event_or_404
from app.events.models import Event, EventState
from app.events.own_letters import OwnLetter
from app.events.reminder_forms import ReminderForm
from app.events.reminder_plan import PlannedReminder
from app.foundation import clock
from app.foundation.pagecontext import notices
from app.foundation.policy import allow
from app.foundation.web import find_or_404, see_other

notices(
    reminder_saved=_l("Saved. From now on reminders go out like this."),
    reminder_removed=_l("That reminder does not go out."),
)


@blueprint.get("/desk/<alliance>/events/<int:event_id>/reminders")
@allow(coordinates)
def reminder_list(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    return render_template(
        "events/reminders.html",
        alliance=event.alliance,
        event=event,
        plan=[(one, one.due_at(event)) for one in reminder_plan.of(event)],
        afterwards=_afterwards(event),
        now=clock.now(),
        room=len(reminder_plan.of(event)) < reminder_plan.MOST,
        words=words,
    )


@blueprint.route("/desk/<alliance>/events/<int:event_id>/reminders/<key>", methods=["GET", "POST"])
@allow(coordinates)
def reminder(alliance: str, event_id: int, key: str) -> ResponseReturnValue:
    """Change one, or add one under the key `new`."""
    event = event_or_404(alliance, event_id)
    plan = {one.key: one for one in reminder_plan.of(event)}
    old = None if key == "new" else find_or_404(plan.get(key))
    form = ReminderForm(**ReminderForm.defaults_of(old))
    if not form.is_submitted():
        return _form_page(event, form, old)
    if not form.validate() or not _fits(form, plan, old):
        return _form_page(event, form, old), 422
    plan.pop(key, None)
    made = form.planned()
    _save(event, [*plan.values(), made])
    return see_other(
        "events.reminder_list", alliance=alliance, event_id=event_id, done="reminder-saved"
    )


@blueprint.post("/desk/<alliance>/events/<int:event_id>/reminders/<key>/remove")
@allow(coordinates)
def remove_reminder(alliance: str, event_id: int, key: str) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    _save(event, [one for one in reminder_plan.of(event) if one.key != key])
    back = {"alliance": alliance, "event_id": event_id}
    return see_other("events.reminder_list", **back, done="reminder-removed")


def _save(event: Event, plan: list[PlannedReminder]) -> None:
    event.reminders = reminder_plan.kept(plan, own_letters.read(event.reminders or ()))
    if event.state == EventState.PUBLISHED:
        reminders.follow(event)


def _afterwards(event: Event) -> Sequence[tuple[OwnLetter, datetime]]:
    """The letters after the event that may have own words, and when they go out."""
    due = {one.letter: one.due_at for one in afterwords.plan(event)}
    return [(own_letters.afterword(event, key), due[key]) for key in own_letters.AFTERWARDS]


def _fits(
    form: ReminderForm, plan: dict[str, PlannedReminder], old: PlannedReminder | None
) -> bool:
    made = form.planned()
    if made.key in plan and (old is None or made.key != old.key):
        form.add_error("when", _("There is a reminder at this time already."))
    elif old is None and len(plan) >= reminder_plan.MOST:
        form.add_error("when", _("There are as many reminders as people bear."))
    return not form.errors


def _form_page(event: Event, form: ReminderForm, old: PlannedReminder | None) -> str:
    return render_template(
        "events/reminder.html", alliance=event.alliance, event=event, form=form, old=old
    )
