"""The page on which administrators close an account and open it again."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import closing, roles
from app.accounts.blueprint import blueprint
from app.accounts.forms import ClosingForm
from app.accounts.policy import require_fresh
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import admin as administrators
from app.foundation.policy import allow
from app.foundation.web import see_other
from app.people.models import Person, Standing

notices(
    account_closed=_l("The account is closed, and nobody is signed in with it any more."),
    account_opened=_l("The account is open again."),
)


@blueprint.get("/admin/accounts")
@allow(administrators)
def closing_page() -> ResponseReturnValue:
    return render_template("accounts/closing.html", form=ClosingForm())


@blueprint.post("/admin/accounts")
@allow(administrators)
def close_or_open() -> ResponseReturnValue:
    require_fresh()
    form = ClosingForm()
    person = _meant(form) if form.validate_on_submit() else None
    if person is None:
        return render_template("accounts/closing.html", form=form), 422
    if not form.closes:
        closing.reopen(person)
        return see_other("accounts.closing_page", done="account-opened")
    try:
        closing.close(person)
    except roles.LastAdministrator:
        form.add_error("email", _("This is the only administrator. Appoint another one first."))
        return render_template("accounts/closing.html", form=form), 409
    return see_other("accounts.closing_page", done="account-closed")


def _meant(form: ClosingForm) -> Person | None:
    standing = Standing.ACTIVE if form.closes else Standing.DISABLED
    try:
        return roles.person_at(typed(form.email), typed(form.name), standing)
    except roles.NobodyThere:
        form.add_error("email", _("There is no such account with this address."))
    except roles.SeveralThere:
        form.add_error("name", _("Several people share this address. Whom do you mean?"))
    return None
