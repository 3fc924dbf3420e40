"""The plan of an event at its desk: begin it, see how it stands, add to it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.alliances.policy import coordinates
from app.events import plans
from app.events.blueprint import blueprint
from app.events.desk_views import event_or_404
from app.events.models import Event
from app.foundation import clock
from app.foundation.policy import allow, viewer
from app.foundation.web import see_other
from app.work import queries, registry
from app.work import words as to_do_words
from app.work.forms import ToDoForm
from app.work.models import ToDo


@blueprint.get("/desk/<alliance>/events/<int:event_id>/plan")
@allow(coordinates)
def plan(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    return _page(event, _form(event))


@blueprint.post("/desk/<alliance>/events/<int:event_id>/plan")
@allow(coordinates)
def begin_plan(alliance: str, event_id: int) -> ResponseReturnValue:
    """Begin the small plan, or the full one; the page names what no longer fits."""
    event = event_or_404(alliance, event_id)
    owner_id = viewer.person_id if viewer.leads(event.alliance_id) else None
    full = request.form.get("plan") == "full"
    left_out = plans.begin(event, full=full, owner_id=owner_id)
    if not left_out:
        return see_other("events.plan", alliance=alliance, event_id=event_id)
    return _page(event, _form(event), [str(step.title) for step in left_out])


@blueprint.post("/desk/<alliance>/events/<int:event_id>/plan/add")
@allow(coordinates)
def add_to_plan(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = _form(event)
    if not form.validate_on_submit():
        return _page(event, form), 422
    plans.add(event, form.title.data or "", form.day(), form.owner_id())
    return see_other("events.plan", alliance=alliance, event_id=event_id, done="to-do-saved")


def _form(event: Event) -> ToDoForm:
    form = ToDoForm(owner=str(viewer.person_id or ""))
    discreet = viewer.leads(event.alliance_id)
    form.offer(queries.who_may_own(event.alliance_id, discreet=discreet), keep=None)
    return form


def _page(event: Event, form: ToDoForm, left_out: list[str] | None = None) -> str:
    to_dos = queries.about(plans.SUBJECT, event.id)
    return render_template(
        "events/plan.html",
        alliance=event.alliance,
        event=event,
        to_dos=to_dos,
        has_all=len({each.key for each in to_dos if each.key}) == len(plans.STEPS),
        form=form,
        left_out=_left_out(left_out or _no_longer_fit(to_dos)),
        closed_by_end=_closed_by_end(event, to_dos),
        today=clock.today(event.time_zone),
        to_do_words=to_do_words,
        title_of=registry.title_of,
    )


def _no_longer_fit(to_dos: Sequence[ToDo]) -> list[str]:
    """The steps of the small plan for which it was too late when it began."""
    begun = {each.key for each in to_dos if each.key}
    return [str(step.title) for step in plans.SMALL if begun and step.key not in begun]


def _closed_by_end(event: Event, to_dos: Sequence[ToDo]) -> str:
    found = plans.closed_by_end(event, to_dos)
    if not found:
        return ""
    names = "; ".join(registry.title_of(each) for each in found)
    return str(_("Left out, because the event is over: %(names)s.", names=names))


def _left_out(titles: list[str]) -> str:
    if not titles:
        return ""
    return str(_("These no longer fit: %(names)s.", names="; ".join(titles)))
