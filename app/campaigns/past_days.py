"""Days of what happened: nobody voted, spoke, filed or thanked on a day that lies ahead."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from flask_babel import gettext as _

from app.foundation import clock
from app.foundation.forms import Form, ValidationError


class PastForm(Form):
    """A form about what happened somewhere: a day has come when it has come there."""

    zone = clock.HOME_ZONE

    def at(self, zone: str) -> Self:
        self.zone = zone
        return self


def check(form: Form, field: Any) -> None:
    """Of a field with a day, chosen or typed as our pages write it, that it has come."""
    if field.data:
        day = field.data if isinstance(field.data, date) else date.fromisoformat(field.data)
        refuse_ahead(day, getattr(form, "zone", clock.HOME_ZONE))


def refuse_ahead(day: date, zone: str = clock.HOME_ZONE) -> None:
    """Raise ValidationError for a day that has not begun in this zone."""
    if day > clock.today(zone):
        raise ValidationError(_("This day is still to come."))
