"""The confirmation round: the call sheet, signing up by voice, and the reminder's own answer."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates, role_of
from app.events import mails, policy, queries, rounds, seating, shifts, words
from app.events.blueprint import blueprint
from app.events.desk_views import event_or_404
from app.events.models import Event, Said, SignUp, SignUpState
from app.events.public_views import asks_of
from app.events.round_forms import ByVoiceForm
from app.events.sign_up_forms import form_for
from app.events.sign_up_views import add_shift_full
from app.foundation import clock, tokens
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, viewer
from app.foundation.web import find_or_404, see_other
from app.people import phones

SHEET_IS_OPEN = timedelta(hours=4)
"""An evening of calls; then the numbers are closed until somebody asks for them again."""
STILL_TO_CALL = (None, Said.NO_ANSWER)
notices(
    said_coming=_l("Thank you. See you there."),
    answer_noted=_l("Noted."),
    by_voice=_l("Signed up. The call sheet has the number."),
    by_voice_waits=_l("Every seat is taken, so they are on the waiting list."),
)


@blueprint.get("/desk/<alliance>/events/<int:event_id>/call-sheet")
@allow(coordinates)
def call_sheet(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    since = clock.now() - SHEET_IS_OPEN
    is_open = queries.opened(viewer.person_id, event.id, "call sheet", since)
    called = _to_call(event)
    return render_template(
        "events/call_sheet.html",
        alliance=event.alliance,
        event=event,
        number=len(called),
        left=sum(each.said in STILL_TO_CALL for each in called),
        called=called if is_open else (),
        is_open=is_open,
        counts=queries.count(event.id),
        phones=phones,
        words=words,
    )


@blueprint.post("/desk/<alliance>/events/<int:event_id>/call-sheet")
@allow(coordinates)
def open_call_sheet(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    role = role_of(viewer, event.alliance)
    rounds.open_sheet(event, _to_call(event), by=viewer.person_id, role=role)
    return see_other("events.call_sheet", alliance=alliance, event_id=event_id)


@blueprint.post("/desk/<alliance>/events/<int:event_id>/call-sheet/<int:sign_up_id>")
@allow(coordinates)
def note_answer(alliance: str, event_id: int, sign_up_id: int) -> ResponseReturnValue:
    """Coming, not, or no answer; who asked is kept beside it."""
    event = event_or_404(alliance, event_id)
    own = next((each for each in _to_call(event) if each.id == sign_up_id), None)
    said = request.form.get("said", "")
    if said not in set(Said):
        abort(400)
    try:
        rounds.note(find_or_404(own), Said(said), to=viewer.person_id)
    except seating.EventClosed:
        return see_other("events.call_sheet", alliance=alliance, event_id=event_id)
    return see_other("events.call_sheet", alliance=alliance, event_id=event_id, done="answer-noted")


def _to_call(event: Event) -> list[SignUp]:
    return list(rounds.to_call(event.id, discreet=policy.may_see_discreet(viewer, event)))


@blueprint.route("/desk/<alliance>/events/<int:event_id>/by-voice", methods=["GET", "POST"])
@allow(coordinates)
def by_voice(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    seen = queries.Seen(event, queries.count(event.id), None, has_shifts=True, has_co_hosts=True)
    form = form_for(asks_of(seen), ByVoiceForm, asked_on=clock.today(event.time_zone))
    if not form.is_submitted():
        return _by_voice_page(event, form)
    if not form.validate():
        return _by_voice_page(event, form), 422
    try:
        own = rounds.sign_up_by_voice(event, form.asked(), form.wish(), by=viewer.person_id)
    except seating.EventClosed:
        return see_other("events.manage", alliance=alliance, event_id=event_id, done="event-over")
    except shifts.ShiftFull as refusal:
        add_shift_full(form, refusal)
        return _by_voice_page(event, form), 422
    done = "by-voice-waits" if own.state == SignUpState.WAITING else "by-voice"
    return see_other("events.call_sheet", alliance=alliance, event_id=event_id, done=done)


def _by_voice_page(event: Event, form: ByVoiceForm) -> str:
    return render_template("events/by_voice.html", alliance=event.alliance, event=event, form=form)


@blueprint.route("/events/sign-ups/<token>/coming", methods=["GET", "POST"])
@allow(anyone)
def coming_by_link(token: str) -> ResponseReturnValue:
    """The reminder's link: opening asks, the button says yes, and nobody is signed in by it."""
    ids = tokens.read(mails.CANCEL, token)
    if ids is None or len(ids) != 1:
        abort(404)
    own = find_or_404(queries.sign_up(ids[0]))
    if request.method == "GET":
        return render_template(
            "events/coming.html", own=own, event=own.event, token=token, words=words
        )
    try:
        rounds.note(own, Said.COMING, to=None)
    except seating.EventClosed:
        return see_other("events.event", slug=own.event.slug, done="event-closed")
    return see_other("events.event", slug=own.event.slug, done="said-coming")
