"""What staff type about series and the order of sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel.dates import get_day_names
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.digests import arrangement
from app.digests.arrangement import Mode, Placed
from app.digests.forms import VersionedForm
from app.digests.models import Series, SeriesName
from app.digests.series import Plan
from app.foundation.forms import SelectField, choices, line, typed

MODES = (
    (Mode.SHOWN, _l("In this order")),
    (Mode.PINNED, _l("Before the introduction")),
    (Mode.DROPPED, _l("Left out")),
)


class ArrangementForm(VersionedForm):
    """Where each section stands: two fields for each, added by `arranging`."""


class SeriesForm(ArrangementForm):
    """The day of a series, its subject, and the usual order of its sections."""

    day = SelectField(_l("Day"))
    subject = line(_l("Subject"), most=150)
    subject_es = line(_l("Subject in Spanish"), required=False, most=150)

    def plan(self, placed: Sequence[Placed]) -> Plan:
        return Plan(
            day=int(self.day.data),
            subject=typed(self.subject),
            subject_es=typed(self.subject_es),
            sections=stored(self, placed),
        )


def arranging(base: type[ArrangementForm], placed: Sequence[Placed], **given: Any) -> Any:
    """A form of this class with a place and a mode for each section."""
    fields: dict[str, Any] = {}
    numbers = choices((n, n) for n in range(1, len(placed) + 1))
    for number, each in enumerate(placed, 1):
        name = each.section.name
        fields[f"place_{name}"] = SelectField(
            _l("Place"), choices=numbers, default=str(number), render_kw={"class": "s"}
        )
        fields[f"mode_{name}"] = SelectField(
            each.section.label, choices=choices(MODES), default=each.mode.value
        )
    return type(base.__name__, (base,), fields)(**given)


def stored(form: Any, placed: Sequence[Placed]) -> list[list[str]]:
    """What was chosen, as issues keep it; the same place twice keeps the earlier order."""
    ordered = sorted(placed, key=lambda each: int(form[f"place_{each.section.name}"].data))
    return arrangement.stored(
        Placed(each.section, Mode(form[f"mode_{each.section.name}"].data)) for each in ordered
    )


def series_form(series: Series, placed: Sequence[Placed]) -> Any:
    """The form of a series with its days: of the week, or of the month."""
    form = arranging(
        SeriesForm,
        placed,
        day=str(series.day),
        subject=series.subject,
        subject_es=series.subject_es,
        version=str(series.version),
    )
    if series.name == SeriesName.WEEKLY:
        form.day.choices = choices(sorted(get_day_names("wide", locale=get_locale()).items()))
    else:
        form.day.choices = choices((n, n) for n in range(1, 29))
    return form
