"""What became of an issue, and sending it again to those whose copy failed."""

from __future__ import annotations

from flask import Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import require_fresh
from app.digests import actions, queries, reports
from app.digests.blueprint import blueprint
from app.digests.forms import SendAgainForm
from app.digests.reports import By
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff
from app.foundation.tables import csv_response
from app.foundation.web import find_or_404, see_other
from app.mail import doubts, resending
from app.mail import queries as mail
from app.mail.models import Mailing
from app.mail.progress import polled

notices(
    digest_again=_l("It goes out again to those whose copy failed."),
    digest_not_again=_l("Nobody is left to whom it could be sent again."),
)


@blueprint.get("/staff/digests/<int:issue_id>/progress.json")
@allow(staff)
def progress(issue_id: int) -> Response:
    return jsonify(polled(_mailing(issue_id)).as_json())


@blueprint.get("/staff/digests/<int:issue_id>/report")
@allow(staff)
def report(issue_id: int) -> ResponseReturnValue:
    mailing = _mailing(issue_id)
    found = {by.value: reports.report(mailing, by, whole=False) for by in By}
    return render_template(
        "digests/report.html",
        issue=queries.issue(issue_id),
        mailing=mailing,
        reports=found,
        in_doubt=mail.standing(mailing).in_doubt,
        undecided=doubts.undecided(mailing),
    )


@blueprint.get("/staff/digests/<int:issue_id>/report.csv")
@allow(staff)
def report_csv(issue_id: int) -> Response:
    by = request.args.get("by", By.REASON.value)
    if by not in set(By):
        abort(404)
    found = reports.report(_mailing(issue_id), By(by))
    return csv_response(f"digest-{issue_id}-{by}.csv", found.heads, found.rows)


@blueprint.get("/staff/digests/<int:issue_id>/again")
@allow(staff)
def again(issue_id: int) -> ResponseReturnValue:
    require_fresh()
    return _again_page(issue_id, SendAgainForm())


@blueprint.post("/staff/digests/<int:issue_id>/again")
@allow(staff)
def sent_again(issue_id: int) -> ResponseReturnValue:
    require_fresh()
    form = SendAgainForm()
    if not form.validate_on_submit():
        return _again_page(issue_id, form), 422
    people = actions.send_again(issue_id, with_doubt=bool(form.with_doubt.data))
    done = "digest-again" if people else "digest-not-again"
    return see_other("digests.issue", issue_id=issue_id, done=done)


def _again_page(issue_id: int, form: SendAgainForm) -> str:
    mailing = _mailing(issue_id)
    people = resending.offered(mailing)
    return render_template(
        "digests/again.html",
        issue=queries.issue(issue_id),
        form=form,
        people=people,
        doubtful=resending.offered(mailing, with_doubt=True) - people,
    )


def _mailing(issue_id: int) -> Mailing:
    return find_or_404(queries.issue(issue_id).mailing)
