"""Conditions about where people are."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement, and_
from wtforms import IntegerField
from wtforms.validators import NumberRange

from app.foundation import geo
from app.foundation.forms import Form, ValidationError, line, typed
from app.mail.conditions import Condition, Values, either, register, several
from app.people.models import Person

FURTHEST = 500


class StateForm(Form):
    states = several(_l("States"), geo.state_choices())


class State(Condition):
    """People who live in one of some states."""

    key = "state"
    label = _l("State")
    form = StateForm

    def where(self, values: Values) -> ColumnElement[bool]:
        return and_(Person.state.is_not(None), Person.state.in_(values["states"]))

    def words(self, values: Values) -> str:
        names = [geo.state_name(code) for code in values["states"]]
        return str(_("live in %(places)s", places=either(names)))


class DistanceForm(Form):
    miles = IntegerField(
        _l("Within how many miles?"),
        default=50,
        validators=[
            NumberRange(1, FURTHEST, message=_l("Type a number of miles from 1 to 500.")),
        ],
        render_kw={"inputmode": "numeric", "class": "s"},
    )
    place = line(_l("Of which place?"), most=80, hint=_l("A ZIP code, or a city with its state."))
    found: geo.Place

    def validate_place(self, field: Any) -> None:
        found = _find(typed(field))
        if found is None:
            raise ValidationError(_("We do not know this place. Try its ZIP code."))
        self.found = found


class Distance(Condition):
    """People who live within some miles of a place; its point is kept, so that counting is
    one statement."""

    key = "distance"
    label = _l("Distance from a place")
    form = DistanceForm

    def values(self, form: Any) -> dict[str, Any]:
        found = form.found
        return {
            "miles": form.miles.data,
            "place": found.zip,
            "city": f"{found.city}, {found.state}",
            "point": [found.latitude, found.longitude],
        }

    def where(self, values: Values) -> ColumnElement[bool]:
        latitude, longitude = values["point"]
        center = (latitude, longitude)
        has_point = and_(Person.latitude.is_not(None), Person.longitude.is_not(None))
        return and_(
            has_point, geo.within(Person.latitude, Person.longitude, center, values["miles"])
        )

    def words(self, values: Values) -> str:
        sentence = ngettext(
            "live within %(num)s mile of %(place)s (%(city)s)",
            "live within %(num)s miles of %(place)s (%(city)s)",
            values["miles"],
            place=values["place"],
            city=values["city"],
        )
        return str(sentence)


def _find(raw: str) -> geo.Place | None:
    try:
        return geo.place(raw)
    except geo.UnknownZip:
        return None
    except geo.WrongZip:
        return geo.place_in_city(raw)


register(State(), Distance())
