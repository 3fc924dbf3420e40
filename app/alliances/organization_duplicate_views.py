"""Where staff look at records that may be one organization, merge them, and undo it."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances import organization_duplicates as duplicates
from app.alliances import organization_merging as merging
from app.alliances.blueprint import blueprint
from app.alliances.duplicate_models import PairState
from app.alliances.duplicate_words import LIKE_ORGANIZATIONS
from app.alliances.organization_pair_models import OrganizationMerge, OrganizationPair
from app.alliances.organization_words import KINDS, STATES
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import find_or_404, see_other

notices(
    organizations_merged=_l("Merged. You can undo it below."),
    organizations_different=_l("We will not ask about these two again."),
    organizations_unmerged=_l(
        "Undone. What happened since the merge stays with the record that was kept."
    ),
    organizations_decided=_l("Somebody has decided about these two already."),
    organizations_refused=_l("One of these two went into another record already."),
    organizations_not_undone=_l("This cannot be undone any more."),
)


@blueprint.get("/staff/organizations/duplicates")
@allow(staff)
def duplicate_organizations() -> ResponseReturnValue:
    return render_template(
        "alliances/duplicate_organizations.html",
        pairs=duplicates.open_pairs(),
        merges=duplicates.recent_merges(),
        like=LIKE_ORGANIZATIONS,
    )


@blueprint.get("/staff/organizations/duplicates/<int:number>")
@allow(staff)
def duplicate_organization(number: int) -> ResponseReturnValue:
    found = _undecided(number)
    return render_template(
        "alliances/duplicate_organization.html",
        pair=found,
        like=LIKE_ORGANIZATIONS,
        kinds=KINDS,
        states=STATES,
    )


@blueprint.post("/staff/organizations/duplicates/<int:number>/merge")
@allow(staff)
def merge_organizations(number: int) -> ResponseReturnValue:
    found = _undecided(number, lock=True)
    kept, gone = found.first, found.second
    if request.form.get("keep") == "second":
        kept, gone = gone, kept
    try:
        merging.merge(kept, gone, by=viewer.person_id)
    except merging.NotToMerge:
        return see_other("alliances.duplicate_organizations", done="organizations-refused")
    return see_other("alliances.duplicate_organizations", done="organizations-merged")


@blueprint.post("/staff/organizations/duplicates/<int:number>/different")
@allow(staff)
def keep_organizations_apart(number: int) -> ResponseReturnValue:
    found = _undecided(number, lock=True)
    duplicates.are_different(found)
    return see_other("alliances.duplicate_organizations", done="organizations-different")


@blueprint.post("/staff/organizations/merges/<int:number>/undo")
@allow(staff)
def undo_organization_merge(number: int) -> ResponseReturnValue:
    try:
        merging.undo(find_or_404(db.get(OrganizationMerge, number)))
    except merging.NotToUndo:
        return see_other("alliances.duplicate_organizations", done="organizations-not-undone")
    return see_other("alliances.duplicate_organizations", done="organizations-unmerged")


def _undecided(number: int, *, lock: bool = False) -> OrganizationPair:
    """A pair of which nobody has said anything; whoever asks for another one goes to the list."""
    found = find_or_404(duplicates.pair(number, lock=lock))
    if found.state != PairState.OPEN:
        abort(see_other("alliances.duplicate_organizations", done="organizations-decided"))
    return found
