"""Passing an event on, on paper and in chats; and the code that a guest shows at the door."""

from __future__ import annotations

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.events import door, mails, queries, share, words
from app.events.blueprint import blueprint
from app.events.models import Event, EventState, SignUpState
from app.events.public_views import seen_or_404
from app.foundation import lettering, qr, tokens
from app.foundation.documents import pdf_answer
from app.foundation.policy import allow, anyone
from app.foundation.web import find_or_404


@blueprint.get("/events/<slug>/flyer.pdf")
@allow(anyone)
def flyer(slug: str) -> ResponseReturnValue:
    event = _published_or_404(slug)
    name = _("Flyer %(title)s", title=words.title(event))
    return pdf_answer(share.FLYER, share.printed(event, quarters=False), name)


@blueprint.get("/events/<slug>/quarter-sheets.pdf")
@allow(anyone)
def quarter_sheets(slug: str) -> ResponseReturnValue:
    event = _published_or_404(slug)
    name = _("Quarter sheets %(title)s", title=words.title(event))
    return pdf_answer(share.FLYER, share.printed(event, quarters=True), name)


@blueprint.get("/events/<slug>/share")
@allow(anyone)
def share_page(slug: str) -> ResponseReturnValue:
    event = _published_or_404(slug)
    return render_template(
        "events/share.html",
        event=event,
        link=share.link(event),
        text=share.chat_text(event),
        sms=share.sms_url(event),
        code=qr.svg(share.link(event), _("Code that leads to this event")),
        lacking=lettering.lacking(share.on_paper(event)),
        words=words,
    )


@blueprint.get("/events/<slug>/picture.png")
@allow(anyone)
def picture(slug: str) -> ResponseReturnValue:
    response = current_app.response_class(
        share.picture(_published_or_404(slug)), mimetype="image/png"
    )
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/events/seats/<token>")
@allow(anyone)
def seat(token: str) -> ResponseReturnValue:
    """The code of a sign-up, to be shown at the door."""
    ids = tokens.read(mails.SEAT, token)
    own = queries.sign_up(ids[0]) if ids and len(ids) == 1 else None
    own = find_or_404(own if own and own.state == SignUpState.CONFIRMED else None)
    code = door.code(own.id)
    return render_template(
        "events/seat.html",
        event=own.event,
        own=own,
        code=code,
        picture=qr.svg(code, code),
        words=words,
    )


def _published_or_404(slug: str) -> Event:
    event = seen_or_404(slug).event
    if event.state != EventState.PUBLISHED:
        abort(404)
    return event
