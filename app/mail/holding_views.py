"""Where staff hold all mail, and let it leave again."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import see_other
from app.mail import holding
from app.mail.blueprint import blueprint
from app.mail.models import HoldReason

notices(
    mail_held=_l("All mail is held. Nothing leaves until somebody lets it."),
    mail_released=_l("Mail leaves again."),
    mail_still_held=_l("Mail is still held: the backup is not completely restored yet."),
)


@blueprint.get("/staff/mail/hold")
@allow(staff)
def hold() -> ResponseReturnValue:
    return render_template("mail/hold.html", hold=holding.current())


@blueprint.post("/staff/mail/hold")
@allow(staff)
def held() -> ResponseReturnValue:
    holding.hold(db.connection(), HoldReason.STAFF, viewer.person_id)
    return see_other("mail.overview", done="mail-held")


@blueprint.post("/staff/mail/release")
@allow(staff)
def released() -> ResponseReturnValue:
    done = "mail-released" if holding.release() else "mail-still-held"
    return see_other("mail.overview", done=done)
