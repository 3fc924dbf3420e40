"""The desk's lists of speakers for meetings of the council."""

from __future__ import annotations

from dataclasses import asdict

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import brief, turnouts
from app.campaigns.blueprint import blueprint
from app.campaigns.campaign_desk import form_page
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.measure_models import Measure
from app.campaigns.turnout_forms import SpeakerForm, TurnoutForm
from app.campaigns.turnout_models import Turnout
from app.foundation import documents
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other
from app.work import queries as to_dos

notices(
    speakers_saved=_l("Saved."),
    speakers_moved=_l(
        "Saved. The last day to sign up moved along with the meeting: ask the clerk if it fits."
    ),
    speaker_added=_l("On the list."),
    speaker_removed=_l("Off the list."),
)


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/speakers")
@allow(coordinates)
def speakers(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    meetings = turnouts.of_measure(measure)
    return render_template(
        "campaigns/speakers.html",
        alliance=measure.alliance,
        measure=measure,
        meetings=[(each, turnouts.line_up(each), brief.rules(each)) for each in meetings],
        rule=turnouts.clerks_rule(measure.body_id),
        seconds=turnouts.seconds,
    )


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/speakers/new", methods=["GET", "POST"]
)
@allow(coordinates)
def begin_turnout(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    form = TurnoutForm(data=asdict(turnouts.suggested(measure)))
    if not form.validate_on_submit() or not _is_free(measure, form, None):
        title = _("A meeting at which we speak")
        return form_page(measure, form, title, _("Save")), 422 if form.errors else 200
    turnouts.begin(measure, form.told())
    return _back(alliance, measure_id, "speakers-saved")


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/speakers/<int:number>/edit",
    methods=["GET", "POST"],
)
@allow(coordinates)
def edit_turnout(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    meeting = find_or_404(turnouts.numbered(measure, number))
    form = TurnoutForm(obj=meeting)
    along = form.is_submitted() and form.move_along(meeting)
    if not form.validate_on_submit() or not _is_free(measure, form, meeting):
        title = _("Change the meeting")
        return form_page(measure, form, title, _("Save")), 422 if form.errors else 200
    turnouts.change(meeting, form.told())
    return _back(alliance, measure_id, "speakers-moved" if along else "speakers-saved")


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/speakers/<int:number>/add",
    methods=["GET", "POST"],
)
@allow(coordinates)
def add_speaker(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    meeting = find_or_404(turnouts.numbered(measure, number))
    form, ours = SpeakerForm(), measure.alliance_id or 0
    form.offer(to_dos.who_may_own(ours, discreet=viewer.leads(ours)))
    if not form.validate_on_submit():
        title = _("Add a speaker")
        return form_page(measure, form, title, _("Save")), 422 if form.errors else 200
    turnouts.add(meeting, int(form.person.data))
    return _back(alliance, measure_id, "speaker-added")


@blueprint.post(
    "/desk/<alliance>/campaigns/<int:measure_id>/speakers/<int:number>/<int:speaker_id>/registered"
)
@allow(coordinates)
def register_speaker(
    alliance: str, measure_id: int, number: int, speaker_id: int
) -> ResponseReturnValue:
    """The clerk has them, or has them no longer."""
    meeting = _meeting_or_404(alliance, measure_id, number)
    own = find_or_404(turnouts.speaker(meeting, speaker_id))
    own.registered = not own.registered
    return _back(alliance, measure_id, "speakers-saved")


@blueprint.post(
    "/desk/<alliance>/campaigns/<int:measure_id>/speakers/<int:number>/<int:speaker_id>/remove"
)
@allow(coordinates)
def remove_speaker(
    alliance: str, measure_id: int, number: int, speaker_id: int
) -> ResponseReturnValue:
    meeting = _meeting_or_404(alliance, measure_id, number)
    turnouts.withdraw(find_or_404(turnouts.speaker(meeting, speaker_id)))
    return _back(alliance, measure_id, "speaker-removed")


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/speakers/<int:number>/brief.pdf")
@allow(coordinates)
def desk_brief(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    """The brief with the names of those who speak."""
    meeting = _meeting_or_404(alliance, measure_id, number)
    values = brief.values(meeting, turnouts.line_up(meeting).speaking)
    name = f"brief-{meeting.measure.slug}"
    return documents.pdf_answer("campaigns/print/brief.typ", values, name)


def _meeting_or_404(alliance: str, measure_id: int, number: int) -> Turnout:
    return find_or_404(turnouts.numbered(campaign_or_404(alliance, measure_id), number))


def _is_free(measure: Measure, form: TurnoutForm, own: Turnout | None) -> bool:
    """A campaign has one list for a day."""
    taken = {each.on for each in turnouts.of_measure(measure) if each is not own}
    if form.on.data in taken:
        form.add_error("on", _("There is a list for this day already."))
    return not form.errors


def _back(alliance: str, measure_id: int, done: str) -> ResponseReturnValue:
    return see_other("campaigns.speakers", alliance=alliance, measure_id=measure_id, done=done)
