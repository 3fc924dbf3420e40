"""The desk of an alliance's campaigns: begin one, see what is next, say what happened."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.alliances import queries as alliances
from app.alliances.models import Alliance
from app.alliances.naming import name_at_desk
from app.alliances.policy import coordinates
from app.campaigns import (
    campaign_desk,
    campaign_plan,
    fact_words,
    measure_queries,
    records,
    register,
    renewal_queries,
)
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.body_models import Body
from app.campaigns.campaign_forms import CampaignForm, SourceForm, defaults_of, version_in
from app.campaigns.measure_models import Measure
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.tables import page_of
from app.foundation.web import find_or_404, see_other
from app.people.models import Person

notices(
    campaign_begun=_l("Saved. Only organizers see this campaign until you publish it."),
    campaign_saved=_l("Saved."),
    campaign_published=_l("Published. Everybody can see it now."),
    campaign_needs_source=_l("Please add a source first: a link where others can check it."),
    campaign_source=_l("The source is kept."),
)


@blueprint.get("/desk/<alliance>/campaigns")
@allow(coordinates)
def desk(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    query = select(Measure).where(Measure.alliance_id == ours.id).options(joinedload(Measure.owner))
    return render_template(
        "campaigns/desk.html",
        alliance=ours,
        page=page_of(register.DESK, query),
        lapsed=renewal_queries.lapsed(ours.id),
        drafted=renewal_queries.waiting(ours.id),
        words=words,
    )


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>")
@allow(coordinates)
def manage(alliance: str, measure_id: int) -> ResponseReturnValue:
    return campaign_desk.page(campaign_or_404(alliance, measure_id))


@blueprint.route("/desk/<alliance>/campaigns/new", methods=["GET", "POST"])
@allow(coordinates)
def begin(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    form = _offered(CampaignForm(ask=request.args.get("ask", "")), ours)
    if not form.validate_on_submit():
        return _edit_page(ours, form, None), 422 if form.errors else 200
    body = db.get_one(Body, int(form.body.data))
    try:
        measure = records.begin(body, form.plan(), alliance_id=ours.id, by_id=viewer.person_id)
    except records.NumberTaken:
        form.add_error("file_number", fact_words.number_taken())
        return _edit_page(ours, form, None), 422
    campaign_plan.follow(measure)
    return see_other(
        "campaigns.manage", alliance=alliance, measure_id=measure.id, done="campaign-begun"
    )


@blueprint.route("/desk/<alliance>/campaigns/<int:measure_id>/edit", methods=["GET", "POST"])
@allow(coordinates)
def edit(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    ours = alliance_or_404(alliance)
    form = _offered(CampaignForm(data=defaults_of(measure)), ours, measure)
    form.body.choices = [(str(measure.body_id), measure.body.name)]
    if not form.validate_on_submit():
        return _edit_page(ours, form, measure), 422 if form.errors else 200
    before_id = measure.owner_id
    try:
        records.save(measure, form.plan(), version=version_in(form.version))
    except records.NumberTaken:
        form.add_error("file_number", fact_words.number_taken())
        return _edit_page(ours, form, measure), 422
    except records.StaleVersion:
        db.refresh(measure)
        form.tell_of(measure)
        return _edit_page(ours, form, measure), 409
    campaign_plan.follow(measure, before_id=before_id)
    return see_other(
        "campaigns.manage", alliance=alliance, measure_id=measure_id, done="campaign-saved"
    )


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/publish")
@allow(coordinates)
def publish(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    done = "campaign-published"
    try:
        records.publish(measure)
    except records.NoSource:
        done = "campaign-needs-source"
    return see_other("campaigns.manage", alliance=alliance, measure_id=measure_id, done=done)


@blueprint.route("/desk/<alliance>/campaigns/<int:measure_id>/source", methods=["GET", "POST"])
@allow(coordinates)
def add_source(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    form = SourceForm()
    if not form.validate_on_submit():
        return campaign_desk.form_page(
            measure, form, _("Add a source"), _("Keep this source")
        ), 422 if form.errors else 200
    kind, title, url = form.source()
    records.add_source(measure, kind, title, url=url)
    return see_other(
        "campaigns.manage", alliance=alliance, measure_id=measure_id, done="campaign-source"
    )


def alliance_or_404(slug: str) -> Alliance:
    return find_or_404(alliances.by_slug(slug))


def campaign_or_404(alliance: str, measure_id: int) -> Measure:
    return find_or_404(measure_queries.of_alliance(alliance, measure_id))


def _offered(form: CampaignForm, ours: Alliance, measure: Measure | None = None) -> CampaignForm:
    """Whoever looks after it already stays on the list, under the name that the viewer may read."""
    people = {each.id: each.name for each in alliances.coordinators(ours.id)}
    owner = db.get(Person, measure.owner_id) if measure and measure.owner_id else None
    if owner is not None:
        people[owner.id] = name_at_desk(owner, ours.id)
    form.offer(measure_queries.bodies_for(ours), people)
    if form.body.choices == []:
        form.body.choices = [("", _("None yet"))]
    return form


def _edit_page(ours: Alliance, form: CampaignForm, measure: Measure | None) -> Any:
    return render_template("campaigns/edit.html", alliance=ours, form=form, measure=measure)
