"""Asking to speak at a meeting, writing down what to say, and the brief for everybody."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.queries import myself
from app.campaigns import brief, picked_points, turnouts
from app.campaigns import decider_words as deciders
from app.campaigns.blueprint import blueprint
from app.campaigns.endorsement_views import open_or_404
from app.campaigns.turnout_forms import TestimonyForm
from app.campaigns.turnout_models import Turnout
from app.foundation import documents
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in, viewer
from app.foundation.web import find_or_404, see_other

notices(
    speaking=_l("You are on our list. Please sign up with the clerk, too, if the rules say so."),
    speaking_closed=_l("This list is closed."),
    speaking_withdrawn=_l("You are off the list."),
    testimony_kept=_l("Your draft is kept."),
)


@blueprint.get("/campaigns/<slug>/speak")
@allow(anyone)
def speak(slug: str) -> ResponseReturnValue:
    """The next meetings with their rules, and where the viewer stands on the lists."""
    measure = open_or_404(slug).measure
    meetings = turnouts.of_measure(measure, ahead=True)
    return render_template(
        "campaigns/speak.html",
        measure=measure,
        meetings=[(each, turnouts.line_up(each), brief.rules(each)) for each in meetings],
        is_open=turnouts.is_open,
        deciders=deciders,
        rule=turnouts.clerks_rule(measure.body_id),
        record=brief.public_record(),
    )


@blueprint.post("/campaigns/<slug>/speak/<int:number>")
@allow(signed_in)
def ask_to_speak(slug: str, number: int) -> ResponseReturnValue:
    try:
        turnouts.speak(_meeting_or_404(slug, number), myself())
    except turnouts.Closed:
        return see_other("campaigns.speak", slug=slug, done="speaking-closed")
    return see_other("campaigns.testimony", slug=slug, number=number, done="speaking")


@blueprint.route("/campaigns/<slug>/speak/<int:number>/testimony", methods=["GET", "POST"])
@allow(signed_in)
def testimony(slug: str, number: int) -> ResponseReturnValue:
    meeting = _meeting_or_404(slug, number)
    own = find_or_404(turnouts.of_person(meeting.id, viewer.person_id))
    points = picked_points.picked(picked_points.LETTERS, meeting.measure_id)
    words = own.testimony or turnouts.draft(meeting, myself(), points)
    form = TestimonyForm(data={"testimony": words})
    if form.validate_on_submit():
        own.testimony = typed(form.testimony)
        return see_other("campaigns.testimony", slug=slug, number=number, done="testimony-kept")
    page = render_template(
        "campaigns/testimony.html",
        measure=meeting.measure,
        meeting=meeting,
        form=form,
        seconds=turnouts.seconds(words),
        rules=brief.rules(meeting),
        record=brief.public_record(),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/campaigns/<slug>/speak/<int:number>/withdraw")
@allow(signed_in)
def withdraw_speaker(slug: str, number: int) -> ResponseReturnValue:
    meeting = _meeting_or_404(slug, number)
    turnouts.withdraw(find_or_404(turnouts.of_person(meeting.id, viewer.person_id)))
    return see_other("campaigns.speak", slug=slug, done="speaking-withdrawn")


@blueprint.get("/campaigns/<slug>/speak/<int:number>/brief.pdf")
@allow(anyone)
def public_brief(slug: str, number: int) -> ResponseReturnValue:
    """For everybody, so without the names of those who speak."""
    values = brief.values(_meeting_or_404(slug, number), ())
    return documents.pdf_answer("campaigns/print/brief.typ", values, f"brief-{slug}")


def _meeting_or_404(slug: str, number: int) -> Turnout:
    return find_or_404(turnouts.numbered(open_or_404(slug).measure, number))
