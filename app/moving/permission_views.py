"""Where people of an import say that we may write to them: a page that asks, a button that acts."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.foundation.policy import allow, anyone
from app.foundation.web import find_or_404
from app.moving import consents, mails
from app.moving.blueprint import blueprint


@blueprint.get("/permission/<token>")
@allow(anyone)
def permission(token: str) -> ResponseReturnValue:
    find_or_404(mails.person_of(token))
    return render_template("moving/permission.html", done=False)


@blueprint.post("/permission/<token>")
@allow(anyone)
def permitted(token: str) -> ResponseReturnValue:
    person = find_or_404(mails.person_of(token))
    if not consents.permit(person):
        abort(404)
    return render_template("moving/permission.html", done=True)
