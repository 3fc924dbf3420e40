"""Where national staff see the mail that goes out, hold it, and see what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.foundation import signals, tables
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff
from app.foundation.tables import Column, Listing
from app.foundation.web import find_or_404, see_other
from app.mail import doubts, holding, mailings, queries, words
from app.mail import overview as all_mail
from app.mail.blueprint import blueprint
from app.mail.forms import MailingFilters
from app.mail.models import Mailing
from app.mail.progress import OVER, polled, progress

notices(
    mail_paused=_l("Paused. Nothing more leaves until you go on."),
    mail_resumed=_l("It goes on."),
    mail_cancelled=_l("Cancelled. Nobody else will get it."),
    mail_too_late=_l("It was too late for that: see how it stands now."),
)


def _in_state(query: Any, form: MailingFilters) -> Any:
    return query.where(Mailing.state == form.state.data) if form.state.data else query


MAILINGS: Listing[Mailing] = Listing(
    name="mailings",
    columns=(
        Column("title", _l("Title"), lambda row: row.title, Mailing.title),
        Column("about", _l("About"), lambda row: words.PURPOSES[row.purpose], Mailing.purpose),
        Column("state", _l("State"), lambda row: words.MAILING_STATES[row.state], Mailing.state),
        Column("due", _l("Due"), lambda row: row.due_at, Mailing.due_at),
    ),
    sort="due",
    descending=True,
    tie_break=Mailing.id,
    filters=MailingFilters,
    apply=_in_state,
)


@blueprint.get("/staff/mail")
@allow(staff)
def overview() -> ResponseReturnValue:
    return render_template(
        "mail/overview.html",
        page=tables.page_of(MAILINGS, queries.mailings()),
        flow=all_mail.flow(),
        health=queries.health(),
        hold=holding.current(),
        providers=all_mail.by_provider(),
        failures=all_mail.failures(),
        warm_up=all_mail.warming_up(),
        words=words,
    )


@blueprint.get("/staff/mail/flow.json")
@allow(staff)
def flow() -> ResponseReturnValue:
    return jsonify(all_mail.flow().as_json())


@blueprint.get("/staff/mail/<int:mailing_id>")
@allow(staff)
def mailing(mailing_id: int) -> ResponseReturnValue:
    found = _found(mailing_id)
    shown = progress(found)
    return render_template(
        "mail/mailing.html",
        mailing=found,
        progress=shown,
        undecided=doubts.undecided(found),
        words=words,
    )


@blueprint.get("/staff/mail/<int:mailing_id>/progress.json", endpoint="progress")
@allow(staff)
def progress_json(mailing_id: int) -> ResponseReturnValue:
    return jsonify(polled(_found(mailing_id)).as_json())


@blueprint.post("/staff/mail/<int:mailing_id>/pause")
@allow(staff)
def pause(mailing_id: int) -> ResponseReturnValue:
    return _steer(mailing_id, mailings.pause, "mail-paused")


@blueprint.post("/staff/mail/<int:mailing_id>/resume")
@allow(staff)
def resume(mailing_id: int) -> ResponseReturnValue:
    return _steer(mailing_id, mailings.resume, "mail-resumed")


@blueprint.get("/staff/mail/<int:mailing_id>/cancel")
@allow(staff)
def cancel(mailing_id: int) -> ResponseReturnValue:
    found = _found(mailing_id)
    if found.state in OVER:
        return see_other("mail.mailing", mailing_id=mailing_id)
    standing = queries.standing(found)
    return render_template("mail/cancel.html", mailing=found, standing=standing)


@blueprint.post("/staff/mail/<int:mailing_id>/cancel")
@allow(staff)
def cancelled(mailing_id: int) -> ResponseReturnValue:
    return _steer(mailing_id, mailings.cancel, "mail-cancelled")


def _found(mailing_id: int) -> Mailing:
    return find_or_404(db.get(Mailing, mailing_id))


def _steer(mailing_id: int, act: Callable[[Mailing], bool], done: str) -> ResponseReturnValue:
    """Do it and show the mailing, or say that it was too late."""
    acted = act(_found(mailing_id))
    if acted:
        signals.staff_acted.send("mail", action=act.__name__, object_id=mailing_id)
    return see_other("mail.mailing", mailing_id=mailing_id, done=done if acted else "mail-too-late")
