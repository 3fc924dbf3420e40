"""Forms of mail: filters of its lists, and an address that asks not to be written to."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.foundation.forms import FilterForm, Form, Optional, SelectField, choices, email_field
from app.mail import doubts
from app.mail.words import BOUNCES, DOUBTS, MAILING_STATES, SUPPRESSIONS


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


class DoubtFilters(FilterForm):
    """The filter above the list of mail that may have arrived twice."""

    offers_always_the_same = False

    mailing = SelectField(_l("Mail to many"), coerce=int, validators=[Optional()])
    state = SelectField(
        _l("State"),
        validators=[Optional()],
        choices=choices([("", _l("all")), *DOUBTS.items()]),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mailing.choices = choices([(0, _l("all")), *doubts.mailings()])


class DoNotEmailForm(Form):
    """An address whose owner asked staff to be left alone."""

    email = email_field(
        _l("E-mail address"),
        hint=_l("We write to it never again, not even a link to sign in. Staff cannot undo this."),
    )
