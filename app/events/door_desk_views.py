"""The organizers' side of the door: links for volunteers, who is in, and what is printed for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.audit import audit
from app.alliances.policy import coordinates
from app.events import door, door_prints, words
from app.events.blueprint import blueprint
from app.events.desk_views import event_or_404
from app.events.door_models import DoorLink
from app.events.models import Event
from app.foundation import language, lettering, links, qr
from app.foundation.documents import pdf_answer
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other

notices(
    door_opened=_l("Here is a new link for your volunteers."),
    door_shut=_l("That link does not work any more."),
)


@blueprint.get("/desk/<alliance>/events/<int:event_id>/door")
@allow(coordinates)
def door_desk(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    _opens, shuts = door.hours(event)
    return render_template(
        "events/door_desk.html",
        alliance=event.alliance,
        event=event,
        count=door.count(event.id),
        links=[_shown(link) for link in door.links_of(event.id)],
        shuts=words.shutting(event, shuts),
        lacking=lettering.lacking(_on_paper(event)),
        words=words,
    )


def _on_paper(event: Event) -> Sequence[str]:
    return [words.title(event), *(name for guest in door.guests(event) for name in guest.names)]


def _shown(link: DoorLink) -> dict[str, Any]:
    spoken, token = language.current(), door.token_of(link)
    url = links.absolute("events.door_page", language=spoken, token=token)
    return {"id": link.id, "url": url, "code": qr.svg(url, _("Code that leads to the door's list"))}


@blueprint.post("/desk/<alliance>/events/<int:event_id>/door")
@allow(coordinates)
def open_door(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    door.new_link(event, viewer.person_id)
    audit("events", "door opened", event.id)
    return see_other("events.door_desk", alliance=alliance, event_id=event_id, done="door-opened")


@blueprint.post("/desk/<alliance>/events/<int:event_id>/door/<int:link_id>/revoke")
@allow(coordinates)
def revoke_door(alliance: str, event_id: int, link_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    find_or_404(door.revoke(event.id, link_id) or None)
    audit("events", "door shut", event.id)
    return see_other("events.door_desk", alliance=alliance, event_id=event_id, done="door-shut")


@blueprint.post("/desk/<alliance>/events/<int:event_id>/door/print/<what>")
@allow(coordinates)
def print_for_door(alliance: str, event_id: int, what: str) -> ResponseReturnValue:
    """A list, slips or badges with first names and initials; that they were made is noted."""
    event = event_or_404(alliance, event_id)
    template = find_or_404(door_prints.TEMPLATES.get(what))
    audit("events", "door printed", event.id, what=what)
    values = door_prints.values(event, door.guests(event))
    return pdf_answer(template, values, f"{what} {words.title(event)}")
