"""Signed-in browsers: a secret in a cookie, its hash in a table, so that signing out is real.

Flask-Login asks `viewer_of` on each request; its own signed cookies are never used.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Request, current_app
from flask.wrappers import Response
from flask_login import LoginManager
from sqlalchemy import delete, or_, select

from app.accounts.models import LastSignIn, NationalRole, SignInSession
from app.foundation import clock, tokens
from app.foundation.db import db
from app.foundation.policy import Viewer
from app.people.models import Person, Standing

LIFETIME = timedelta(days=30)


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.anonymous_user = Viewer
    manager.session_protection = None
    manager.request_loader(viewer_of)


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host; browsers take it only under https."""
    return "__Host-session" if current_app.config["SECURE"] else "session"


def start(person: Person) -> str:
    """Open a session for a person and return the secret for their cookie."""
    secret = tokens.new()
    now = clock.now()
    db.merge(LastSignIn(person_id=person.id, at=now))
    db.add(
        SignInSession(
            secret_digest=tokens.digest(secret),
            person_id=person.id,
            created_at=now,
            expires_at=now + LIFETIME,
            fresh_at=now,
        )
    )
    return secret


def freshen(session_id: int) -> None:
    """Note that the person just proved again who they are."""
    session = db.get_one(SignInSession, session_id)
    session.fresh_at = clock.now()


def end(session_id: int) -> None:
    db.execute(delete(SignInSession).where(SignInSession.id == session_id))


def end_all(person_id: int, *, but: int | None = None) -> None:
    """Sign a person out everywhere, but for the session `but`."""
    ended = delete(SignInSession).where(SignInSession.person_id == person_id)
    db.execute(ended if but is None else ended.where(SignInSession.id != but))


def give_cookie(response: Response, secret: str) -> None:
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        secure=current_app.config["SECURE"],
        samesite="Lax",
        path="/",
    )


def take_cookie(response: Response) -> None:
    response.delete_cookie(
        cookie_name(),
        path="/",
        httponly=True,
        secure=current_app.config["SECURE"],
        samesite="Lax",
    )


def viewer_of(request: Request) -> Viewer | None:
    """Whoever the cookie of a request belongs to, with the roles they hold today."""
    secret = request.cookies.get(cookie_name())
    if not secret:
        return None
    today = clock.today()
    rows = db.execute(
        select(SignInSession, Person, NationalRole.role)
        .join(Person, Person.id == SignInSession.person_id)
        .outerjoin(
            NationalRole,
            (NationalRole.person_id == Person.id)
            & (NationalRole.since <= today)
            & or_(NationalRole.until.is_(None), NationalRole.until >= today),
        )
        .where(
            SignInSession.secret_digest == tokens.digest(secret),
            SignInSession.expires_at > clock.now(),
            Person.standing == Standing.ACTIVE,
        )
    ).all()
    if not rows:
        return None
    session, person, _ = rows[0]
    return Viewer(
        person_id=person.id,
        person_name=person.name,
        language=person.language,
        session_id=session.id,
        csrf_token=tokens.keyed_digest("csrf", secret),
        fresh_at=session.fresh_at,
        national_roles=frozenset(role.value for _, _, role in rows if role),
    )
