"""Pages on which staff send an issue, watch it, hold it, and read what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.policy import require_fresh
from app.digests import actions, audience, checks, expected, mails, queries, second_person
from app.digests.actions import Sending
from app.digests.blueprint import blueprint
from app.digests.forms import SendForm
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import find_or_404, see_other
from app.mail import queries as mail_queries
from app.mail import weekly_cap
from app.mail.progress import OVER

notices(
    digest_sent=_l("Your digest is on its way. You can close this page; it goes on without you."),
    digest_scheduled=_l("Scheduled. You can change the text or take it back until it starts."),
    digest_waits=_l("It waits for another member of staff. Until it starts, you can take it back."),
    digest_approved=_l("Approved. Thank you for the second pair of eyes."),
    digest_not_you=_l("Somebody else has to approve this digest: you sent it."),
    digest_taken_back=_l("Taken back. It is a draft again, and nobody got it."),
    digest_too_late=_l("It was too late for that: see how the digest stands now."),
    digest_paused=_l("Paused. Nothing more leaves until you go on."),
    digest_resumed=_l("It goes on."),
    digest_cancelled=_l("Cancelled. Nobody else will get it."),
    digest_tested=_l("Sent to you. Look into your inbox."),
    digest_no_test=_l("There was nothing to send: your own copy is empty, or you have no address."),
)


@blueprint.get("/staff/digests/<int:issue_id>/send")
@allow(staff)
def send(issue_id: int) -> ResponseReturnValue:
    require_fresh()
    issue = queries.issue(issue_id)
    if issue.mailing is not None:
        return see_other("digests.issue", issue_id=issue_id)
    return _send_page(issue, SendForm())


@blueprint.post("/staff/digests/<int:issue_id>/send")
@allow(staff)
def send_now(issue_id: int) -> ResponseReturnValue:
    require_fresh()
    issue = queries.issue(issue_id)
    form = SendForm()
    if issue.mailing is None and not (form.validate_on_submit() and _sent(issue, form)):
        return _send_page(issue, form), 422
    return see_other("digests.issue", issue_id=issue_id, done=_what_comes(issue))


@blueprint.get("/staff/digests/<int:issue_id>/check")
@allow(staff)
def check(issue_id: int) -> ResponseReturnValue:
    issue = queries.issue(issue_id)
    findings = [*checks.of(issue), *checks.spam_score(issue)]
    assassin = checks.has_assassin()
    return render_template("digests/checks.html", issue=issue, findings=findings, assassin=assassin)


def _what_comes(issue: Issue) -> str:
    """The notice after sending."""
    if issue.mailing is not None and queries.needs_second_person(issue.mailing):
        return "digest-waits"
    return "digest-scheduled" if issue.scheduled_on else "digest-sent"


def _sent(issue: Issue, form: SendForm) -> bool:
    """Hand it over, or put what speaks against it beside the field."""
    by_id = find_or_404(viewer.person_id)
    if checks.stops(checks.of(issue)):
        form.add_error("people", _("Mend what the checks found first."))
        return False
    with beside_fields(form):
        actions.send(issue.id, Sending(people=form.people.data, by_id=by_id, on=form.day()))
    return not form.errors


@contextmanager
def beside_fields(form: SendForm) -> Iterator[None]:
    """Put what speaks against sending beside the field that it is about."""
    try:
        yield
    except actions.WrongNumber as wrong:
        sentence = ngettext(
            "It is %(num)s person. Type that number if you mean it.",
            "It is %(num)s people. Type that number if you mean it.",
            wrong.people,
        )
        form.add_error("people", str(sentence))
    except actions.NobodyToSend:
        form.add_error("people", _("Nobody would get it now. Choose other readers, or wait."))
    except actions.NoSuchDay:
        form.add_error("on", _("Choose a day from today on, at most a year ahead."))


def _send_page(issue: Issue, form: SendForm) -> str:
    whom = audience.of(issue)
    count = audience.count(whom)
    large = second_person.is_many(count.people)
    return render_template(
        "digests/send.html",
        issue=issue,
        form=form,
        count=count,
        had_enough=weekly_cap.had_enough(audience.receivers(whom)),
        findings=checks.of(issue) if count.people else [],
        today=clock.today(),
        large=large,
        minutes=int(second_person.WAIT.total_seconds() // 60),
        end=expected.end_of(
            issue,
            count.people,
            find_or_404(viewer.person_id),
            wait=second_person.WAIT if large else timedelta(),
            good_for=actions.GOOD_FOR,
        ),
    )


@blueprint.post("/staff/digests/<int:issue_id>/test")
@allow(staff)
def test(issue_id: int) -> ResponseReturnValue:
    try:
        mails.send_test(queries.issue(issue_id), find_or_404(viewer.person_id))
    except mails.NothingToSend:
        return see_other("digests.issue", issue_id=issue_id, done="digest-no-test")
    return see_other("digests.issue", issue_id=issue_id, done="digest-tested")


@blueprint.post("/staff/digests/<int:issue_id>/approve")
@allow(staff)
def approve(issue_id: int) -> ResponseReturnValue:
    require_fresh()
    approve_as_viewer = partial(second_person.approve, by_id=find_or_404(viewer.person_id))
    try:
        return _after(issue_id, approve_as_viewer, "digest-approved")
    except second_person.OneAndTheSame:
        return see_other("digests.issue", issue_id=issue_id, done="digest-not-you")


@blueprint.get("/staff/digests/<int:issue_id>/take-back")
@allow(staff)
def take_back(issue_id: int) -> ResponseReturnValue:
    issue = queries.issue(issue_id)
    if issue.mailing is None or not queries.is_waiting(issue.mailing):
        return see_other("digests.issue", issue_id=issue_id)
    people = audience.count(audience.of(issue)).people
    return render_template("digests/take_back.html", issue=issue, people=people)


@blueprint.post("/staff/digests/<int:issue_id>/take-back")
@allow(staff)
def taken_back(issue_id: int) -> ResponseReturnValue:
    return _after(issue_id, actions.take_back, "digest-taken-back")


@blueprint.get("/staff/digests/<int:issue_id>/cancel")
@allow(staff)
def cancel(issue_id: int) -> ResponseReturnValue:
    issue = queries.issue(issue_id)
    if issue.mailing is None or issue.mailing.state in OVER:
        return see_other("digests.issue", issue_id=issue_id)
    standing = mail_queries.standing(issue.mailing)
    return render_template(
        "digests/cancel.html",
        subject=issue.subject,
        standing=standing,
        act=url_for("digests.cancelled", issue_id=issue_id),
        back=url_for("digests.issue", issue_id=issue_id),
    )


@blueprint.post("/staff/digests/<int:issue_id>/cancel")
@allow(staff)
def cancelled(issue_id: int) -> ResponseReturnValue:
    return _after(issue_id, actions.cancel_rest, "digest-cancelled")


@blueprint.post("/staff/digests/<int:issue_id>/pause")
@allow(staff)
def pause(issue_id: int) -> ResponseReturnValue:
    return _after(issue_id, actions.pause, "digest-paused")


@blueprint.post("/staff/digests/<int:issue_id>/resume")
@allow(staff)
def resume(issue_id: int) -> ResponseReturnValue:
    return _after(issue_id, actions.resume, "digest-resumed")


def _after(issue_id: int, act: Callable[[int], bool], done: str) -> ResponseReturnValue:
    """Do it and go back to the issue, or say that it was too late."""
    return see_other(
        "digests.issue", issue_id=issue_id, done=done if act(issue_id) else "digest-too-late"
    )
