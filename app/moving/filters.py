"""How the rows of an import are filtered."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from app.foundation.forms import FilterForm, Optional, SelectField, choices
from app.moving.models import TAKEN, ImportRow, Outcome
from app.moving.words import OUTCOMES

REMARKED = "remarked"


def narrowed(query: Select[ImportRow], asked: str) -> Select[ImportRow]:
    """The rows of an outcome, or those that are taken with a remark."""
    if asked == REMARKED:
        return query.where(ImportRow.outcome.in_(TAKEN), ImportRow.reason != "")
    return query.where(ImportRow.outcome == asked) if asked else query


class RowFilter(FilterForm):
    """Rows of one outcome."""

    outcome = SelectField(
        _l("Outcome"),
        choices=[
            *choices([("", _l("All"))]),
            *choices((outcome.value, word) for outcome, (word, _tone) in OUTCOMES.items()),
            *choices([(REMARKED, _l("With a remark"))]),
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
