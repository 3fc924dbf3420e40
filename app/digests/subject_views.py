"""Pages on which staff plan a test of subject lines, and read and decide it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.digests import audience, queries, subjects
from app.digests.blueprint import blueprint
from app.digests.forms import SubjectsForm
from app.digests.models import Issue, SubjectTest
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import find_or_404, see_other

FEW = 200
"""Readers of one subject; with fewer, chance decides."""

notices(
    subjects_planned=_l("Saved. The test starts when you send the digest."),
    subjects_given_up=_l("Everybody gets the digest with its own subject."),
    subjects_fixed=_l("It was too late for that: see how the test stands now."),
    subjects_noted=_l("Noted."),
    subjects_decided=_l("Decided. The rest gets this subject when their time has come."),
)


@blueprint.get("/staff/digests/<int:issue_id>/subjects")
@allow(staff)
def subject_test(issue_id: int) -> ResponseReturnValue:
    issue, test = queries.issue(issue_id), subjects.of(issue_id)
    if issue.mailing_id is None:
        return _plan_page(issue, _form(issue, test))
    return _test_page(issue, find_or_404(test))


@blueprint.post("/staff/digests/<int:issue_id>/subjects")
@allow(staff)
def plan_subject_test(issue_id: int) -> ResponseReturnValue:
    issue = queries.issue(issue_id)
    form = SubjectsForm(issue)
    if not form.validate_on_submit():
        return _plan_page(issue, form), 422
    return _after(issue_id, "subjects-planned", done=subjects.plan(issue_id, form.plan()))


@blueprint.post("/staff/digests/<int:issue_id>/subjects/none")
@allow(staff)
def no_subject_test(issue_id: int) -> ResponseReturnValue:
    return _after(issue_id, "subjects-given-up", done=subjects.give_up(issue_id))


@blueprint.post("/staff/digests/<int:issue_id>/subjects/replies")
@allow(staff)
def note_replies(issue_id: int) -> ResponseReturnValue:
    typed = [raw.strip() for raw in request.form.getlist("replies")]
    if not all(map(_is_number, typed)):
        issue = queries.issue(issue_id)
        find_or_404(issue.mailing)
        return _test_page(issue, find_or_404(subjects.of(issue_id)), typed), 422
    done = subjects.note_replies(issue_id, [int(raw) for raw in typed])
    return _after(issue_id, "subjects-noted", page="digests.subject_test", done=done)


@blueprint.post("/staff/digests/<int:issue_id>/subjects/decide")
@allow(staff)
def decide_subject(issue_id: int) -> ResponseReturnValue:
    raw = request.form.get("winner", "")
    winner = int(raw) if raw in ("0", "1", "2") else -1
    done = subjects.decide(issue_id, winner, by_id=find_or_404(viewer.person_id))
    return _after(issue_id, "subjects-decided", page="digests.subject_test", done=done)


def _is_number(raw: str) -> bool:
    return raw.isascii() and raw.isdecimal() and len(raw) < 8


def _test_page(issue: Issue, test: SubjectTest, typed: Sequence[str] = ()) -> str:
    """How a test stands; with the replies as they were typed where one of them is no number."""
    found = subjects.results(issue, test)
    shown = typed if len(typed) == len(found) else [str(each.replies) for each in found]
    return render_template(
        "digests/subjects.html",
        issue=issue,
        test=test,
        results=found,
        replies=[(raw, bool(typed) and not _is_number(raw)) for raw in shown],
        rest_from=subjects.decided_from(test, find_or_404(issue.mailing)),
        mailbox=subjects.counts_replies(),
    )


def _form(issue: Issue, test: SubjectTest | None) -> SubjectsForm:
    if test is None:
        return SubjectsForm(issue)
    second, *more = test.others
    third = more[0] if more else ""
    return SubjectsForm(issue, second=second, third=third, share=test.share, hours=test.hours)


def _plan_page(issue: Issue, form: SubjectsForm) -> str:
    people = audience.count(audience.of(issue)).people
    share = form.share.data or 0
    each = people * share // 100 // (3 if form.third.data else 2)
    planned = subjects.of(issue.id) is not None
    return render_template(
        "digests/plan_subjects.html", issue=issue, form=form, few=each < FEW, planned=planned
    )


def _after(
    issue_id: int, notice: str, *, done: bool, page: str = "digests.issue"
) -> ResponseReturnValue:
    if not done:
        queries.issue(issue_id)
        return see_other("digests.issue", issue_id=issue_id, done="subjects-fixed")
    return see_other(page, issue_id=issue_id, done=notice)
