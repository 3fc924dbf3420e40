"""Forms of mail: filters of its lists, and an address that asks not to be written to."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.foundation.forms import FilterForm, Form, SelectField, choices, email_field
from app.mail.words import MAILING_STATES


class MailingFilters(FilterForm):
    """The filter above the list of mailings."""

    state = SelectField(
        _l("State"),
        choices=choices([("", _l("all")), *MAILING_STATES.items()]),
    )


class DoNotEmailForm(Form):
    """An address whose owner asked staff to be left alone."""

    email = email_field(
        _l("E-mail address"),
        hint=_l("We write to it never again, not even a link to sign in. Staff cannot undo this."),
    )
