"""Pages for what goes wrong: a plain sentence, what to do next, and the request's id."""

from __future__ import annotations

from flask import Flask, current_app, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError, Unauthorized

from app.foundation.edge import Conflict
from app.foundation.limits import TooMany
from app.foundation.mishaps import is_full
from app.foundation.presses import Busy
from app.foundation.unsent import unsent
from app.foundation.web import WithoutToken


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(StaleDataError, _conflict)
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(DBAPIError, _fault)
    app.register_error_handler(Exception, _fault)


def sentences(code: int) -> tuple[str, str]:
    """What happened and what to do next, for an HTTP status."""
    return {
        400: (_("We could not read that request."), _("Go back and try again.")),
        401: (_("Please sign in first."), _("Sign in, then try again.")),
        403: (
            _("You may not do that here."),
            _("If your page was open for a long time, go back, reload it and try again."),
        ),
        404: (_("There is no such page."), _("It may have moved, or the address has a typo.")),
        405: (_("That does not work this way."), _("Go back and use the buttons on the page.")),
        409: (
            _("Somebody else changed this just now."),
            _("Go back, reload the page, and make your change again."),
        ),
        413: (
            _("That is too much at once."),
            _("Go back, where it is still as you typed it. Shorten it or choose a smaller file."),
        ),
        429: (_("That was too many tries."), _("Wait a few minutes, then try again.")),
        503: (_("We cannot reach our records right now."), _("Please try again in a minute.")),
    }.get(code) or (
        (_("Something went wrong on our side."), _("Nothing was saved. Please try again."))
        if code >= 500
        else (_("That did not work."), _("Go back and try again."))
    )


def page(code: int, said: tuple[str, str] | None = None, *, again: bool = False) -> tuple[str, int]:
    """The page of an error with what was typed; `again` offers to send that once more."""
    kept = unsent(helps=again)
    title, advice = said or (_to_go_on(code) if kept and kept.may_go_again else sentences(code))
    body = render_template(
        "errors/error.html",
        code=code,
        title=title,
        advice=advice,
        request_id=g.get("request_id", ""),
        unsent=kept,
    )
    return body, code


def _to_go_on(code: int) -> tuple[str, str]:
    """What to do with a form that waits to be sent again."""
    if code == 401:
        return (
            _("You are not signed in any more."),
            _("Nothing is lost. Sign in in a new tab, then come back to this one and go on."),
        )
    return (
        _("This page was open for a long time."),
        _("Nothing is lost, and nothing is saved yet. Send it again if you still mean it."),
    )


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, SecurityError):  # a host that is not ours: no page can be made for it
        return " ".join(sentences(400)), 400, {"Content-Type": "text/plain; charset=utf-8"}
    if error.code is None or error.code < 400:
        return error.get_response()
    return page(error.code, again=isinstance(error, Unauthorized | WithoutToken))


def _conflict(error: Exception) -> ResponseReturnValue:
    current_app.logger.info("conflict: %s", error)
    return page(409)


def _too_many(error: TooMany) -> ResponseReturnValue:
    body, code = page(429)
    return body, code, {"Retry-After": str(int(error.wait.total_seconds()) + 1)}


def _busy(_error: Busy) -> ResponseReturnValue:
    said = (
        _("Others are having documents made just now."),
        _("Please try again in a few seconds."),
    )
    body, code = page(503, said)
    return body, code, {"Retry-After": "5"}


def _database_away(error: OperationalError) -> ResponseReturnValue:
    current_app.logger.error("database away: %s", error.orig)
    return page(503, _no_room() if is_full(error) else None)


def _no_room() -> tuple[str, str]:
    return (
        _("The disk of this site is full."),
        _("Nothing of what you sent was kept. Tell whoever runs it; then send it again."),
    )


def _fault(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("fault", exc_info=error)
    return page(500)
