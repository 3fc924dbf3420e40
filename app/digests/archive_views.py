"""Public pages of digests that went out; the same for everybody, so that caches may keep them."""

from __future__ import annotations

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.digests import archive
from app.digests.blueprint import blueprint
from app.digests.models import Issue
from app.foundation import clock, language
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone, viewer
from app.foundation.tables import Column, Listing, page_of
from app.foundation.web import find_or_404
from app.library.partial import as_of

KEPT_SECONDS = 300

LISTING: Listing[Issue] = Listing(
    name="digests",
    columns=(
        Column("subject", _l("Subject"), lambda row: row.subject, Issue.subject),
        Column("day", _l("Day"), lambda row: row.frozen_at, Issue.frozen_at),
    ),
    sort="day",
    descending=True,
    tie_break=Issue.id,
)


@blueprint.get("/digests/")
@allow(anyone)
@same_for_visitors
def archive_list() -> ResponseReturnValue:
    page = page_of(LISTING, archive.issues())
    spanish = language.current() == "es"
    return _kept(render_template("digests/archive.html", page=page, spanish=spanish))


@blueprint.get("/digests/<int:issue_id>")
@allow(anyone)
@same_for_visitors
def archived(issue_id: int) -> ResponseReturnValue:
    issue = find_or_404(archive.issue(issue_id, to_staff=viewer.is_staff))
    spanish = language.current() == "es"
    day = issue.frozen_at or clock.now()
    page = render_template(
        "digests/archived.html",
        subject=(spanish and issue.subject_es) or issue.subject,
        introduction=(spanish and issue.introduction_es) or issue.introduction,
        news=archive.news(issue),
        told=archive.from_library(issue),
        as_of=as_of,
        events=archive.events_after(day),
        day=day,
    )
    return _kept(page)


def _kept(page: str) -> Response:
    """Shared caches may keep what a visitor without cookies sees."""
    response = make_response(page)
    if not viewer.is_signed_in:
        response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response
