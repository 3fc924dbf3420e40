"""Asking again for the mail that was stopped, signed in or by the link of an old mail."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts import actions, queries
from app.accounts.blueprint import blueprint
from app.accounts.join_views import count_mail, inbox_page
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in
from app.foundation.web import find_or_404, see_other
from app.people import preferences as choices
from app.people.models import Address, Person

notices(mail_again=_l("We will e-mail you again. Please check below what you get."))


@blueprint.post("/me/preferences/mail-again")
@allow(signed_in)
def mail_again() -> ResponseReturnValue:
    return _mail_again(queries.myself(), "accounts.preferences")


@blueprint.post("/preferences/<token>/mail-again")
@allow(anyone)
def mail_again_by_link(token: str) -> ResponseReturnValue:
    person = find_or_404(choices.person_of(token))
    return _mail_again(person, "accounts.preferences_by_link", token=token)


def _mail_again(person: Person, page: str, **values: str) -> ResponseReturnValue:
    """End what stopped our mail, or mail a link that proves that it arrives again."""
    address = find_or_404(db.get(Address, person.address_id))
    count_mail()
    if actions.ask_for_mail_again(person, address):
        return see_other(page, done="mail-again", **values)
    return inbox_page()
