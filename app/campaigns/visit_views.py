"""The desk's pages of visits: plan one, report it, follow up, say thanks."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.naming import is_hidden, name_at_desk
from app.alliances.policy import coordinates
from app.campaigns import (
    congress,
    lobbying,
    office_words,
    picked_points,
    visit_words,
    visiting,
    whip,
)
from app.campaigns import decider_words as deciders
from app.campaigns.blueprint import blueprint
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.lobbying import Spent
from app.campaigns.lobbying_forms import cents_of
from app.campaigns.measure_models import Measure
from app.campaigns.point_forms import PointsForm
from app.campaigns.standing import Heard, Level
from app.campaigns.visit_forms import ReportForm, VisitForm
from app.campaigns.visit_models import LobbyingKind, Visit
from app.foundation import clock
from app.foundation.forms import Form, chosen, typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other
from app.library.points import Place
from app.people.models import Person
from app.work import queries as to_dos
from app.work import registry
from app.work import words as work_words
from app.work.forms import ToDoForm

notices(
    visit_planned=_l("The visit is planned."),
    visit_changed=_l("The visit is changed."),
    visit_points=_l("The page of the visit says these points from now on."),
    visit_reported=_l("Thank you for the report. A thank-you to them is on the list of to-dos."),
    visit_called_off=_l("The visit is called off."),
    visit_thanked=_l("Noted: the thank-you is sent."),
    visit_followed=_l("It is on the list of to-dos."),
)


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/visits")
@allow(coordinates)
def visits(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    return render_template(
        "campaigns/visits.html",
        alliance=measure.alliance,
        measure=measure,
        visits=visiting.of_measure(measure.id),
        words=visit_words,
    )


@blueprint.route("/desk/<alliance>/campaigns/<int:measure_id>/visits/new", methods=["GET", "POST"])
@allow(coordinates)
def plan_visit(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    form = _offered(VisitForm(data=_usual(measure)), measure)
    if not form.validate_on_submit():
        return _form_page(measure, form, _("Plan a visit")), 422 if form.errors else 200
    made = visiting.plan(measure, form.planned())
    return _to(measure, made, "visit-planned")


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/visits/<int:number>")
@allow(coordinates)
def visit(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure, found = _found(alliance, measure_id, number)
    return render_template(
        "campaigns/visit.html",
        alliance=measure.alliance,
        measure=measure,
        visit=found,
        guests=[name_at_desk(one, measure.alliance_id) for one in visiting.guests(found.id)],
        offices=congress.offices(found.legislator_id),
        points=picked_points.picked(picked_points.VISIT, found.id),
        follow_ups=to_dos.about(visiting.SUBJECT, found.id),
        title_of=registry.title_of,
        today=clock.today(),
        words=visit_words,
        work_words=work_words,
    )


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/visits/<int:number>/edit", methods=["GET", "POST"]
)
@allow(coordinates)
def edit_visit(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure, found = _found(alliance, measure_id, number)
    form = _offered(VisitForm(data=_now(found)), measure, found)
    if not form.validate_on_submit():
        title = _("Change the visit")
        return _form_page(measure, form, title, found), 422 if form.errors else 200
    visiting.change(found, form.planned(), keep=_hidden(found, measure))
    return _to(measure, found, "visit-changed")


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/visits/<int:number>/report",
    methods=["GET", "POST"],
)
@allow(coordinates)
def report_visit(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    """How it went; a promise goes to where the votes stand, the time to the log of lobbying."""
    measure, found = _found(alliance, measure_id, number)
    form, title = ReportForm(obj=found), _("How did it go?")
    form.level.label.text = deciders.wording(measure).visit
    if not form.validate_on_submit():
        return _form_page(measure, form, title, found), 422 if form.errors else 200
    try:
        visiting.report(found, form.report())
    except visiting.NotYet:
        words = _("The visit is still to come. If you met earlier, change the plan first.")
        form.add_error("people_met", words)
        return _form_page(measure, form, title, found), 422
    _note_word(measure, found, form)
    _note_time(measure, found, form)
    return _to(measure, found, "visit-reported")


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/visits/<int:number>/points",
    methods=["GET", "POST"],
)
@allow(coordinates)
def visit_points(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure, found = _found(alliance, measure_id, number)
    now = picked_points.picked(picked_points.VISIT, found.id)
    form = PointsForm(data={"points": [point.key for point in now]})
    form.offer(picked_points.offered())
    if not form.validate_on_submit():
        title = _("Talking points for the visit")
        return _form_page(measure, form, title, found), 422 if form.errors else 200
    path = f"/desk/{alliance}/campaigns/{measure_id}/visits/{number}"
    place = Place(picked_points.VISIT, found.id, found.office, path, measure.alliance_id)
    picked_points.pick(place, form.points.data or (), by_id=viewer.person_id)
    return _to(measure, found, "visit-points")


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/visits/<int:number>/follow-up",
    methods=["GET", "POST"],
)
@allow(coordinates)
def follow_up_visit(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure, found = _found(alliance, measure_id, number)
    form = ToDoForm()
    form.offer(_people(measure), keep=None)
    if not form.validate_on_submit():
        title = _("What is left to do?")
        return _form_page(measure, form, title, found), 422 if form.errors else 200
    owner_id = int(form.owner.data) if form.owner.data else None
    visiting.follow_up(found, typed(form.title), chosen(form.due_on), owner_id)
    return _to(measure, found, "visit-followed")


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/visits/<int:number>/thanked")
@allow(coordinates)
def thank_for_visit(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure, found = _found(alliance, measure_id, number)
    visiting.thank(found)
    return _to(measure, found, "visit-thanked")


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/visits/<int:number>/call-off")
@allow(coordinates)
def call_off_visit(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure, found = _found(alliance, measure_id, number)
    visiting.call_off(found)
    return _to(measure, found, "visit-called-off")


def _usual(measure: Measure) -> dict[str, Any]:
    """Whoever plans a visit leads it, and asks for what the campaign asks for."""
    ask = deciders.wording(measure).together
    wanted = deciders.said(ask, council=office_words.council(measure.body), title=measure.title)
    return {"owner": str(viewer.person_id), "wanted": wanted}


def _found(alliance: str, measure_id: int, number: int) -> tuple[Measure, Visit]:
    measure = campaign_or_404(alliance, measure_id)
    return measure, find_or_404(visiting.numbered(measure, number))


def _people(measure: Measure) -> Any:
    ours = measure.alliance_id or 0
    return to_dos.who_may_own(ours, discreet=viewer.leads(ours))


def _offered(form: VisitForm, measure: Measure, found: Visit | None = None) -> VisitForm:
    """Whoever takes part already stays on the lists, also if they belong to us no more."""
    guests = visiting.guests(found.id) if found else ()
    shown = [one for one in guests if not is_hidden(one, measure.alliance_id)]
    form.offer(
        visiting.offices(measure),
        _people(measure),
        owners=[_name_of(found.owner, measure)] if found and found.owner else (),
        guests=[(one.id, one.name) for one in shown],
        hidden=len(guests) - len(shown),
    )
    return form


def _name_of(person: Person, measure: Measure) -> tuple[int, str]:
    return person.id, name_at_desk(person, measure.alliance_id)


def _hidden(found: Visit, measure: Measure) -> list[int]:
    """Whom this viewer does not see, and so cannot mean to leave at home."""
    guests = visiting.guests(found.id)
    return [one.id for one in guests if is_hidden(one, measure.alliance_id)]


def _now(found: Visit) -> dict[str, Any]:
    """What the form of a visit begins with."""
    whom = f"seat-{found.seat_id}" if found.seat_id else ""
    whom = f"congress-{found.legislator_id}" if found.legislator_id else whom
    return {
        "whom": whom,
        "office": "" if whom else found.office,
        "on": found.on,
        "at": found.at,
        "place": found.place,
        "wanted": found.wanted,
        "owner": str(found.owner_id or ""),
        "guests": [str(each.id) for each in visiting.guests(found.id)],
    }


def _note_word(measure: Measure, found: Visit, form: ReportForm) -> None:
    """What a member of the council said counts among where the votes stand."""
    if found.seat_id is None or not form.level.data:
        return
    whip.note_word(
        measure,
        found.seat_id,
        Level(form.level.data),
        Heard(form.heard.data),
        min(found.on, clock.today()),
        evidence=typed(form.answer),
        asked_by_id=found.owner_id,
    )


def _note_time(measure: Measure, found: Visit, form: ReportForm) -> None:
    minutes, cents = form.minutes.data or 0, cents_of(form.cost.data)
    if not (minutes or cents) or measure.alliance_id is None:
        return
    lobbying.note(
        measure.alliance_id,
        Spent(
            on=found.on,
            kind=LobbyingKind.DIRECT,
            what=_("Visit: %(office)s", office=found.office),
            minutes=minutes,
            cents=cents,
            person_id=found.owner_id,
            measure_id=measure.id,
            visit_id=found.id,
        ),
    )


def _form_page(measure: Measure, form: Form, title: str, found: Visit | None = None) -> str:
    return render_template(
        "campaigns/visit_form.html",
        alliance=measure.alliance,
        measure=measure,
        form=form,
        title=title,
        visit=found,
    )


def _to(measure: Measure, found: Visit, done: str) -> ResponseReturnValue:
    return see_other(
        "campaigns.visit",
        alliance=measure.alliance.slug if measure.alliance else "",
        measure_id=measure.id,
        number=found.id,
        done=done,
    )
