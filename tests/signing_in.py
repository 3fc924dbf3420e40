"""Signing in without the sign-in pages, and posting with the token that signed-in forms carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.accounts import sessions
from app.accounts.models import SignInSession
from app.foundation import clock, tokens
from app.foundation.db import db
from app.people.models import Person


def sign_in(client: FlaskClient, person: Person, *, fresh: bool = True) -> None:
    """Give the client a session of the person; without `fresh` it was opened two hours ago."""
    secret = sessions.start(person)
    db.flush()
    if not fresh:
        db.execute(
            update(SignInSession)
            .where(SignInSession.secret_digest == tokens.digest(secret))
            .values(fresh_at=clock.now() - timedelta(hours=2))
        )
    client.set_cookie(sessions.cookie_name(), secret)


def sign_out(client: FlaskClient) -> None:
    """Make the client a visitor again."""
    client.delete_cookie(sessions.cookie_name())


def csrf_token(client: FlaskClient) -> str:
    """What the hidden field of this client's forms holds; empty for a visitor."""
    cookie = client.get_cookie(sessions.cookie_name())
    return tokens.keyed_digest("csrf", cookie.value) if cookie else ""


def post(
    client: FlaskClient,
    url: str,
    data: Mapping[str, Any] | None = None,
    person: Person | None = None,
    **more: Any,
) -> TestResponse:
    """Post a form as the client's person, or as `person`, who is signed in first."""
    if person is not None:
        sign_in(client, person)
    token = csrf_token(client)
    fields = {**(data or {}), **({"csrf_token": token} if token else {})}
    return client.post(url, data=fields, **more)
