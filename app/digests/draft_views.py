"""Copying a digest into a draft, and deleting drafts; what went out, or is about to, stays."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.digests import actions, queries
from app.digests.blueprint import blueprint
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import find_or_404, see_other

notices(
    digest_copied=_l("Copied. Change what is new, then send it."),
    digest_deleted=_l("The draft is deleted."),
    digest_not_draft=_l("Only drafts can be deleted. Take a scheduled digest back first."),
)


@blueprint.post("/staff/digests/<int:issue_id>/copy")
@allow(staff)
def copy(issue_id: int) -> ResponseReturnValue:
    made = actions.duplicate(issue_id, by_id=find_or_404(viewer.person_id))
    return see_other("digests.issue", issue_id=made.id, done="digest-copied")


@blueprint.get("/staff/digests/<int:issue_id>/delete")
@allow(staff)
def delete(issue_id: int) -> ResponseReturnValue:
    issue = queries.issue(issue_id)
    if issue.mailing_id is not None:
        return see_other("digests.issue", issue_id=issue_id, done="digest-not-draft")
    return render_template("digests/delete.html", issue=issue)


@blueprint.post("/staff/digests/<int:issue_id>/delete")
@allow(staff)
def deleted(issue_id: int) -> ResponseReturnValue:
    if not actions.delete(issue_id):
        return see_other("digests.issue", issue_id=issue_id, done="digest-not-draft")
    return see_other("digests.listing", done="digest-deleted")
