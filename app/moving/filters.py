"""How the rows of an import are filtered."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.foundation.forms import FilterForm, Optional, SelectField, choices
from app.moving.models import Outcome
from app.moving.words import OUTCOMES


class RowFilter(FilterForm):
    """Rows of one outcome."""

    outcome = SelectField(
        _l("Outcome"),
        choices=[
            *choices([("", _l("All"))]),
            *choices((outcome.value, word) for outcome, (word, _tone) in OUTCOMES.items()),
        ],
        validators=[Optional()],
    )


class OwnRowFilter(FilterForm):
    """All rows, or those that are refused."""

    outcome = SelectField(
        _l("Outcome"),
        choices=choices([("", _l("All")), ("refused", OUTCOMES[Outcome.REFUSED][0])]),
        validators=[Optional()],
    )
