"""Choosing readers by the constituency that they belong to, or for which they speak."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from app.alliances.organization_models import (
    OrganizationConstituency,
    PersonConstituency,
    Representative,
)
from app.alliances.organization_queries import speaks_today
from app.alliances.organization_words import CONSTITUENCIES
from app.foundation.forms import Form
from app.mail.conditions import Condition, Values, either, register, several
from app.people.models import Person


class ConstituencyForm(Form):
    constituencies = several(
        _l("Constituencies"),
        CONSTITUENCIES.items(),
        description=_l("As people said of themselves, or as their organization is known."),
    )


class InConstituency(Condition):
    """People of a constituency, and those who represent an organization that speaks for it."""

    key = "constituency"
    label = _l("Constituency")
    form = ConstituencyForm
    asks_elsewhere = True

    def where(self, values: Values) -> ColumnElement[bool]:
        theirs, of_their_organization = _said(values), _represented(values)
        return or_(
            exists().where(PersonConstituency.person_id == Person.id, theirs),
            exists().where(Representative.person_id == Person.id, of_their_organization),
        )

    def people(self, values: Values) -> Sequence[Select[int]]:
        return (
            select(PersonConstituency.person_id).where(_said(values)),
            select(Representative.person_id).where(_represented(values)),
        )

    def words(self, values: Values) -> str:
        names = [
            str(name) for key, name in CONSTITUENCIES.items() if key in values["constituencies"]
        ]
        return str(_("speak for one of these: %(names)s", names=either(names)))


def _said(values: Values) -> ColumnElement[bool]:
    return PersonConstituency.constituency.in_(values["constituencies"])


def _represented(values: Values) -> ColumnElement[bool]:
    return and_(
        OrganizationConstituency.organization_id == Representative.organization_id,
        OrganizationConstituency.constituency.in_(values["constituencies"]),
        speaks_today(),
    )


register(InConstituency())
