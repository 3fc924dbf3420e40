"""Signed-in browsers: a secret in a cookie, its hash in a table, so that signing out is real.

Flask-Login asks `viewer_of` on each request; its own signed cookies are never used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from flask import Flask, Request, current_app
from flask.wrappers import Response
from flask_login import LoginManager
from sqlalchemy import Date, Select, bindparam, delete, or_, select

from app.accounts.models import LastSignIn, NationalRole, SignInSession
from app.foundation import clock, tokens
from app.foundation.db import built_once, db
from app.foundation.policy import LedAlliance, Viewer
from app.people.models import Person, Standing

LIFETIME = timedelta(days=30)


def init_app(app: Flask) -> None:
    manager = LoginManager(app, add_context_processor=False)
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
    """Whoever the cookie of a request belongs to, with what they lead and hold today."""
    secret = request.cookies.get(cookie_name())
    if not secret:
        return None
    rows = db.execute(
        _with_all_roles(),
        {"secret": tokens.digest(secret), "now": clock.now(), "today": clock.today()},
    ).all()
    if not rows:
        return None
    session, person = rows[0][:2]
    return Viewer(
        person_id=person.id,
        person_name=person.name,
        language=person.language,
        session_id=session.id,
        csrf_token=tokens.keyed_digest("csrf", secret),
        fresh_at=session.fresh_at,
        national_roles=frozenset(row.role.value for row in rows if row.role),
        alliances_led=_each_once(LedAlliance(*row[3:]) for row in rows if row[3] is not None),
    )


@built_once
def _with_all_roles() -> Select[Any]:
    """The session of a `secret`, its person and what they hold `today`, in one statement.

    A row for each pair of a national role and an alliance; the domain of alliances adds the latter.
    """
    today = bindparam("today", type_=Date())
    query = (
        select(SignInSession, Person, NationalRole.role)
        .join(Person, Person.id == SignInSession.person_id)
        .outerjoin(
            NationalRole,
            (NationalRole.person_id == Person.id)
            & (NationalRole.since <= today)
            & or_(NationalRole.until.is_(None), NationalRole.until >= today),
        )
        .where(
            SignInSession.secret_digest == bindparam("secret"),
            SignInSession.expires_at > bindparam("now", type_=SignInSession.expires_at.type),
            Person.standing == Standing.ACTIVE,
        )
    )
    with_alliances: Callable[..., Select[Any]] = current_app.extensions["with_alliances_led"]
    return with_alliances(query, Person.id, today)


def _each_once(led: Iterable[LedAlliance]) -> Sequence[LedAlliance]:
    return tuple(dict.fromkeys(led))
