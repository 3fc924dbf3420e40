"""The press monitor: what was seen, what is right, and who writes the letter to the editor."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.queries import only_person_at
from app.foundation import forms as fields
from app.foundation.db import db
from app.foundation.forms import choices, typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, signed_in, staff, viewer
from app.foundation.web import find_or_404, see_other
from app.library import actions, queries, reading_queries, words
from app.library.blueprint import blueprint
from app.library.forms import PressForm, PressStateForm, WriterForm
from app.library.reading_models import PressItem

notices(
    press_noted=_l("It is on the list."),
    press_moved=_l("Saved."),
    letter_assigned=_l("They are told, and find the letter on their page."),
)


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


@blueprint.route("/staff/library/press/<int:number>/writer", methods=["GET", "POST"])
@allow(staff)
def letter_writer(number: int) -> ResponseReturnValue:
    """Ask a member or coordinator to write the letter."""
    item, form = find_or_404(reading_queries.press_item(number)), WriterForm()
    if form.validate_on_submit():
        writer = only_person_at(typed(form.email))
        if writer is not None:
            actions.assign_letter(item, writer)
            return see_other("library.press", done="letter-assigned")
        form.add_error("email", _("Exactly one person who confirmed must have this address."))
    page = render_template("library/letter_writer.html", item=item, form=form)
    return page, 422 if form.errors else 200


@blueprint.get("/library/letters/<int:number>")
@allow(signed_in)
def letter(number: int) -> ResponseReturnValue:
    return render_template("library/letter.html", item=_writable(number), words=words)


@blueprint.post("/library/letters/<int:number>")
@allow(signed_in)
def move_my_letter(number: int) -> ResponseReturnValue:
    """Who writes a letter says how far it is, or gives it back."""
    item, form = _writable(number), PressStateForm()
    if not form.validate_on_submit():
        return render_template("library/letter.html", item=item, words=words), 422
    actions.move_letter(item, form.chosen_state(), by=viewer.person_id)
    return see_other("pages.me", done="press-moved")


def _writable(number: int) -> PressItem:
    """A letter is for its writer and for staff; 404 for anybody else."""
    item = find_or_404(reading_queries.press_item(number))
    return find_or_404(item if viewer.is_staff or item.writer_id == viewer.person_id else None)


def _form(*, filled: bool = True) -> PressForm:
    form = PressForm() if filled else PressForm(formdata=None)
    in_bank = [(point.key, point.claim or point.words) for point in db.scalars(queries.bank())]
    form.point.choices = choices([("", _l("None")), *in_bank])
    return form


def _page(form: PressForm) -> str:
    return render_template(
        "library/press.html", items=reading_queries.press(), form=form, words=words
    )
