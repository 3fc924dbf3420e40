"""Endorsing from a campaign's page or an organization's own, and the page of all supporters."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.queries import myself
from app.alliances import organization_queries, organization_registry
from app.alliances.organization_models import Organization
from app.alliances.organization_policy import speaks_for
from app.alliances.organization_registry import Doing
from app.campaigns import endorsement_queries as queries
from app.campaigns import endorsing, sign_on_letter, signing
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.campaign_views import seen_or_404, takes_names
from app.campaigns.endorsement_forms import EndorseForm
from app.campaigns.measure_queries import Seen
from app.foundation import clock
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in, viewer
from app.foundation.web import find_or_404, see_other

notices(
    endorsed=_l("Your organization endorses it. Thank you."),
    endorsement_withdrawn=_l("The endorsement is taken back."),
)


@blueprint.get("/campaigns/<slug>/supporters")
@allow(anyone)
def supporters(slug: str) -> ResponseReturnValue:
    """Whoever may be named: organizations with authority on file, people who chose to."""
    seen = seen_or_404(slug)
    said = queries.of_measure(seen.measure.id, public=True)
    signers = map(sign_on_letter.signer, signing.listed(seen.measure.id))
    people = [*signers, *sign_on_letter.in_person(said)]
    return render_template(
        "campaigns/supporters.html",
        measure=seen.measure,
        seen=seen,
        organizations=[each for each in said if not each.for_identification],
        people=people,
        is_marked=sign_on_letter.is_marked(people),
        takes_names=takes_names(seen),
        words=words,
    )


@blueprint.route("/campaigns/<slug>/endorse", methods=["GET", "POST"])
@allow(signed_in)
def endorse(slug: str) -> ResponseReturnValue:
    seen = open_or_404(slug)
    spoken_for = organization_queries.represented_by(viewer.person_id or 0)
    form = _form(spoken_for)
    if not spoken_for or not form.validate_on_submit():
        return _endorse_page(seen, form, spoken_for), 422 if form.errors else 200
    organization = next(each for each in spoken_for if each.slug == form.organization.data)
    try:
        endorsing.endorse(seen.measure, organization, form.given(), by_id=viewer.person_id)
    except endorsing.NoAuthority:
        form.add_error("on", _("This day is still to come."))
        return _endorse_page(seen, form, spoken_for), 422
    return see_other("campaigns.endorsements_of", slug=organization.slug, done="endorsed")


@blueprint.get("/organizations/<slug>/endorsements")
@allow(speaks_for)
def endorsements_of(slug: str) -> ResponseReturnValue:
    organization = find_or_404(organization_queries.by_slug(slug))
    return render_template(
        "campaigns/endorsements_of.html",
        organization=organization,
        said=queries.of_organization(organization.id),
        open_ones=queries.open_to(organization),
        words=words,
    )


@blueprint.post("/organizations/<slug>/endorsements/<int:measure_id>/agree")
@allow(speaks_for)
def agree_to_endorsement(slug: str, measure_id: int) -> ResponseReturnValue:
    """What an alliance wrote down from paper is so: from now on it counts."""
    organization = find_or_404(organization_queries.by_slug(slug))
    endorsing.agree(find_or_404(queries.of_both(measure_id, organization.id)))
    return see_other("campaigns.endorsements_of", slug=slug, done="endorsed")


@blueprint.post("/organizations/<slug>/endorsements/<int:measure_id>/withdraw")
@allow(speaks_for)
def withdraw_endorsement(slug: str, measure_id: int) -> ResponseReturnValue:
    organization = find_or_404(organization_queries.by_slug(slug))
    endorsing.withdraw(find_or_404(queries.of_both(measure_id, organization.id)))
    return see_other("campaigns.endorsements_of", slug=slug, done="endorsement-withdrawn")


def doings(organization: Organization) -> Sequence[Doing]:
    """What an organization's own page says of campaigns; its representative sees the way in."""
    found = [
        Doing(str(_("Endorses")), measure.title, url_for("campaigns.campaign", slug=measure.slug))
        for _own, measure in queries.of_organization(organization.id, public=True)
    ]
    led = organization_queries.represented_by(viewer.person_id or 0)
    if viewer.is_staff or any(each.id == organization.id for each in led):
        way = url_for("campaigns.endorsements_of", slug=organization.slug)
        found.append(Doing(str(_("Endorsements")), str(_("Endorse a campaign, or stop")), way))
    return found


organization_registry.DOINGS.append(doings)


def open_or_404(slug: str) -> Seen:
    """A campaign that people can support now."""
    seen = seen_or_404(slug)
    if not takes_names(seen):
        abort(404)
    return seen


def _form(spoken_for: Sequence[Organization]) -> EndorseForm:
    """The form with the names of today; whose it is, is asked only of those who speak for one."""
    form = EndorseForm(
        data={
            "by": myself().name,
            "on": clock.today(),
            "organization": request.args.get("organization"),
        }
    )
    form.offer(spoken_for)
    return form


def _endorse_page(seen: Seen, form: EndorseForm, spoken_for: Sequence[Organization]) -> str:
    return render_template(
        "campaigns/endorse.html",
        measure=seen.measure,
        form=form,
        spoken_for=spoken_for,
        words=words,
    )
