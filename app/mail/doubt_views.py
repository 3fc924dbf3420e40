"""Where staff see what may have arrived twice, and decide that it is not sent again."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.foundation import tables, text
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff
from app.foundation.tables import Column, Listing
from app.foundation.web import find_or_404, see_other
from app.mail import doubts, words
from app.mail.blueprint import blueprint
from app.mail.forms import DoubtFilters
from app.mail.models import Mailing

notices(
    mail_left=_l("It stays as it is and does not go again."),
    mail_all_left=_l("Nothing of it goes again that may have arrived."),
    mail_goes_again=_l("From now on, what may have arrived goes again by itself."),
    mail_gone=_l("Too late: it has gone again already."),
)


def _chosen(query: Any, form: DoubtFilters) -> Any:
    if form.mailing.data:
        query = query.where(doubts.DOUBT.mailing_id == form.mailing.data)
    return query.where(doubts.DOUBT.state == form.state.data) if form.state.data else query


def _address(row: Any) -> str:
    return text.mask_email(row.email) if row.email else str(_("No address any more"))


TWICE: Listing[Any] = Listing(
    name="twice",
    columns=(
        Column("address", _l("Address"), _address),
        Column("title", _l("Mail"), lambda row: row.title, doubts.DOUBT.title),
        Column("state", _l("State"), lambda row: words.DOUBTS[row.state], doubts.DOUBT.state),
        Column("at", _l("When"), lambda row: row.at, doubts.DOUBT.at),
        Column("act", _l("Decide"), lambda row: ""),
    ),
    sort="at",
    descending=True,
    tie_break=doubts.DOUBT.number,
    filters=DoubtFilters,
    apply=_chosen,
)


@blueprint.get("/staff/mail/twice")
@allow(staff)
def twice() -> ResponseReturnValue:
    page = tables.page_of(TWICE, doubts.listed(), scalars=False)
    return render_template("mail/twice.html", page=page, words=words)


@blueprint.post("/staff/mail/<int:mailing_id>/copies/<int:person_id>/leave")
@allow(staff)
def leave_copy(mailing_id: int, person_id: int) -> ResponseReturnValue:
    left = doubts.leave(mailing_id, person_id)
    return see_other("mail.twice", mailing=mailing_id, done="mail-left" if left else "mail-gone")


@blueprint.post("/staff/mail/letters/<int:message_id>/leave")
@allow(staff)
def leave_letter(message_id: int) -> ResponseReturnValue:
    left = doubts.leave_letter(message_id)
    return see_other("mail.twice", done="mail-left" if left else "mail-gone")


@blueprint.get("/staff/mail/<int:mailing_id>/leave")
@allow(staff)
def leave(mailing_id: int) -> ResponseReturnValue:
    found = find_or_404(db.get(Mailing, mailing_id))
    return render_template("mail/leave.html", mailing=found, undecided=doubts.undecided(found))


@blueprint.post("/staff/mail/<int:mailing_id>/leave")
@allow(staff)
def left(mailing_id: int) -> ResponseReturnValue:
    doubts.leave_all(find_or_404(db.get(Mailing, mailing_id)))
    return see_other("mail.mailing", mailing_id=mailing_id, done="mail-all-left")


@blueprint.post("/staff/mail/<int:mailing_id>/send-by-itself")
@allow(staff)
def send_by_itself(mailing_id: int) -> ResponseReturnValue:
    doubts.send_by_itself(find_or_404(db.get(Mailing, mailing_id)))
    return see_other("mail.mailing", mailing_id=mailing_id, done="mail-goes-again")
