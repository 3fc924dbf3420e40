"""Where mail providers call us; a signature stands in the place of a log-in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue

from app.foundation.later import later
from app.foundation.policy import allow, anyone, open_to_programs
from app.mail import calls, mailgun
from app.mail.blueprint import blueprint
from app.mail.calls import Event

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"

_events_of_sendgrid = later("app.mail.sendgrid:events")


@blueprint.post("/webhooks/mail/sendgrid")
@allow(anyone)
@open_to_programs
def sendgrid_calls() -> ResponseReturnValue:
    signed = request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, "")
    return _hear("SENDGRID_WEBHOOK_KEY", lambda key, body: _events_of_sendgrid(key, *signed, body))


@blueprint.post("/webhooks/mail/mailgun")
@allow(anyone)
@open_to_programs
def mailgun_calls() -> ResponseReturnValue:
    return _hear("MAILGUN_WEBHOOK_KEY", mailgun.events)


def _hear(setting: str, read: Callable[[str, bytes], Sequence[Event]]) -> ResponseReturnValue:
    """Take what a call tells; 404 without a key, 403 when forged, 400 for what cannot be read."""
    key = current_app.config[setting]
    if not key:
        abort(404)
    request.max_content_length = calls.LARGEST
    try:
        news = calls.take(read(key, request.get_data(cache=False)))
    except calls.Forged as forged:
        current_app.logger.warning("refused a call for %s: %s", setting, forged)
        abort(403)
    except calls.Nonsense as nonsense:
        current_app.logger.warning("could not read a call for %s: %s", setting, nonsense)
        abort(400)
    return {"news": news}
