"""The press monitor: what was seen, what is right, and who writes the letter to the editor."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.foundation import forms as fields
from app.foundation.db import db
from app.foundation.forms import choices, typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import find_or_404, see_other
from app.library import actions, queries, reading_queries, words
from app.library.blueprint import blueprint
from app.library.forms import PressForm, PressStateForm

notices(press_noted=_l("It is on the list."), press_moved=_l("Saved."))


@blueprint.get("/staff/library/press")
@allow(staff)
def press() -> ResponseReturnValue:
    return _page(_form())


@blueprint.post("/staff/library/press")
@allow(staff)
def see_in_press() -> ResponseReturnValue:
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 422
    actions.see_in_press(
        actions.PressText(
            outlet=typed(form.outlet),
            title=typed(form.title),
            link=typed(form.link),
            seen_on=fields.chosen(form.seen_on),
            claim=typed(form.claim),
            correction=typed(form.correction),
        ),
        queries.point(form.point.data or ""),
        by=viewer.person_id,
    )
    return see_other("library.press", done="press-noted")


@blueprint.post("/staff/library/press/<int:number>")
@allow(staff)
def move_letter(number: int) -> ResponseReturnValue:
    item, form = find_or_404(reading_queries.press_item(number)), PressStateForm()
    if not form.validate_on_submit():
        return _page(_form(filled=False)), 422
    actions.move_letter(item, form.chosen_state(), by=viewer.person_id)
    return see_other("library.press", done="press-moved")


def _form(*, filled: bool = True) -> PressForm:
    form = PressForm() if filled else PressForm(formdata=None)
    in_bank = [(point.key, point.claim or point.words) for point in db.scalars(queries.bank())]
    form.point.choices = choices([("", _l("None")), *in_bank])
    return form


def _page(form: PressForm) -> str:
    return render_template(
        "library/press.html", items=reading_queries.press(), form=form, words=words
    )
