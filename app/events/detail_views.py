"""What organizers add to an event: its details, the questions and the shifts of its form."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.alliances.policy import coordinates
from app.events import actions, details, queries, shifts, words
from app.events.blueprint import blueprint
from app.events.desk_views import event_or_404
from app.events.detail_forms import KINDS, DetailsForm, QuestionForm, ShiftForm, details_of
from app.events.models import Event
from app.events.questions import read
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other

notices(
    event_details=_l("Saved."),
    question_added=_l("The question is on the sign-up form."),
    question_removed=_l("The question is gone. What people answered is kept."),
    questions_full=_l("Eight questions are enough. Please take one off first."),
    shift_added=_l("The shift is on the sign-up form."),
    shift_removed=_l("The shift is gone. Whoever had taken it keeps their seat."),
)


@blueprint.route("/desk/<alliance>/events/<int:event_id>/details", methods=["GET", "POST"])
@allow(coordinates)
def edit_details(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = DetailsForm(**details_of(event))
    if not form.is_submitted():
        return _details_page(event, form)
    if not form.validate() or not _save_details(event, form):
        return _details_page(event, form), 422
    return see_other("events.manage", alliance=alliance, event_id=event_id, done="event-details")


def _save_details(event: Event, form: DetailsForm) -> bool:
    try:
        details.save(event, form.details(), version=form.version_opened())
    except actions.StaleVersion:
        form.form_errors.append(_("Somebody else saved this event meanwhile. Please open it anew."))
    except actions.TooFewSeats as refusal:
        form.form_errors.append(
            ngettext(
                "%(num)s seat of one part is taken already, so there cannot be fewer.",
                "%(num)s seats of one part are taken already, so there cannot be fewer.",
                refusal.taken,
            )
        )
    except actions.AlreadyCancelled:
        form.form_errors.append(_("This event is cancelled."))
    return not form.errors


def _details_page(event: Event, form: DetailsForm) -> str:
    return render_template("events/details.html", alliance=event.alliance, event=event, form=form)


@blueprint.get("/desk/<alliance>/events/<int:event_id>/asks")
@allow(coordinates)
def asks(alliance: str, event_id: int) -> ResponseReturnValue:
    """What the sign-up form asks beside a name and an address."""
    return _asks_page(event_or_404(alliance, event_id))


@blueprint.post("/desk/<alliance>/events/<int:event_id>/questions")
@allow(coordinates)
def add_question(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = QuestionForm()
    if not form.validate():
        return _asks_page(event, question_form=form), 422
    done = "question-added"
    try:
        details.ask(event, form.question())
    except details.TooManyQuestions:
        done = "questions-full"
    except actions.AlreadyCancelled:
        done = ""
    return see_other("events.asks", alliance=alliance, event_id=event_id, done=done)


@blueprint.post("/desk/<alliance>/events/<int:event_id>/questions/<key>/remove")
@allow(coordinates)
def remove_question(alliance: str, event_id: int, key: str) -> ResponseReturnValue:
    done = "question-removed"
    try:
        details.stop_asking(event_or_404(alliance, event_id), key)
    except actions.AlreadyCancelled:
        done = ""
    return see_other("events.asks", alliance=alliance, event_id=event_id, done=done)


@blueprint.post("/desk/<alliance>/events/<int:event_id>/shifts")
@allow(coordinates)
def add_shift(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = ShiftForm()
    plan = form.plan(event) if form.validate() else None
    if plan is None:
        if not form.errors:
            form.add_error("begins", _("Please give two times, such as 17:30 and 18:15."))
        return _asks_page(event, shift_form=form), 422
    shifts.add(event, plan)
    return see_other("events.asks", alliance=alliance, event_id=event_id, done="shift-added")


@blueprint.get("/desk/<alliance>/events/<int:event_id>/shifts/<int:shift_id>/remove")
@allow(coordinates)
def ask_remove_shift(alliance: str, event_id: int, shift_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    filled = next((each for each in shifts.of_event(event.id) if each.shift.id == shift_id), None)
    return render_template(
        "events/remove_shift.html",
        alliance=event.alliance,
        event=event,
        filled=find_or_404(filled),
        words=words,
    )


@blueprint.post("/desk/<alliance>/events/<int:event_id>/shifts/<int:shift_id>/remove")
@allow(coordinates)
def remove_shift(alliance: str, event_id: int, shift_id: int) -> ResponseReturnValue:
    shifts.remove(event_or_404(alliance, event_id), shift_id)
    return see_other("events.asks", alliance=alliance, event_id=event_id, done="shift-removed")


def _asks_page(
    event: Event, question_form: QuestionForm | None = None, shift_form: ShiftForm | None = None
) -> str:
    leads = viewer.leads(event.alliance_id)  # names and answers are theirs to read
    return render_template(
        "events/asks.html",
        alliance=event.alliance,
        event=event,
        questions=read(event.questions),
        answered=queries.answers_by_question(event.id) if leads else {},
        kinds=KINDS,
        filled=shifts.of_event(event.id),
        helpers=shifts.helpers(event.id) if leads else {},
        question_form=question_form or QuestionForm(formdata=None),
        shift_form=shift_form or ShiftForm(formdata=None),
        words=words,
    )
