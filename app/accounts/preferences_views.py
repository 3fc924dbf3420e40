"""What mail I get: my choices, signed in or by the link of a mail."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts import queries
from app.accounts.blueprint import blueprint
from app.accounts.forms import PreferencesForm
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in
from app.foundation.web import find_or_404, see_other
from app.mail import suppression
from app.people import preferences as choices
from app.people.models import Address, Person

notices(preferences_saved=_l("Your choices are saved."))


@blueprint.get("/me/preferences")
@allow(signed_in)
def preferences() -> ResponseReturnValue:
    return _page(queries.myself())


@blueprint.post("/me/preferences")
@allow(signed_in)
def save_preferences() -> ResponseReturnValue:
    person, form = queries.myself(), PreferencesForm()
    if not form.validate_on_submit():
        return _page(person, form), 422
    choices.save(person, form.answers(), channel="preferences page")
    return see_other("accounts.preferences", done="preferences-saved")


@blueprint.get("/preferences/<token>")
@allow(anyone)
def preferences_by_link(token: str) -> ResponseReturnValue:
    """The choices that a mail's link opens: no name, no address, no way to anything else."""
    return _page(find_or_404(choices.person_of(token)), token=token)


@blueprint.post("/preferences/<token>")
@allow(anyone)
def save_preferences_by_link(token: str) -> ResponseReturnValue:
    person = find_or_404(choices.person_of(token))
    form = PreferencesForm()
    if not form.validate_on_submit():
        return _page(person, form, token), 422
    choices.save(person, form.answers(), channel="link in a mail")
    return see_other("accounts.preferences_by_link", token=token, done="preferences-saved")


def _page(person: Person, form: PreferencesForm | None = None, token: str = "") -> str:
    address = db.get(Address, person.address_id) if person.address_id else None
    stopped = suppression.found(address.digest) if address else None
    again = "accounts.mail_again_by_link" if token else "accounts.mail_again"
    return render_template(
        "accounts/preferences.html",
        form=form or PreferencesForm(obj=choices.choices_of(person)),
        stopped=stopped,
        came_back=stopped is not None and stopped.reason in suppression.CAME_BACK,
        again_url=url_for(again, token=token or None),
    )
