"""What staff do with organizations: answer, list in public, say who speaks for one."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import approvals
from app.accounts.approvals import Waiting
from app.accounts.queries import only_person_at
from app.alliances import organization_queries as queries
from app.alliances import organizations
from app.alliances.blueprint import blueprint
from app.alliances.organization_forms import DecisionForm, ListingForm, RepresentativeForm
from app.alliances.organization_lists import STAFF_LIST
from app.alliances.organization_models import Organization, OrganizationState
from app.alliances.organization_words import CONSTITUENCIES, KINDS, STATES
from app.foundation import uploads
from app.foundation.db import db
from app.foundation.forms import Form, typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.tables import csv_of, page_of
from app.foundation.web import find_or_404, see_other

notices(
    organization_decided=_l("Answered; we told them."),
    organization_settled=_l("Somebody else has answered already."),
    organization_listing=_l("The public list is changed."),
    representative_named=_l("They speak for the organization from today."),
    representative_ended=_l("They no longer speak for it."),
    organization_closed=_l("It is no member any more; its history stays."),
)


@blueprint.get("/staff/organizations")
@allow(staff)
def staff_organizations() -> ResponseReturnValue:
    if request.args.get("format") == "csv":
        return csv_of(STAFF_LIST, queries.known())
    return render_template(
        "alliances/staff_organizations.html",
        page=page_of(STAFF_LIST, queries.known(), export=True),
        applications=queries.applications(),
        unrepresented=queries.unrepresented(),
        kinds=KINDS,
        states=STATES,
    )


@blueprint.get("/staff/organizations/<slug>")
@allow(staff)
def staff_organization(slug: str) -> ResponseReturnValue:
    return _page(find_or_404(queries.by_slug(slug)))


@blueprint.get("/staff/organizations/<slug>/commitment.pdf")
@allow(staff)
def commitment(slug: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(slug))
    upload = db.get(uploads.Upload, found.commitment_id) if found.commitment_id else None
    return uploads.answer(find_or_404(upload), found.slug)


@blueprint.post("/staff/organizations/<slug>/decide")
@allow(staff)
def decide_organization(slug: str) -> ResponseReturnValue:
    found, form = find_or_404(queries.by_slug(slug)), DecisionForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    accept, note = form.accept.data == "yes", typed(form.note)
    done = organizations.decide(found, accept=accept, note=note, by=viewer.person_id)
    key = "organization-decided" if done else "organization-settled"
    return see_other("alliances.staff_organization", slug=slug, done=key)


@blueprint.post("/staff/organizations/<slug>/listing")
@allow(staff)
def list_organization(slug: str) -> ResponseReturnValue:
    found, form = find_or_404(queries.by_slug(slug)), ListingForm()
    if form.validate_on_submit():
        try:
            authority = form.authority()
            if not form.errors:
                organizations.list_publicly(found, authority)
                done = "organization-listing"
                return see_other("alliances.staff_organization", slug=slug, done=done)
        except organizations.NoAuthority:
            form.add_error("by", _("Please say who allowed it, and on which day that has come."))
    return _page(found, form), 422


@blueprint.post("/staff/organizations/<slug>/representatives")
@allow(staff)
def name_representative(slug: str) -> ResponseReturnValue:
    found, form = find_or_404(queries.by_slug(slug)), RepresentativeForm()
    if form.validate_on_submit():
        person = only_person_at(typed(form.email))
        if person is not None:
            organizations.represent(found, person, typed(form.title))
            done = "representative-named"
            return see_other("alliances.staff_organization", slug=slug, done=done)
        form.add_error("email", _("Exactly one person who confirmed must have this address."))
    return _page(found, form), 422


@blueprint.post("/staff/organizations/<slug>/representatives/<int:number>/end")
@allow(staff)
def end_representative(slug: str, number: int) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(slug))
    today = {each.id: each for each in queries.representatives(found.id)}
    organizations.step_down(find_or_404(today.get(number)))
    return see_other("alliances.staff_organization", slug=slug, done="representative-ended")


@blueprint.post("/staff/organizations/<slug>/leave")
@allow(staff)
def close_organization(slug: str) -> ResponseReturnValue:
    organizations.leave(find_or_404(queries.by_slug(slug)))
    return see_other("alliances.staff_organization", slug=slug, done="organization-closed")


@approvals.register
def _waiting() -> Sequence[Waiting]:
    """Applications, in the list of what waits for staff."""
    return [
        Waiting(
            title=each.name,
            what=_("An organization applies"),
            endpoint="alliances.staff_organization",
            values={"slug": each.slug},
            since=each.applied_at or each.created_at,
        )
        for each in queries.applications()
    ]


def _page(found: Organization, wrong: Form | None = None) -> str:
    """Its page for staff; a form that was refused stands in for its empty self."""
    forms: dict[type[Form], Form] = {
        kind: kind(formdata=None) for kind in (DecisionForm, ListingForm, RepresentativeForm)
    }
    if wrong is not None:
        forms[type(wrong)] = wrong
    return render_template(
        "alliances/staff_organization.html",
        organization=found,
        representatives=queries.representatives(found.id),
        parts=queries.alliances_of(found.id),
        tags=[CONSTITUENCIES[each] for each in queries.constituencies(found.id)],
        decision=forms[DecisionForm],
        listing=forms[ListingForm],
        naming=forms[RepresentativeForm],
        applied=found.state == OrganizationState.APPLIED,
        form=wrong,
        kinds=KINDS,
        states=STATES,
    )
