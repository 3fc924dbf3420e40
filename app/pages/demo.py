"""The demo's mailbox: every mail the program sent, as its reader sees it. Demo mode only."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.foundation.policy import allow, demo_only
from app.foundation.web import find_or_404
from app.mail import maildir
from app.pages.blueprint import blueprint

SHOWN = 100
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-top-navigation-by-user-activation"
)


@blueprint.get("/demo/mail")
@allow(demo_only)
def demo_mail() -> ResponseReturnValue:
    recipient = request.args.get("to", "").strip() or None
    messages = maildir.list_messages(_folder(), recipient, SHOWN)
    return render_template("pages/demo_mail.html", messages=messages, recipient=recipient or "")


@blueprint.get("/demo/mail/<name>")
@allow(demo_only)
def demo_message(name: str) -> ResponseReturnValue:
    return render_template("pages/demo_message.html", message=find_or_404(_read(name)))


@blueprint.get("/demo/mail/<name>/html")
@allow(demo_only)
def demo_message_html(name: str) -> Response:
    """The HTML part alone, for the frame of the page above."""
    html = f'<base target="_top">{find_or_404(_read(name)).html}'
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def _folder() -> Path:
    return Path(str(current_app.config["SMTP_URL"]).removeprefix("maildir://"))


def _read(name: str) -> maildir.StoredMessage | None:
    try:
        return maildir.read_message(_folder(), name)
    except maildir.NoSuchMessage:
        return None
