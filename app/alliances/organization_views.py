"""Organizations: the public list, each one's page, applying, and what its representative does."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.queries import myself
from app.alliances import organization_queries as queries
from app.alliances import organization_registry as registry
from app.alliances import organizations, partners
from app.alliances import queries as alliances
from app.alliances.blueprint import blueprint
from app.alliances.models import PUBLIC
from app.alliances.organization_forms import ApplicationForm, JoinForm, kept_choices
from app.alliances.organization_lists import PUBLIC_LIST
from app.alliances.organization_models import Organization
from app.alliances.organization_policy import may_see, speaks_for
from app.alliances.organization_words import CONSTITUENCIES, KINDS, STATES
from app.alliances.policy import may_lead
from app.foundation import uploads
from app.foundation.db import db
from app.foundation.limits import TooMany
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in, viewer
from app.foundation.tables import csv_of, page_of
from app.foundation.web import find_or_404, see_other

notices(
    organization_applied=_l("Thank you! National staff will read it and answer by mail."),
    organization_joined=_l("Your organization is part of the alliance."),
    organization_left=_l("Your organization is no longer part of the alliance."),
    stepped_down=_l("You no longer speak for the organization."),
)


@blueprint.get("/organizations/")
@allow(anyone)
def organization_list() -> ResponseReturnValue:
    if request.args.get("format") == "csv":
        return csv_of(PUBLIC_LIST, queries.listed())
    page = page_of(PUBLIC_LIST, queries.listed(), export=True)
    return render_template("alliances/organizations.html", page=page, kinds=KINDS)


@blueprint.get("/organizations/apply")
@allow(signed_in)
def apply() -> ResponseReturnValue:
    return render_template("alliances/apply.html", form=_application())


@blueprint.post("/organizations/apply")
@allow(signed_in)
def do_apply() -> ResponseReturnValue:
    form = _application()
    if form.validate_on_submit():
        try:
            made = organizations.apply(myself(), form.answers(), form.commitment.data or None)
            return see_other("alliances.organization", slug=made.slug, done="organization-applied")
        except organizations.NameTaken:
            form.add_error("name", _("We know an organization of this name. Please write to us."))
        except uploads.Refused as refused:
            form.add_error("commitment", str(refused.words))
        except TooMany:
            form.add_error("name", _("You have applied three times today."))
    return render_template("alliances/apply.html", form=form), 422


@blueprint.get("/organizations/<slug>")
@allow(anyone)
def organization(slug: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(slug))
    kept = db.get(Organization, found.merged_into_id) if found.merged_into_id else None
    if kept is not None and may_see(viewer, kept):
        return redirect(url_for("alliances.organization", slug=kept.slug), 301)
    if not may_see(viewer, found):
        abort(404)
    return _page(found, JoinForm())


@blueprint.get("/alliances/<slug>/organizations")
@allow(anyone)
def alliance_organizations(slug: str) -> ResponseReturnValue:
    """Those that may be named; coordinators and staff see the others, too."""
    found = find_or_404(alliances.by_slug(slug))
    if found.life_cycle not in PUBLIC:
        abort(404)
    return render_template(
        "alliances/alliance_organizations.html",
        alliance=found,
        organizations=queries.of_alliance(found.id, listed_only=not may_lead(viewer, found)),
        kinds=KINDS,
    )


@blueprint.post("/organizations/<slug>/alliances")
@allow(speaks_for)
def join_as_organization(slug: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(slug))
    alliance = find_or_404(alliances.by_slug(request.form.get("alliance", "")))
    if not found.is_member or alliance.life_cycle not in PUBLIC:
        abort(404)
    organizations.join_alliance(found, alliance)
    return see_other("alliances.organization", slug=slug, done="organization-joined")


@blueprint.post("/organizations/<slug>/alliances/<int:number>/leave")
@allow(speaks_for)
def leave_as_organization(slug: str, number: int) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(slug))
    parts = {part.id: part for part, _alliance in queries.alliances_of(found.id)}
    organizations.leave_alliance(find_or_404(parts.get(number)))
    return see_other("alliances.organization", slug=slug, done="organization-left")


@blueprint.get("/organizations/<slug>/step-down")
@allow(speaks_for)
def step_down(slug: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(slug))
    return render_template("alliances/step_down.html", organization=found)


@blueprint.post("/organizations/<slug>/step-down")
@allow(speaks_for)
def do_step_down(slug: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(slug))
    mine = [
        each for each in queries.representatives(found.id) if each.person_id == viewer.person_id
    ]
    for representative in mine:
        organizations.step_down(representative)
    return see_other("pages.me", done="stepped-down")


def _application() -> ApplicationForm:
    form = ApplicationForm()
    form.chapter_of_id.choices = kept_choices((o.id, o.name) for o in queries.may_be_parent())
    return form


def _page(found: Organization, form: JoinForm) -> str:
    representatives = queries.representatives(found.id)
    speaks = viewer.is_signed_in and (
        viewer.is_staff or viewer.person_id in {each.person_id for each in representatives}
    )
    parts = queries.alliances_of(found.id)
    if speaks:
        joined = {alliance.id for _part, alliance in parts}
        open_ones = [a for a in db.scalars(alliances.public()) if a.id not in joined]
        form.alliance.choices = kept_choices((a.slug, a.name) for a in open_ones)
    return render_template(
        "alliances/organization.html",
        organization=found,
        parts=parts,
        chapters=queries.chapters(found.id),
        tags=[CONSTITUENCIES[each] for each in queries.constituencies(found.id)],
        representatives=representatives if speaks else (),
        speaks=speaks,
        doings=registry.doings(found),
        shared=partners.of(found),
        is_partner=partners.is_partner(found),
        form=form,
        kinds=KINDS,
        states=STATES,
    )
