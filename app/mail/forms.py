"""Forms of mail: filters of its lists, and an address that asks not to be written to."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.foundation.forms import FilterForm, Form, SelectField, choices, email_field
from app.mail.words import BOUNCES, MAILING_STATES, SUPPRESSIONS


class MailingFilters(FilterForm):
    """The filter above the list of mailings."""

    state = SelectField(
        _l("State"),
        choices=choices([("", _l("all")), *MAILING_STATES.items()]),
    )


class DoNotEmailFilters(FilterForm):
    """The filter above the list of addresses that we do not e-mail."""

    why = SelectField(_l("Why"), choices=choices([("", _l("all")), *SUPPRESSIONS.items()]))


class CameBackFilters(FilterForm):
    """The filter above the list of mail that came back."""

    what = SelectField(_l("What happened"), choices=choices([("", _l("all")), *BOUNCES.items()]))


class DoNotEmailForm(Form):
    """An address whose owner asked staff to be left alone."""

    email = email_field(
        _l("E-mail address"),
        hint=_l("We write to it never again, not even a link to sign in. Staff cannot undo this."),
    )
