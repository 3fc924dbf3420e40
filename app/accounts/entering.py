"""Opening a session for somebody who just proved who they are."""

from __future__ import annotations

from flask import make_response, redirect, request, url_for
from flask.wrappers import Response

from app.accounts import sessions
from app.foundation.policy import viewer
from app.foundation.web import safe_next
from app.people.models import Person


def enter(person: Person, next_url: str | None, *, done: str = "") -> Response:
    """A new session, never one that the browser brought along, and on to the next page."""
    if viewer.session_id is not None:
        sessions.end(viewer.session_id)
    goal = safe_next(next_url) or url_for("pages.me", done=done or None)
    response = make_response(redirect(goal, 303))
    sessions.give_cookie(response, sessions.start(person))
    return response


def client_address() -> str:
    """Where a request comes from; kept only as a keyed hash, for a day."""
    return request.remote_addr or ""
