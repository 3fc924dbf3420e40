"""Holding an event together: whom the organizers ask, and where those who are asked answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.events import co_hosts as holding
from app.events import queries, words
from app.events.blueprint import blueprint
from app.events.co_host_models import CoHost
from app.events.desk_views import event_or_404
from app.events.models import Event
from app.foundation import clock
from app.foundation.forms import Form, line, typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, signed_in, viewer
from app.foundation.web import find_or_404, see_other

LIST_IS_OPEN = timedelta(hours=4)
"""Then the names are closed until somebody asks for them again."""
notices(
    co_host_invited=_l("Asked. They have a mail with a link to answer."),
    co_host_removed=_l("You do not hold this event together any more."),
    co_host_late=_l("This event is over or called off; there is nothing to answer any more."),
    co_host_answered=_l("Thank you for your answer. The organizers are told by mail."),
)


class InviteForm(Form):
    """Whom to ask."""

    name = line(_l("Name of an alliance or organization"), most=120)


@blueprint.get("/desk/<alliance>/events/<int:event_id>/co-hosts")
@allow(coordinates)
def co_hosts(alliance: str, event_id: int) -> ResponseReturnValue:
    return _co_hosts_page(event_or_404(alliance, event_id), InviteForm())


@blueprint.post("/desk/<alliance>/events/<int:event_id>/co-hosts")
@allow(coordinates)
def invite_co_host(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    form = InviteForm()
    if not form.validate():
        return _co_hosts_page(event, form), 422
    try:
        holding.invite(event, typed(form.name), by=viewer.person_id)
    except holding.NoSuchHost:
        form.add_error("name", _("We know no alliance or organization of this name."))
        return _co_hosts_page(event, form), 422
    except holding.HoldsItAlready:
        form.add_error("name", _("They hold this event already."))
        return _co_hosts_page(event, form), 422
    except holding.TooLate:
        form.add_error("name", _("This event is over or called off."))
        return _co_hosts_page(event, form), 422
    except holding.NobodyAnswers:
        form.add_error("name", _("Nobody could answer for them here yet. Please talk to them."))
        return _co_hosts_page(event, form), 422
    return see_other(
        "events.co_hosts", alliance=alliance, event_id=event_id, done="co-host-invited"
    )


@blueprint.post("/desk/<alliance>/events/<int:event_id>/co-hosts/<int:co_host_id>/remove")
@allow(coordinates)
def remove_co_host(alliance: str, event_id: int, co_host_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    if not holding.take_back(event.id, co_host_id):
        abort(404)
    return see_other(
        "events.co_hosts", alliance=alliance, event_id=event_id, done="co-host-removed"
    )


def _co_hosts_page(event: Event, form: InviteForm) -> str:
    return render_template(
        "events/co_hosts.html",
        alliance=event.alliance,
        event=event,
        form=form,
        asked=holding.of_event(event.id),
        proposed=holding.proposed(event),
        is_open=holding.is_open(event),
        words=words,
    )


@blueprint.get("/co-hosting/<int:co_host_id>")
@allow(signed_in)
def co_host(co_host_id: int) -> ResponseReturnValue:
    """The invitation for whoever answers it; afterwards who comes of those who agreed to that."""
    asked, by = _mine_or_404(co_host_id)
    coming = holding.list_for(asked)
    since = clock.now() - LIST_IS_OPEN
    return render_template(
        "events/co_host.html",
        co_host=asked,
        event=asked.event,
        is_open=holding.is_open(asked.event),
        number=len(coming),
        coming=coming if queries.opened(by, asked.event_id, holding.OPENED, since) else (),
        words=words,
    )


@blueprint.post("/co-hosting/<int:co_host_id>/list")
@allow(signed_in)
def open_co_host_list(co_host_id: int) -> ResponseReturnValue:
    """Show the names, and note for each of them who looked."""
    asked, by = _mine_or_404(co_host_id)
    holding.open_list(asked, by=by)
    return see_other("events.co_host", co_host_id=co_host_id)


@blueprint.post("/co-hosting/<int:co_host_id>")
@allow(signed_in)
def answer_co_host(co_host_id: int) -> ResponseReturnValue:
    asked, by = _mine_or_404(co_host_id)
    answer: Any = request.form.get("answer")
    if answer not in ("yes", "no"):
        abort(400)
    done = "co-host-answered"
    try:
        holding.answer(asked, accept=answer == "yes", by=by)
    except holding.TooLate:
        done = "co-host-late"
    return see_other("events.co_host", co_host_id=co_host_id, done=done)


def _mine_or_404(co_host_id: int) -> tuple[CoHost, int]:
    """An invitation, and the viewer who answers for it; another's does not exist."""
    asked = find_or_404(holding.one(co_host_id))
    if viewer.person_id is None or not holding.may_answer(viewer.person_id, asked):
        abort(404)
    return asked, viewer.person_id
