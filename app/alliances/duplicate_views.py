"""Where staff look at records that may be one person, merge them, and undo it."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances import duplicates, merging
from app.alliances.blueprint import blueprint
from app.alliances.duplicate_models import PairState, PersonMerge, PersonPair
from app.alliances.duplicate_words import LIKE_PEOPLE
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import find_or_404, see_other

notices(
    people_merged=_l("Merged. You can undo it below."),
    people_different=_l("We will not ask about these two again."),
    merge_undone=_l("Undone. What happened since the merge stays with the record that was kept."),
    pair_decided=_l("Somebody has decided about these two already."),
    merge_refused=_l(
        "These two cannot be merged: one is erased, has a national role, or went into another "
        "record already."
    ),
    undo_refused=_l("This cannot be undone any more."),
)


@blueprint.get("/staff/duplicates")
@allow(staff)
def duplicate_people() -> ResponseReturnValue:
    return render_template(
        "alliances/duplicates.html",
        pairs=duplicates.open_pairs(),
        merges=duplicates.recent_merges(),
        like=LIKE_PEOPLE,
    )


@blueprint.get("/staff/duplicates/<int:number>")
@allow(staff)
def duplicate(number: int) -> ResponseReturnValue:
    found = _undecided(number)
    return render_template("alliances/duplicate.html", pair=found, like=LIKE_PEOPLE)


@blueprint.post("/staff/duplicates/<int:number>/merge")
@allow(staff)
def merge_people(number: int) -> ResponseReturnValue:
    found = _undecided(number, lock=True)
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
    found = _undecided(number, lock=True)
    duplicates.are_different(found)
    return see_other("alliances.duplicate_people", done="people-different")


@blueprint.post("/staff/merges/<int:number>/undo")
@allow(staff)
def undo_merge(number: int) -> ResponseReturnValue:
    try:
        merging.undo(find_or_404(db.get(PersonMerge, number)))
    except merging.NotToUndo:
        return see_other("alliances.duplicate_people", done="undo-refused")
    return see_other("alliances.duplicate_people", done="merge-undone")


def _undecided(number: int, *, lock: bool = False) -> PersonPair:
    """A pair of which nobody has said anything; whoever asks for another one goes to the list."""
    found = find_or_404(duplicates.pair(number, lock=lock))
    if found.state != PairState.OPEN:
        abort(see_other("alliances.duplicate_people", done="pair-decided"))
    return found
