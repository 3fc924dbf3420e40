"""Forms of calls: why an alliance does not take part, the day of a movable observance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.events import editions
from app.events.models import Observance
from app.foundation import clock, geo
from app.foundation.forms import (
    REQUIRED,
    DateField,
    Field,
    FilterForm,
    Form,
    InputRequired,
    Optional,
    SelectField,
    ValidationError,
    choices,
    lines,
)

FARTHEST = timedelta(days=3 * 366)


class NotThisYearForm(Form):
    """Why an alliance does not take part."""

    reason = lines(
        _l("Why not this time?"),
        required=True,
        most=500,
        rows=3,
        hint=_l("National staff read it. For example: Our hall is closed until fall."),
    )


class DayForm(Form):
    """The day on which a movable observance falls in a year."""

    observance = SelectField(_l("Day"))
    on = DateField(_l("Date"), validators=[InputRequired(REQUIRED)])

    def offer(self, observances: Sequence[Observance]) -> None:
        self.observance.choices = choices(
            (each.key, editions.name_of(each)) for each in observances
        )

    def validate_on(self, field: Field) -> None:
        if not field.data:
            return
        ahead = field.data - clock.today()
        if not timedelta() <= ahead <= FARTHEST:
            raise ValidationError(_("Please choose a day within the next three years."))


class MaterialsForm(Form):
    """What staff give to everybody who takes part."""

    materials = lines(
        _l("Materials and message"),
        hint=_l("You can use Markdown: **bold**, *italic*, lists, and [a link](https://…)."),
    )


class OfDayFilter(FilterForm):
    """Where: the filter of a day's public list."""

    state = SelectField(
        _l("State"),
        validators=[Optional()],
        choices=choices([("", _l("All")), *geo.state_choices()]),
    )
