"""What staff may choose readers by: who added their name to a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, exists, select

from app.campaigns import measure_words as words
from app.campaigns.measure_models import Measure
from app.campaigns.support_models import Signature, SignatureState
from app.foundation.db import db
from app.foundation.forms import Form, choices
from app.mail.conditions import Condition, Values, either, register, several
from app.people.models import Person

OFFERED = 60
"""The newest campaigns that somebody signed."""


class SignedForm(Form):
    campaigns = several(_l("Campaigns"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaigns.choices = choices(_offered())


class Signed(Condition):
    """People whose confirmed name stands under one of some campaigns."""

    key = "signed"
    label = _l("Added their name to a resolution")
    form = SignedForm
    asks_elsewhere = True

    def where(self, values: Values) -> ColumnElement[bool]:
        return exists().where(Signature.person_id == Person.id, self._stands(values))

    def people(self, values: Values) -> Sequence[Select[Any]]:
        return (select(Signature.person_id).where(self._stands(values)),)

    def words(self, values: Values) -> str:
        titles = db.scalars(
            select(Measure.title).where(Measure.id.in_(values["campaigns"])).order_by(Measure.id)
        ).all()
        quoted = either([f"“{title}”" for title in titles])
        return str(_("added their name to %(resolutions)s", resolutions=quoted))

    def _stands(self, values: Values) -> ColumnElement[bool]:
        return and_(
            Signature.state == SignatureState.CONFIRMED,
            Signature.measure_id.in_(values["campaigns"]),
        )


def _offered() -> list[tuple[int, str]]:
    rows = db.scalars(
        select(Measure)
        .where(
            exists().where(
                Signature.measure_id == Measure.id, Signature.state == SignatureState.CONFIRMED
            )
        )
        .order_by(Measure.id.desc())
        .limit(OFFERED)
    )
    return [(each.id, f"{each.title}, {words.where(each)}") for each in rows]


register(Signed())
