"""The to-dos of an alliance at its desk: the list, one of them, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances import queries as alliances
from app.alliances.naming import name_at_desk
from app.alliances.policy import coordinates
from app.foundation import clock
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.tables import csv_of, page_of
from app.foundation.web import find_or_404, safe_next, see_other
from app.work import actions, queries, registry, words
from app.work.blueprint import blueprint
from app.work.forms import ToDoForm
from app.work.lists import TO_DOS
from app.work.models import ToDo

notices(
    to_do_saved=_l("Saved."),
    to_do_done=_l("Done. Thank you!"),
    to_do_open=_l("It is to do again."),
    to_do_later=_l("Put off."),
    to_do_given_back=_l("Thank you for saying so. The coordinators will find somebody else."),
    to_do_dropped=_l("Left out. It stays in the plan, so that you can take it up again."),
)


@blueprint.get("/desk/<alliance>/to-dos")
@allow(coordinates)
def listing(alliance: str) -> ResponseReturnValue:
    found = find_or_404(alliances.by_slug(alliance))
    query = queries.of_alliance(found.id)
    if request.args.get("format") == "csv":
        return csv_of(TO_DOS, query)
    page = page_of(TO_DOS, query, export=True)
    return render_template(
        "work/listing.html",
        alliance=found,
        page=page,
        abouts=registry.abouts(page.rows),
        today=clock.today(found.time_zone),
        words=words,
        title_of=registry.title_of,
    )


@blueprint.get("/desk/<alliance>/to-dos/<int:number>")
@allow(coordinates)
def to_do(alliance: str, number: int) -> ResponseReturnValue:
    found = _found(alliance, number)
    return _page(found, _form(found))


@blueprint.post("/desk/<alliance>/to-dos/<int:number>")
@allow(coordinates)
def change(alliance: str, number: int) -> ResponseReturnValue:
    found = _found(alliance, number, lock=True)
    form = _form(found)
    if not form.validate_on_submit():
        return _page(found, form), 422
    actions.change(found, due_on=form.day(), owner_id=form.owner_id(), title=form.title.data or "")
    return see_other("work.to_do", alliance=alliance, number=number, done="to-do-saved")


@blueprint.post("/desk/<alliance>/to-dos/<int:number>/done")
@allow(coordinates)
def finish(alliance: str, number: int) -> ResponseReturnValue:
    return _act(alliance, number, actions.finish, "to-do-done")


@blueprint.post("/desk/<alliance>/to-dos/<int:number>/open")
@allow(coordinates)
def reopen(alliance: str, number: int) -> ResponseReturnValue:
    return _act(alliance, number, actions.reopen, "to-do-open")


@blueprint.post("/desk/<alliance>/to-dos/<int:number>/later")
@allow(coordinates)
def put_off(alliance: str, number: int) -> ResponseReturnValue:
    return _act(alliance, number, _later, "to-do-later")


@blueprint.post("/desk/<alliance>/to-dos/<int:number>/drop")
@allow(coordinates)
def drop(alliance: str, number: int) -> ResponseReturnValue:
    return _act(alliance, number, actions.drop, "to-do-dropped")


def _act(alliance: str, number: int, act: Callable[[ToDo], None], done: str) -> ResponseReturnValue:
    act(_found(alliance, number, lock=True))
    here = url_for("work.to_do", alliance=alliance, number=number)
    goal = (safe_next(request.form.get("next")) or here).partition("?")[0]
    return redirect(f"{goal}?done={done}", 303)


def _later(found: ToDo) -> None:
    actions.put_off(found, _today(found), registry.day_of(found))


def _found(alliance: str, number: int, *, lock: bool = False) -> ToDo:
    return find_or_404(queries.to_do(alliance, number, lock=lock))


def _today(found: ToDo) -> date:
    return clock.today(found.alliance.time_zone)


def _form(found: ToDo) -> ToDoForm:
    """The form of a to-do; the words of a plan's step stay the plan's."""
    form = ToDoForm(
        title=registry.title_of(found), due_on=found.due_on, owner=str(found.owner_id or "")
    )
    discreet = viewer.leads(found.alliance_id)
    owner = found.owner
    keep = (owner.id, name_at_desk(owner, found.alliance_id)) if owner else None
    form.offer(queries.who_may_own(found.alliance_id, discreet=discreet), keep=keep)
    return form


def _page(found: ToDo, form: ToDoForm) -> str:
    about, today = registry.about_of(found), _today(found)
    return render_template(
        "work/to_do.html",
        alliance=found.alliance,
        to_do=found,
        title=registry.title_of(found),
        about=about,
        form=form,
        today=today,
        later=words.later(found, about, today),
        words=words,
    )
