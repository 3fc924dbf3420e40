"""Passing an event on: paper to put up and hand out."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.events import share
from app.events.blueprint import blueprint
from app.events.models import Event, EventState
from app.events.public_views import seen_or_404
from app.foundation.documents import pdf_answer
from app.foundation.policy import allow, anyone


@blueprint.get("/events/<slug>/flyer.pdf")
@allow(anyone)
def flyer(slug: str) -> ResponseReturnValue:
    event = _published_or_404(slug)
    name = _("Flyer %(title)s", title=event.title)
    return pdf_answer(share.FLYER, share.printed(event, quarters=False), name)


@blueprint.get("/events/<slug>/quarter-sheets.pdf")
@allow(anyone)
def quarter_sheets(slug: str) -> ResponseReturnValue:
    event = _published_or_404(slug)
    name = _("Quarter sheets %(title)s", title=event.title)
    return pdf_answer(share.FLYER, share.printed(event, quarters=True), name)


def _published_or_404(slug: str) -> Event:
    event = seen_or_404(slug).event
    if event.state != EventState.PUBLISHED:
        abort(404)
    return event
