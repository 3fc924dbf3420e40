"""Choosing talking points from the library."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.foundation.forms import Form, choices


class PointsForm(Form):
    """Any number of points of the bank."""

    points = SelectMultipleField(
        _l("Talking points"),
        description=_l("They are kept in the library with their sources. Two or three are enough."),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer(self, points: Sequence[tuple[str, str]]) -> None:
        self.points.choices = choices(points)
