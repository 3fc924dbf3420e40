"""The door for volunteers: a link without signing in, a list, and what their phones report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import (
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.events import door, words
from app.events.blueprint import blueprint
from app.events.door import DoorShut, Said
from app.events.door_models import DoorLink
from app.events.models import Event
from app.foundation import clock, tokens
from app.foundation.policy import allow, anyone, open_to_programs
from app.foundation.web import find_or_404

BLANK = door.Guest(key="", name="", seats=1, code="", no_photo=False, waits=False, here=0)
"""The pattern after which the page's script makes its rows."""
SHOWN = 30
"""How many of the list a page shows at once; the others are found by typing."""


@blueprint.get("/door/<token>/")
@allow(anyone)
def door_page(token: str) -> ResponseReturnValue:
    """The list: it works without scripts, and with them also without a network."""
    link, event = _opened_or_404(token)
    try:
        door.check_open(link, event)
    except DoorShut as shut:
        return _shut_page(token, event, shut)
    response = make_response(_list_page(token, event, request.args.get("q", "")))
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    response.headers["Cache-Control"] = "no-store"
    return response


def _list_page(token: str, event: Event, query: str) -> str:
    everybody = door.guests(event)
    matches = door.found(everybody, query) if query.strip() else everybody
    return render_template(
        "events/door.html",
        event=event,
        token=token,
        query=query,
        shown=[guest for guest in matches if guest.name or query][:SHOWN],
        more=max(0, len(matches) - SHOWN),
        count=door.count(event.id),
        walk_ins=door.walk_ins(event.id),
        walk_in_key=tokens.digest(tokens.new())[:20],
        blank=BLANK,
        until=int(door.hours(event)[1].timestamp() * 1000),
        words=words,
    )


@blueprint.post("/door/<token>/")
@allow(anyone)
def door_tap(token: str) -> ResponseReturnValue:
    """One party, by a form."""
    link, event = _opened_or_404(token)
    try:
        door.check_open(link, event)
    except DoorShut as shut:
        return _shut_page(token, event, shut)
    entries, _done = door.said({"said": [_typed()]}, clock.now())
    door.record(event, link, entries)
    return redirect(url_for("events.door_page", token=token, q=request.form.get("q", "")), 303)


def _typed() -> dict[str, Any]:
    people = (request.form.getlist("people") or [""])[-1]  # of the button, where it has one
    key = request.form.get("key", "")
    number = int(people) if people.isdecimal() and len(people) < 3 else -1
    name, no_photo = request.form.get("name", ""), "no_photo" in request.form
    return {"key": key, "people": number, "ago": 0, "name": name, "no_photo": no_photo}


@blueprint.get("/door/<token>/list.json")
@allow(anyone)
def door_list(token: str) -> ResponseReturnValue:
    """Everything that a phone needs for going on by itself."""
    link, event = _opened_or_404(token)
    try:
        door.check_open(link, event)
    except DoorShut as shut:
        return jsonify(shut=shut.why), 410
    answer = jsonify(guests=[asdict(guest) for guest in door.guests(event)], **_state(event, None))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/door/<token>/said")
@allow(anyone)
@open_to_programs
def door_said(token: str) -> ResponseReturnValue:
    """What a phone says, as often as it likes; and what the others said meanwhile."""
    link, event = _opened_or_404(token)
    sent = _sent()
    entries, done = door.said(sent, clock.now())
    try:
        door.check_open(link, event)
    except DoorShut as shut:
        return _afterwards(link, event, shut, entries, done)
    door.record(event, link, entries)
    return jsonify(done=done, **_state(event, _since(sent)))


def _afterwards(
    link: DoorLink, event: Event, shut: DoorShut, entries: Sequence[Said], done: Sequence[str]
) -> ResponseReturnValue:
    """A phone that found a network only after the day is heard, but is not told any more."""
    if shut.why != "over":
        return jsonify(shut=shut.why), 410
    opens, shuts = door.hours(event)
    door.record(event, link, [entry for entry in entries if opens <= entry.at <= shuts])
    return jsonify(done=done, shut=shut.why)


def _sent() -> object:
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _state(event: Event, since: datetime | None) -> dict[str, Any]:
    now = int(clock.now().timestamp() * 1000)
    count = door.count(event.id)
    return {
        "changes": door.changes(event.id, since),
        "here": count.here,
        "expected": count.expected,
        "now": now,
    }


def _since(sent: object) -> datetime | None:
    """The moment that an earlier answer named."""
    raw = sent.get("since") if isinstance(sent, dict) else None
    if not isinstance(raw, int) or not 0 < raw < 10**14:
        return None
    return datetime.fromtimestamp(raw / 1000, UTC)


@blueprint.get("/door/worker.js")
@allow(anyone)
def door_worker() -> Response:
    """The service worker of all doors: it may only serve what lies beside it."""
    script = Path(current_app.root_path, "static", "door-worker.js").read_text()
    response = current_app.response_class(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _opened_or_404(token: str) -> tuple[DoorLink, Event]:
    return find_or_404(door.opened(token))


def _shut_page(token: str, event: Event, shut: DoorShut) -> ResponseReturnValue:
    page = render_template(
        "events/door_shut.html", event=event, token=token, why=shut.why, words=words
    )
    return page, 403
