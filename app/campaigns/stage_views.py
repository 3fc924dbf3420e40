"""What happened? Each answer asks for exactly the facts that its stage needs."""

from __future__ import annotations

from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import (
    aftercare,
    campaign_desk,
    fact_words,
    moving,
    records,
    ruled_facts,
    sponsors,
    stages,
    text_checks,
    votes,
    whip,
    whip_words,
)
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.campaign_forms import CorrectionForm, FactsForm, facts_form, version_in
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.foundation import clock
from app.foundation.db import db
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import see_other

notices(
    campaign_moved=_l("Noted. Below is what is next."),
    campaign_ended=_l("Noted. That was the last step."),
    campaign_moved_odd=_l("Noted, but please check the vote: the numbers do not add up."),
    campaign_corrected=_l("Corrected. The history keeps both."),
    passed_agreed=_l("Agreed: from now on it counts."),
)


HANDED_IN = (Stage.SPONSORED, Stage.INTRODUCED, Stage.REQUESTED, Stage.PETITIONING)
"""Stages before which others get the text."""


@blueprint.route("/desk/<alliance>/campaigns/<int:measure_id>/happened/<stage>")
@allow(coordinates)
def happened(alliance: str, measure_id: int, stage: str) -> ResponseReturnValue:
    """Ask for the facts."""
    measure = campaign_or_404(alliance, measure_id)
    return _facts_page(measure, _stage(stage), _form(measure, _stage(stage), data=_known(measure)))


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/happened/<stage>")
@allow(coordinates)
def move(alliance: str, measure_id: int, stage: str) -> ResponseReturnValue:
    measure, new = campaign_or_404(alliance, measure_id), _stage(stage)
    form = _form(measure, new)
    if not form.validate():
        return _facts_page(measure, new, form), 422
    try:
        moving.move(
            measure,
            new,
            form.facts(),
            version=version_in(form.version),
            by_id=viewer.person_id,
            proposed=not viewer.is_staff,
        )
    except records.StaleVersion:
        return _facts_page(measure, new, form, problem=_overtaken(measure, form)), 409
    except votes.NoSeat as error:
        form.add_error("vote_counts", whip_words.no_seat(error))
        return _facts_page(measure, new, form), 422
    except records.NumberTaken:
        form.add_error("file_number", fact_words.number_taken())
        return _facts_page(measure, new, form), 422
    except stages.Refused as refused:
        return _facts_page(measure, new, form, problem=_why(refused)), 422
    return see_other(
        "campaigns.manage", alliance=alliance, measure_id=measure_id, done=_noted(measure, new)
    )


@blueprint.route("/desk/<alliance>/campaigns/<int:measure_id>/correct", methods=["GET", "POST"])
@allow(coordinates)
def correct(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    now = {"version": str(measure.version), "stage": measure.stage.value}
    form = CorrectionForm(data=now).at(measure.body.time_zone)
    if not form.validate_on_submit():
        return _correction_page(measure, form), 422 if form.errors else 200
    try:
        moving.correct(
            measure,
            Stage(form.stage.data),
            typed(form.on),
            typed(form.reason),
            version=version_in(form.version),
            by_id=viewer.person_id,
            proposed=not viewer.is_staff,
        )
    except records.StaleVersion:
        return _correction_page(measure, form, problem=_overtaken(measure, form)), 409
    return see_other(
        "campaigns.manage", alliance=alliance, measure_id=measure_id, done="campaign-corrected"
    )


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/agree")
@allow(staff)
def agree_it_passed(alliance: str, measure_id: int) -> ResponseReturnValue:
    records.agree(campaign_or_404(alliance, measure_id))
    return see_other(
        "campaigns.manage", alliance=alliance, measure_id=measure_id, done="passed-agreed"
    )


def _correction_page(measure: Measure, form: CorrectionForm, problem: str = "") -> str:
    return campaign_desk.form_page(
        measure,
        form,
        _("Correct where it stands"),
        _("Correct it"),
        lead=_("Nothing is deleted: the history keeps what was there and why you changed it."),
        problem=problem,
    )


def _overtaken(measure: Measure, form: FactsForm | CorrectionForm) -> str:
    """What somebody else did meanwhile; saving the same form again goes on from there."""
    db.refresh(measure, ["stage", "stage_on", "version"])
    form.version.data = str(measure.version)
    stage = words.stage_word(measure.stage, measure.instrument)
    return str(
        _(
            "Somebody changed this campaign meanwhile. It now stands at: %(stage)s. "
            "Yours is not saved yet: look, and save again if it is still right.",
            stage=stage,
        )
    )


def _facts_page(measure: Measure, stage: Stage, form: FactsForm, problem: str = "") -> str:
    return campaign_desk.form_page(
        measure,
        form,
        words.happened(measure.stage, stage),
        _("Save"),
        problem=problem,
        warning=text_checks.still_open(measure) if stage in HANDED_IN else "",
    )


def _form(measure: Measure, stage: Stage, **values: Any) -> FactsForm:
    return facts_form(measure.stage, stage, measure.body.time_zone, **values)


def _stage(raw: str) -> Stage:
    if raw not in set(Stage):
        abort(404)
    return Stage(raw)


def _known(measure: Measure) -> dict[str, str]:
    """What the form is filled with at first."""
    today = clock.today(measure.body.time_zone)
    known = dict.fromkeys(stages.DAYS.values(), today.isoformat())
    return known | {
        "version": str(measure.version),
        "file_number": measure.file_number or "",
        "session": measure.session or str(measure.year),
        "classification": measure.body.resolution_word
        or str(words.INSTRUMENTS[measure.instrument]),
        "vote_requirement": whip.requirement_of(measure).value,
        "meeting_zone": measure.body.time_zone,
        **ruled_facts.of(measure, today),
        **sponsors.known_of_prior(measure),
        **aftercare.known_facts(measure.id),
    }


def _why(refused: Exception) -> str:
    """A refused move names what is missing."""
    if isinstance(refused, stages.MissingFacts):
        return str(_("First this is missing: %(facts)s.", facts=fact_words.named(refused.facts)))
    if isinstance(refused, stages.NotWanted):
        return str(_("We oppose this one: nobody sends copies of it, or thanks for it."))
    if isinstance(refused, moving.NeedsSponsor):
        return str(_("This council takes nothing without a sponsor. Find one first."))
    return str(_("This cannot have come next. If the record is wrong, correct where it stands."))


def _noted(measure: Measure, new: Stage) -> str:
    if moving.VOTE_DAY in stages.FACTS[new] and moving.votes_of(measure.id)[-1][1]:
        return "campaign-moved-odd"
    return "campaign-moved" if words.next_step(measure) else "campaign-ended"
