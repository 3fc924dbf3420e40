"""A to-do by the link of its mail: the page asks, its buttons act, nobody signs in.

The link opens one to-do, as long as it is open and this person's, and shows no other name.
"""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.foundation import clock
from app.foundation.policy import allow, anyone
from app.work import actions, links, queries, registry, words
from app.work.blueprint import blueprint
from app.work.models import ToDo


@blueprint.get("/to-dos/<token>")
@allow(anyone)
def by_link(token: str) -> ResponseReturnValue:
    found = _owned(token, lock=False)
    if found is None:
        return render_template("work/not_yours.html"), 410
    about, today = registry.about_of(found), clock.today(found.alliance.time_zone)
    return render_template(
        "work/by_link.html",
        to_do=found,
        title=registry.title_of(found),
        about=about,
        today=today,
        later=words.later(found, about, today),
        words=words,
        token=token,
    )


@blueprint.post("/to-dos/<token>/done")
@allow(anyone)
def finish_by_link(token: str) -> ResponseReturnValue:
    found = _owned(token, lock=True)
    if found is not None:
        actions.finish(found)
    return _answered("to-do-done")


@blueprint.post("/to-dos/<token>/later")
@allow(anyone)
def put_off_by_link(token: str) -> ResponseReturnValue:
    found = _owned(token, lock=True)
    if found is not None:
        today = clock.today(found.alliance.time_zone)
        actions.put_off(found, today, registry.day_of(found))
    return redirect(url_for("work.by_link", token=token, done="to-do-later"), 303)


@blueprint.post("/to-dos/<token>/back")
@allow(anyone)
def give_back_by_link(token: str) -> ResponseReturnValue:
    found = _owned(token, lock=True)
    if found is not None:
        actions.give_back(found)
    return _answered("to-do-given-back")


def _owned(token: str, *, lock: bool) -> ToDo | None:
    ids = links.read(token)
    return queries.owned(*ids, lock=lock) if ids else None


def _answered(done: str) -> ResponseReturnValue:
    return redirect(url_for("pages.home", done=done), 303)
