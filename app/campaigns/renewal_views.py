"""Asking again at the desk: draft it from last year's record, look at what changed, take it up."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.alliances.policy import coordinates
from app.campaigns import (
    campaign_deadlines,
    campaign_plan,
    renewal_changes,
    renewal_queries,
    renewing,
)
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.measure_models import Measure
from app.campaigns.renewal_models import Renewal, RenewalState
from app.campaigns.support_models import Endorsement
from app.events.call_forms import NotThisYearForm
from app.foundation import clock
from app.foundation.db import db
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other

notices(
    renewal_drafted=_l("Drafted from the old record. Look at what changed, then take it up."),
    renewal_accepted=_l("Published, and your plan has begun: this is what comes first."),
    renewal_private=_l("Your plan has begun. Add a source, then publish it."),
    renewal_declined=_l("Thank you for answering. National staff will read why."),
    renewal_asked_already=_l("This council is asked already: here it is."),
    renewal_not_passed=_l("Only what passed is asked for again."),
    endorser_noted=_l("Noted."),
)


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/renew")
@allow(coordinates)
def renew(alliance: str, measure_id: int) -> ResponseReturnValue:
    prior = find_or_404(renewal_queries.record(alliance, measure_id))
    try:
        made = renewing.renew(prior)
    except renewing.NothingToRenew:
        return see_other("campaigns.desk", alliance=alliance, done="renewal-not-passed")
    except renewing.AskedAlready as asked:
        return _to_desk(alliance, asked.measure.id, "renewal-asked-already")
    return see_other(
        "campaigns.renewal",
        alliance=alliance,
        measure_id=made.measure_id or measure_id,
        done="renewal-drafted",
    )


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/renewal")
@allow(coordinates)
def renewal(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure, found = _renewal_or_404(alliance, measure_id)
    return render_template(
        "campaigns/renewal.html",
        alliance=measure.alliance,
        measure=measure,
        renewal=found,
        changes=renewal_changes.of(found, measure),
        steps=campaign_deadlines.NAMES,
        words=words,
    )


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/renewal/accept")
@allow(coordinates)
def accept_renewal(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure, found = _renewal_or_404(alliance, measure_id, lock=True)
    leads = measure.alliance_id is not None and viewer.leads(measure.alliance_id)
    owner_id = viewer.person_id if leads else None
    public = renewing.accept(found, by_id=viewer.person_id, owner_id=owner_id)
    return _to_desk(alliance, measure_id, "renewal-accepted" if public else "renewal-private")


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/renewal/decline", methods=["GET", "POST"]
)
@allow(coordinates)
def decline_renewal(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure, found = _renewal_or_404(alliance, measure_id, lock=True)
    form = NotThisYearForm()
    if found.state != RenewalState.DRAFTED:
        return _to_desk(alliance, measure_id, "renewal-asked-already")
    if not form.validate_on_submit():
        return _decline_page(measure, form), 422 if form.errors else 200
    renewing.decline(found, typed(form.reason), by_id=viewer.person_id)
    return see_other("campaigns.desk", alliance=alliance, done="renewal-declined")


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/renewal/endorsers/<int:endorser>")
@allow(coordinates)
def note_endorser_asked(alliance: str, measure_id: int, endorser: int) -> ResponseReturnValue:
    """Somebody was asked by voice."""
    measure, found = _renewal_or_404(alliance, measure_id, lock=True)
    own = select(Endorsement).where(
        Endorsement.id == endorser, Endorsement.measure_id == found.prior_id
    )
    endorsement = find_or_404(db.scalars(own.options(joinedload(Endorsement.organization))).first())
    endorsement.asked_again_on = clock.today()
    _tick_when_asked(found, measure)
    return _to_renewal(alliance, measure_id, "endorser-noted")


def _renewal_or_404(
    alliance: str, measure_id: int, *, lock: bool = False
) -> tuple[Measure, Renewal]:
    measure = campaign_or_404(alliance, measure_id)
    return measure, find_or_404(renewal_queries.of_measure(measure.id, lock=lock))


def _tick_when_asked(found: Renewal, measure: Measure) -> None:
    db.flush()
    if not renewal_changes.not_asked(found.prior_id, measure.id):
        campaign_plan.tick(measure, campaign_plan.ENDORSERS.key)


def _decline_page(measure: Measure, form: NotThisYearForm) -> str:
    return render_template(
        "campaigns/decline_renewal.html", alliance=measure.alliance, measure=measure, form=form
    )


def _to_desk(alliance: str, measure_id: int, done: str) -> ResponseReturnValue:
    return see_other("campaigns.manage", alliance=alliance, measure_id=measure_id, done=done)


def _to_renewal(alliance: str, measure_id: int, done: str) -> ResponseReturnValue:
    return see_other("campaigns.renewal", alliance=alliance, measure_id=measure_id, done=done)
