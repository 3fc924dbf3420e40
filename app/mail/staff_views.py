"""Staff watch all mail: what goes out, what waits, what failed, and whom we must not e-mail."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.foundation.policy import allow, staff
from app.foundation.tables import csv_of, page_of
from app.mail import overview as mail
from app.mail import words
from app.mail.blueprint import blueprint


@blueprint.get("/staff/mail")
@allow(staff)
def overview() -> ResponseReturnValue:
    return render_template(
        "mail/overview.html",
        overview=mail.overview(),
        page=page_of(mail.MAILINGS, mail.mailings()),
        words=words,
    )


@blueprint.get("/staff/mail/do-not-email")
@allow(staff)
def suppressed() -> ResponseReturnValue:
    if request.args.get("format") == "csv":
        return csv_of(mail.SUPPRESSED, mail.suppressed())
    page = page_of(mail.SUPPRESSED, mail.suppressed(), export=True)
    return render_template("mail/suppressed.html", page=page)
