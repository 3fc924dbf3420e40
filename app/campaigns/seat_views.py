"""Seats, the people in them, meetings and committees of a council, at its alliance's desk."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.alliances.policy import coordinates
from app.campaigns import council_actions as actions
from app.campaigns import council_queries as queries
from app.campaigns import seat_actions
from app.campaigns.blueprint import blueprint
from app.campaigns.body_models import Body, Committee, Meeting, Seat, SeatTerm
from app.campaigns.council_forms import (
    CommitteeForm,
    MeetingForm,
    RhythmForm,
    chosen_committee,
)
from app.campaigns.council_views import council_form, kept, saved
from app.campaigns.seat_forms import SeatForm, TermForm
from app.foundation.db import db
from app.foundation.policy import allow
from app.foundation.web import find_or_404, see_other

COUNCIL = "/desk/<alliance>/councils/<council>"
REMOVABLE: dict[str, type[Any]] = {
    "seat": Seat,
    "meeting": Meeting,
    "committee": Committee,
}


@blueprint.route(f"{COUNCIL}/seats/new", methods=["GET", "POST"])
@allow(coordinates)
def new_seat(alliance: str, council: str) -> ResponseReturnValue:
    body, form = kept(alliance, council), SeatForm()
    if not form.is_submitted():
        return council_form(body, form, _("A new seat"))
    if not form.validate():
        return council_form(body, form, _("A new seat")), 422
    try:
        seat_actions.add_seat(body, form.label.data or "", form.seat_kind(), form.division.division)
    except seat_actions.SeatThere:
        form.add_error("label", _("There is a seat of this name already."))
        return council_form(body, form, _("A new seat")), 422
    return saved(body)


@blueprint.route(f"{COUNCIL}/seats/<int:seat>", methods=["GET", "POST"])
@allow(coordinates)
def edit_seat(alliance: str, council: str, seat: int) -> ResponseReturnValue:
    body = kept(alliance, council)
    found = _of(body, Seat, seat)
    form = SeatForm(label=found.label, kind=found.kind.value, division=found.division_id or "")
    if not form.is_submitted():
        return council_form(body, form, found.label)
    if not form.validate():
        return council_form(body, form, found.label), 422
    try:
        seat_actions.save_seat(
            body, found, form.label.data or "", form.seat_kind(), form.division.division
        )
    except seat_actions.SeatThere:
        form.add_error("label", _("There is a seat of this name already."))
        return council_form(body, form, found.label), 422
    return saved(body)


@blueprint.route(f"{COUNCIL}/seats/<int:seat>/terms/new", methods=["GET", "POST"])
@allow(coordinates)
def new_term(alliance: str, council: str, seat: int) -> ResponseReturnValue:
    body = kept(alliance, council)
    return _term(body, _of(body, Seat, seat), TermForm(), None)


@blueprint.route(f"{COUNCIL}/seats/<int:seat>/terms/<int:term>", methods=["GET", "POST"])
@allow(coordinates)
def edit_term(alliance: str, council: str, seat: int, term: int) -> ResponseReturnValue:
    body = kept(alliance, council)
    held = find_or_404(db.get(SeatTerm, term))
    found = _of(body, Seat, seat)
    if held.seat_id != found.id:
        abort(404)
    return _term(body, found, TermForm.of(held), held)


def _term(body: Body, seat: Seat, form: TermForm, term: SeatTerm | None) -> ResponseReturnValue:
    if not form.is_submitted():
        return council_form(body, form, seat.label)
    if not form.validate():
        return council_form(body, form, seat.label), 422
    try:
        seat_actions.save_term(seat, form.official(), term)
    except seat_actions.EndsBeforeItBegins:
        form.add_error("until", _("This day lies before the first."))
    except seat_actions.TermsOverlap as refusal:
        sentence = _("%(name)s holds this seat at that time. End that term first.")
        form.add_error("since", sentence % {"name": refusal.other.name})
    if form.errors:
        return council_form(body, form, seat.label), 422
    return saved(body)


@blueprint.route(f"{COUNCIL}/meetings", methods=["GET", "POST"])
@allow(coordinates)
def edit_rhythm(alliance: str, council: str) -> ResponseReturnValue:
    body = kept(alliance, council)
    committees = queries.committees_of(body)
    form = RhythmForm(**RhythmForm.shown(queries.patterns_of(body).get(None)))
    form.offer(committees)
    if not form.is_submitted():
        return council_form(body, form, _("Regular meetings"))
    if not form.validate():
        return council_form(body, form, _("Regular meetings")), 422
    committee = chosen_committee(form.committee, committees)
    actions.set_rhythm(body, committee, form.rhythm(), form.source())
    return saved(body)


@blueprint.route(f"{COUNCIL}/meetings/new", methods=["GET", "POST"])
@allow(coordinates)
def new_meeting(alliance: str, council: str) -> ResponseReturnValue:
    body, form = kept(alliance, council), MeetingForm()
    committees = queries.committees_of(body)
    form.offer(committees)
    if not form.is_submitted():
        return council_form(body, form, _("A meeting"))
    if not form.validate() or not _entered(body, committees, form):
        return council_form(body, form, _("A meeting")), 422
    return saved(body)


def _entered(body: Body, committees: Any, form: MeetingForm) -> bool:
    committee = chosen_committee(form.committee, committees)
    if form.cancelled.data:
        actions.cancel_day(body, committee, form.wall_start())
        return True
    kind, place, agenda = form.meeting_kind(), form.place.data or "", form.agenda_url.data or ""
    try:
        actions.add_meeting(body, committee, form.wall_start(), kind, place, agenda)
    except actions.MeetingThere:
        form.add_error("time", _("This meeting is entered already."))
        return False
    return True


@blueprint.route(f"{COUNCIL}/committees/new", methods=["GET", "POST"])
@allow(coordinates)
def new_committee(alliance: str, council: str) -> ResponseReturnValue:
    body, form = kept(alliance, council), CommitteeForm()
    if not form.is_submitted():
        return council_form(body, form, _("A new committee"))
    if not form.validate():
        return council_form(body, form, _("A new committee")), 422
    try:
        actions.add_committee(body, form.name.data or "", form.website.data or "")
    except actions.CommitteeThere:
        form.add_error("name", _("There is a committee of this name already."))
        return council_form(body, form, _("A new committee")), 422
    return saved(body)


@blueprint.get(f"{COUNCIL}/remove/<what>/<int:number>")
@allow(coordinates)
def remove_part(alliance: str, council: str, what: str, number: int) -> ResponseReturnValue:
    body = kept(alliance, council)
    thing = _of(body, REMOVABLE.get(what), number)
    terms = next(
        (
            len(held.terms)
            for held in queries.seats_of(body, body.created_at.date())
            if held.seat is thing
        ),
        0,
    )
    return render_template(
        "campaigns/remove_part.html",
        alliance=body.alliance,
        body=body,
        what=what,
        thing=thing,
        terms=terms,
    )


@blueprint.post(f"{COUNCIL}/remove/<what>/<int:number>")
@allow(coordinates)
def do_remove_part(alliance: str, council: str, what: str, number: int) -> ResponseReturnValue:
    body = kept(alliance, council)
    actions.remove(body, _of(body, REMOVABLE.get(what), number))
    return see_other(
        "campaigns.council", alliance=alliance, council=council, done="council-removed"
    )


def _of(body: Body, kind: type[Any] | None, number: int) -> Any:
    """A part of this council; another's does not exist here."""
    thing = db.get(kind, number) if kind else None
    if thing is None or thing.body_id != body.id:
        abort(404)
    return thing
