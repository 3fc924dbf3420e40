"""Forms of lobbying time and cost: fields that a visit's report has too, one line, the filter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import NumberRange

from app.campaigns import past_days, visit_words
from app.campaigns.lobbying import Spent
from app.campaigns.visit_models import LobbyingKind
from app.foundation.forms import (
    REQUIRED,
    DataRequired,
    DateField,
    FilterForm,
    Form,
    Optional,
    SelectField,
    ValidationError,
    WholeNumber,
    choices,
    chosen,
    line,
    typed,
)

MOST_MINUTES = 100_000
AMOUNT = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")


def minutes_field(label: Any) -> WholeNumber:
    return WholeNumber(
        label,
        validators=[
            Optional(),
            NumberRange(0, MOST_MINUTES, _l("Please give a whole number of minutes.")),
        ],
        render_kw={"inputmode": "numeric", "class_": "s"},
    )


def cents_of(raw: str | None) -> int:
    """Cents of an amount in dollars, such as 12.50; nothing typed is nothing spent.

    Raises ValueError for what is no amount of money below ten million.
    """
    amount = (raw or "0").removeprefix("$").replace(",", "").strip()
    if not AMOUNT.fullmatch(amount):
        raise ValueError("not an amount")
    return int(Decimal(amount) * 100)


def check_dollars(_form: Form, field: Any) -> None:
    try:
        cents_of(field.data)
    except ValueError:
        raise ValidationError(_("Please give an amount such as 12.50.")) from None


class LobbyingForm(Form):
    """Time and money spent on lobbying that no visit's report says."""

    on = DateField(_l("Day"), validators=[DataRequired(REQUIRED), past_days.check])
    kind = SelectField(_l("Kind"), choices=choices(visit_words.LOBBYING.items()))
    what = line(_l("What was done"), most=200)
    person = SelectField(_l("Who did it"), validators=[Optional()])
    minutes = minutes_field(_l("Minutes"))
    cost = line(_l("What it cost, in dollars"), required=False, most=12, inputmode="decimal")

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        self.person.choices = choices([("", _("Nobody by name")), *people])

    def validate_cost(self, field: Any) -> None:
        check_dollars(self, field)

    def spent(self) -> Spent:
        return Spent(
            on=chosen(self.on),
            kind=LobbyingKind(self.kind.data),
            what=typed(self.what),
            minutes=self.minutes.data or 0,
            cents=cents_of(self.cost.data),
            person_id=int(self.person.data) if self.person.data else None,
        )


class LobbyingFilter(FilterForm):
    """The year of the log."""

    year = line(_l("Year"), required=False, most=4, inputmode="numeric")
    kind = SelectField(
        _l("Kind"),
        validators=[Optional()],
        choices=choices([("", _l("All")), *visit_words.LOBBYING.items()]),
    )
