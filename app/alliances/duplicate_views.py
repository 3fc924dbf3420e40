"""Where staff look at records that may be one person, merge them, and undo it."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances import duplicates, merging
from app.alliances.blueprint import blueprint
from app.alliances.duplicate_models import Likeness, PersonMerge
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import find_or_404, see_other

notices(
    people_merged=_l("Merged. You can undo it below."),
    people_different=_l("We will not ask about these two again."),
    merge_undone=_l("Undone. What happened since the merge stays with the record that was kept."),
    merge_refused=_l("These two cannot be merged: one is erased or has a national role."),
    undo_refused=_l("This cannot be undone any more."),
)

LIKE = {
    Likeness.EMAIL: _l("Same name and e-mail address"),
    Likeness.PHONE: _l("Same phone number"),
    Likeness.NAME_AND_ZIP: _l("Same name and ZIP code"),
}


@blueprint.get("/staff/duplicates")
@allow(staff)
def duplicate_people() -> ResponseReturnValue:
    return render_template(
        "alliances/duplicates.html",
        pairs=duplicates.open_pairs(),
        merges=duplicates.recent_merges(),
        like=LIKE,
    )


@blueprint.get("/staff/duplicates/<int:number>")
@allow(staff)
def duplicate(number: int) -> ResponseReturnValue:
    found = find_or_404(duplicates.pair(number))
    return render_template("alliances/duplicate.html", pair=found, like=LIKE)


@blueprint.post("/staff/duplicates/<int:number>/merge")
@allow(staff)
def merge_people(number: int) -> ResponseReturnValue:
    found = find_or_404(duplicates.pair(number))
    kept, gone = found.first, found.second
    if request.form.get("keep") == "second":
        kept, gone = gone, kept
    try:
        merging.merge(kept, gone, by=viewer.person_id)
    except merging.NotToMerge:
        return see_other("alliances.duplicate_people", done="merge-refused")
    return see_other("alliances.duplicate_people", done="people-merged")


@blueprint.post("/staff/duplicates/<int:number>/different")
@allow(staff)
def keep_apart(number: int) -> ResponseReturnValue:
    duplicates.are_different(find_or_404(duplicates.pair(number)))
    return see_other("alliances.duplicate_people", done="people-different")


@blueprint.post("/staff/merges/<int:number>/undo")
@allow(staff)
def undo_merge(number: int) -> ResponseReturnValue:
    try:
        merging.undo(find_or_404(db.get(PersonMerge, number)))
    except merging.NotToUndo:
        return see_other("alliances.duplicate_people", done="undo-refused")
    return see_other("alliances.duplicate_people", done="merge-undone")
