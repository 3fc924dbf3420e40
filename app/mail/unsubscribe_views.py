"""Unsubscribing by the link of a mail: a page that asks; a button or a mail program acts.

Mail scanners open links, so opening one changes nothing; and the link opens nothing else, so that
who gets a forwarded mail can end it but not change what its reader chose.
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.foundation.policy import allow, anyone, open_to_programs
from app.mail import actions
from app.mail.actions import Subscription
from app.mail.blueprint import blueprint
from app.mail.words import MAIL_ABOUT


@blueprint.get("/unsubscribe/<token>")
@allow(anyone)
def unsubscribe(token: str) -> ResponseReturnValue:
    return _page(actions.subscription_of(token), done=False)


@blueprint.post("/unsubscribe/<token>")
@allow(anyone)
@open_to_programs
def unsubscribe_now(token: str) -> ResponseReturnValue:
    """Act and answer with a page: RFC 8058 allows neither redirect nor cookie."""
    found = actions.subscription_of(token)
    if found is not None:
        one_click = request.form.get("List-Unsubscribe") == "One-Click"
        actions.unsubscribe(found, channel=actions.ONE_CLICK if one_click else actions.BY_LINK)
    return _page(found, done=True)


def _page(found: Subscription | None, *, done: bool) -> ResponseReturnValue:
    if found is None:
        return render_template("mail/unknown_link.html"), 404
    return render_template("mail/unsubscribe.html", about=MAIL_ABOUT[found.purpose], done=done)
