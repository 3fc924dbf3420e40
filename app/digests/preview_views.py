"""Pages on which staff see an issue as real people will get it.

Asking is a POST, for the people can see on their own page who looked; what was asked for stays
open for an hour.
"""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.digests import preview, queries
from app.digests.blueprint import blueprint
from app.digests.forms import NameForm
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import find_or_404, see_other
from app.people.models import Person

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"

notices(digest_nobody=_l("There is nobody (else) to look at."))


@blueprint.post("/staff/digests/<int:issue_id>/preview")
@allow(staff)
def preview_three(issue_id: int) -> ResponseReturnValue:
    return _show(issue_id, preview.three(queries.issue(issue_id)))


@blueprint.post("/staff/digests/<int:issue_id>/preview/another")
@allow(staff)
def preview_another(issue_id: int) -> ResponseReturnValue:
    seen = [person.id for person in preview.opened_by(find_or_404(viewer.person_id))]
    return _show(issue_id, preview.another(queries.issue(issue_id), seen))


@blueprint.post("/staff/digests/<int:issue_id>/preview/find")
@allow(staff)
def preview_find(issue_id: int) -> ResponseReturnValue:
    """Readers by name; a POST, so that names stand in no address and no log."""
    issue, form = queries.issue(issue_id), NameForm()
    found = preview.readers(issue, typed(form.name)) if form.validate_on_submit() else []
    return render_template("digests/preview_find.html", issue=issue, form=form, found=found)


@blueprint.post("/staff/digests/<int:issue_id>/preview/<int:person_id>")
@allow(staff)
def preview_open(issue_id: int, person_id: int) -> ResponseReturnValue:
    """Open the copy of a reader, of the next one, or of the one before."""
    issue, which = queries.issue(issue_id), request.form.get("which", "this")
    if which in ("next", "before"):
        return _show(issue_id, preview.beside(issue, person_id, later=which == "next"))
    return _show(issue_id, preview.reader(issue, person_id))


def _show(issue_id: int, person_ids: list[int]) -> ResponseReturnValue:
    if not person_ids:
        return see_other("digests.issue", issue_id=issue_id, done="digest-nobody")
    preview.open_to(find_or_404(viewer.person_id), person_ids)
    return see_other("digests.preview_page", issue_id=issue_id, person_id=person_ids[0])


@blueprint.get("/staff/digests/<int:issue_id>/preview/<int:person_id>")
@allow(staff)
def preview_page(issue_id: int, person_id: int) -> ResponseReturnValue:
    issue = queries.issue(issue_id)
    opened = preview.opened_by(find_or_404(viewer.person_id))
    person = _among(opened, person_id)
    return render_template(
        "digests/preview.html",
        issue=issue,
        person=person,
        opened=opened,
        sheet=preview.sheet(issue, person),
        form=NameForm(),
    )


@blueprint.get("/staff/digests/<int:issue_id>/preview/<int:person_id>.html")
@allow(staff)
def preview_html(issue_id: int, person_id: int) -> Response:
    """The HTML part alone, for the frame of the page above."""
    person = _among(preview.opened_by(find_or_404(viewer.person_id)), person_id)
    sheet = find_or_404(preview.sheet(queries.issue(issue_id), person))
    response = Response(sheet.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _among(opened: list[Person], person_id: int) -> Person:
    return find_or_404(next((person for person in opened if person.id == person_id), None))
