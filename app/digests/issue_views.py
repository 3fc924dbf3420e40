"""Pages on which staff find, write and change issues."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from app.accounts.policy import require_fresh
from app.digests import actions, audience, held, queries, samples, subjects, tree, words
from app.digests.blueprint import blueprint
from app.digests.forms import IssueForm, ListFilters
from app.digests.models import Issue
from app.foundation import tables
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.tables import Column, Listing
from app.foundation.web import find_or_404, see_other
from app.mail import resending
from app.mail.models import Mailing
from app.mail.progress import progress

notices(
    digest_created=_l("Saved as a draft. Nobody gets it before you send it."),
    digest_saved=_l("Saved."),
    digest_frozen=_l("This digest goes out or went out, so it cannot change any more."),
    digest_large=_l(
        "Somebody else checks this digest as it stands. Take it back first to change it."
    ),
)


def _search(query: Any, form: ListFilters) -> Any:
    if not form.search.data:
        return query
    return query.where(func.lower(Issue.subject).like(tables.like(form.search.data), escape="\\"))


LISTING: Listing[Any] = Listing(
    name="digests",
    columns=(
        Column("subject", _l("Subject"), lambda row: row.Issue.subject, Issue.subject),
        Column("state", _l("State"), lambda row: words.state(row.Mailing)[0], Mailing.state),
        Column("readers", _l("Readers"), lambda row: words.EVERY[row.Issue.every], Issue.every),
        Column("when", _l("When"), lambda row: words.when(row.Issue, row.Mailing), Mailing.due_at),
        Column("changed", _l("Last change"), lambda row: row.Issue.updated_at, Issue.updated_at),
    ),
    sort="changed",
    descending=True,
    tie_break=Issue.id,
    filters=ListFilters,
    apply=_search,
)


@blueprint.get("/staff/digests")
@allow(staff)
def listing() -> ResponseReturnValue:
    if request.args.get("format") == "csv":
        return tables.csv_of(LISTING, queries.issues(), scalars=False)
    page = tables.page_of(LISTING, queries.issues(), scalars=False, export=True)
    return render_template("digests/listing.html", page=page, words=words)


@blueprint.get("/staff/digests/new")
@allow(staff)
def new() -> ResponseReturnValue:
    return render_template("digests/edit.html", form=IssueForm(), issue=None)


@blueprint.post("/staff/digests/new")
@allow(staff)
def create() -> ResponseReturnValue:
    form = IssueForm()
    if not form.validate_on_submit():
        return render_template("digests/edit.html", form=form, issue=None), 422
    made = actions.create(form.draft(), by_id=find_or_404(viewer.person_id))
    return see_other("digests.issue", issue_id=made.id, done="digest-created")


@blueprint.get("/staff/digests/<int:issue_id>")
@allow(staff)
def issue(issue_id: int) -> ResponseReturnValue:
    found = queries.issue(issue_id)
    mailing = found.mailing
    shown: dict[str, Any] = {"issue": found, "mailing": mailing, "words": words}
    shown["test"] = subjects.of(issue_id)
    whom = audience.of(found)
    shown["whom"] = tree.sentence(whom.chosen)
    if mailing is not None and queries.is_under_way(mailing):
        late = held.number(found)
        shown |= {"late": late, "may_send_late": bool(late) and held.may_send(found)}
        shown |= {"progress": progress(mailing), "again": resending.offered(mailing)}
        return render_template("digests/sending.html", **shown)
    waits = mailing is not None and queries.needs_second_person(mailing)
    shown["editable"] = actions.is_editable(found)
    shown["by_viewer"] = mailing is not None and mailing.created_by_id == viewer.person_id
    return render_template("digests/issue.html", count=audience.count(whom), waits=waits, **shown)


@blueprint.post("/staff/digests/<int:issue_id>/left-out")
@allow(staff)
def left_out(issue_id: int) -> ResponseReturnValue:
    """Some of those who get nothing, after a click, for it is written down who looked."""
    found = queries.issue(issue_id)
    whom = audience.of(found)
    return render_template(
        "digests/left_out.html",
        issue=found,
        left_out=audience.count(whom).left_out,
        sample=samples.look_left_out(whom, by_id=find_or_404(viewer.person_id)),
        words=words,
    )


@blueprint.get("/staff/digests/<int:issue_id>/edit")
@allow(staff)
def edit(issue_id: int) -> ResponseReturnValue:
    found = queries.issue(issue_id)
    if not actions.is_editable(found):
        waits = found.mailing is not None and queries.is_waiting(found.mailing)
        done = "digest-large" if waits else "digest-frozen"
        return see_other("digests.issue", issue_id=issue_id, done=done)
    if found.mailing is not None:
        require_fresh()
    return render_template("digests/edit.html", form=IssueForm.of(found), issue=found)


@blueprint.post("/staff/digests/<int:issue_id>/edit")
@allow(staff)
def save(issue_id: int) -> ResponseReturnValue:
    form = IssueForm()
    if not form.validate_on_submit():
        return _again(issue_id, form, 422)
    if queries.issue(issue_id).mailing is not None and not viewer.is_fresh:
        return _again(issue_id, form, 403, unproven=True)  # a redirect would lose what was typed
    try:
        by_id = find_or_404(viewer.person_id)
        actions.save(issue_id, form.draft(), version=form.read_version(), by_id=by_id)
    except actions.Stale:
        return _both_versions(issue_id, form)
    except actions.Frozen:
        mailing = queries.issue(issue_id).mailing
        checked = mailing is not None and queries.is_waiting(mailing)
        return _again(issue_id, form, 409, frozen=not checked, checked=checked)
    return see_other("digests.issue", issue_id=issue_id, done="digest-saved")


def _again(issue_id: int, form: IssueForm, code: int, **more: Any) -> ResponseReturnValue:
    found = queries.issue(issue_id)
    return render_template("digests/edit.html", form=form, issue=found, **more), code


def _both_versions(issue_id: int, form: IssueForm) -> ResponseReturnValue:
    """What somebody else saved beside what was typed; saving again replaces theirs."""
    found = db.get_one(Issue, issue_id)
    form.version.data = str(found.version)
    return _again(issue_id, form, 409, theirs=found)
