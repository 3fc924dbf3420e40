"""Pages on which staff order the sections of an issue, skip it, and decide about late copies."""

from __future__ import annotations

from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import require_fresh
from app.digests import actions, arrangement, held, queries, rota, series_forms
from app.digests.blueprint import blueprint
from app.digests.series_forms import ArrangementForm
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import find_or_404, see_other

notices(
    sections_saved=_l("Saved. Readers see the sections in this order."),
    issue_skipped=_l("Skipped. The one after is scheduled."),
    late_sent=_l("The late copies are on their way."),
    late_dropped=_l("The late copies will not be sent."),
)


@blueprint.get("/staff/digests/<int:issue_id>/sections")
@allow(staff)
def order_sections(issue_id: int) -> ResponseReturnValue:
    issue = queries.issue(issue_id)
    placed = arrangement.arranged(issue.sections)
    form = series_forms.arranging(ArrangementForm, placed, version=str(issue.version))
    return render_template("digests/sections.html", issue=issue, placed=placed, form=form)


@blueprint.post("/staff/digests/<int:issue_id>/sections")
@allow(staff)
def save_sections(issue_id: int) -> ResponseReturnValue:
    issue = queries.issue(issue_id)
    placed = arrangement.arranged(issue.sections)
    form = series_forms.arranging(ArrangementForm, placed)
    if not form.validate_on_submit():
        return render_template("digests/sections.html", issue=issue, placed=placed, form=form), 422
    by_id = find_or_404(viewer.person_id)
    order = partial(actions.order, issue_id, series_forms.stored(form, placed), by_id=by_id)
    try:
        order(version=form.read_version())
    except actions.Stale:
        form.version.data = str(issue.version)
        page = {"issue": issue, "placed": placed, "form": form, "stale": True}
        return render_template("digests/sections.html", **page), 409
    except actions.Frozen:
        return see_other("digests.issue", issue_id=issue_id, done="digest-frozen")
    return see_other("digests.issue", issue_id=issue_id, done="sections-saved")


@blueprint.post("/staff/digests/<int:issue_id>/skip")
@allow(staff)
def skip_issue(issue_id: int) -> ResponseReturnValue:
    skipped = rota.skip(issue_id)
    if not skipped:
        return see_other("digests.issue", issue_id=issue_id, done="digest-too-late")
    return see_other("digests.all_series", done="issue-skipped")


@blueprint.post("/staff/digests/<int:issue_id>/late/send")
@allow(staff)
def send_late(issue_id: int) -> ResponseReturnValue:
    require_fresh()
    sent = held.release(issue_id)
    return see_other(
        "digests.issue", issue_id=issue_id, done="late-sent" if sent else "digest-too-late"
    )


@blueprint.post("/staff/digests/<int:issue_id>/late/drop")
@allow(staff)
def drop_late(issue_id: int) -> ResponseReturnValue:
    dropped = held.drop(issue_id)
    return see_other(
        "digests.issue", issue_id=issue_id, done="late-dropped" if dropped else "digest-too-late"
    )
