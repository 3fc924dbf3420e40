"""Forms of what organizers add to an event: details, questions, shifts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import NumberRange

from app.events.access import FEATURES, OFFERED
from app.events.details import Details
from app.events.forms import number_in
from app.events.models import Event
from app.events.questions import Question, QuestionKind
from app.events.shifts import ShiftPlan
from app.foundation import clock
from app.foundation.forms import (
    REQUIRED,
    BooleanField,
    Field,
    Form,
    InputRequired,
    Optional,
    SelectField,
    ValidationError,
    WholeNumber,
    choices,
    line,
    lines,
    typed,
    wall_time,
)

KINDS: dict[QuestionKind, Any] = {
    QuestionKind.TEXT: _l("A few words"),
    QuestionKind.YES_NO: _l("Yes or no"),
    QuestionKind.CHOICE: _l("One of several choices"),
    QuestionKind.NUMBER: _l("A number"),
}
MOST_OPTIONS = 12


def _seats(label: Any, hint: Any = "") -> WholeNumber:
    return WholeNumber(
        label,
        description=hint,
        validators=[Optional(), NumberRange(1, 100_000, _l("At least one seat, please."))],
        render_kw={"class_": "s", "inputmode": "numeric"},
    )


class DetailsForm(Form):
    """How an event is held; the answers about access are added below the class."""

    version = HiddenField()
    seats_at_place = _seats(
        _l("Seats at the place"), _l("Only where an event is held at a place and online.")
    )
    seats_online = _seats(_l("Seats online"))
    address_is_private = BooleanField(
        _l("Show the address only to those who have a seat"),
        description=_l("Everybody else, and who takes part online, sees the city and the state."),
    )
    link_opens_late = BooleanField(
        _l("Show the online link only from an hour before the event"),
        description=_l("A reminder goes out at that hour."),
    )
    languages = line(
        _l("Languages that are spoken or interpreted"), required=False, most=120, class_="m"
    )
    title_es = line(_l("Title in Spanish"), required=False, most=120)
    description_es = lines(_l("Description in Spanish"))

    def version_opened(self) -> int:
        return number_in(self.version.data)

    @property
    def about_access(self) -> list[Any]:
        return [self[feature.value] for feature in FEATURES]

    def details(self) -> Details:
        """What the valid form says."""
        said = {feature.value: self[feature.value].data for feature in FEATURES}
        return Details(
            seats_at_place=self.seats_at_place.data,
            seats_online=self.seats_online.data,
            address_is_private=bool(self.address_is_private.data),
            link_opens_late=bool(self.link_opens_late.data),
            accessibility={feature: answer for feature, answer in said.items() if answer},
            languages=typed(self.languages),
            title_es=typed(self.title_es),
            description_es=typed(self.description_es),
        )


for _feature, _label in FEATURES.items():
    _offered = [("", _l("Not said")), *((key, said[0]) for key, said in OFFERED.items())]
    _field = SelectField(_label, choices=choices(_offered), validators=[Optional()])
    setattr(DetailsForm, _feature.value, _field)


def details_of(event: Event) -> dict[str, Any]:
    """The form's fields as an event has them."""
    names = ("seats_at_place", "seats_online", "address_is_private", "link_opens_late")
    words = ("languages", "title_es", "description_es")
    return {
        "version": str(event.version),
        **{name: getattr(event, name) for name in (*names, *words)},
        **event.accessibility,
    }


class QuestionForm(Form):
    """One more question on the sign-up form."""

    label = line(_l("Question"), most=160)
    label_es = line(_l("The same in Spanish"), required=False, most=160)
    kind = RadioField(_l("How is it answered?"), default="text", choices=choices(KINDS.items()))
    options = lines(_l("Choices"), most=1000, rows=4, hint=_l("One on each line."))
    options_es = lines(
        _l("Choices in Spanish"), most=1000, rows=4, hint=_l("In the same order, or none.")
    )
    required = BooleanField(_l("Everybody has to answer"))

    def validate_options(self, _field: Field) -> None:
        if self._offers and not 2 <= len(_choices(self.options)) <= MOST_OPTIONS:
            raise ValidationError(_("Please give two to twelve choices, one on each line."))

    def validate_options_es(self, field: StringField) -> None:
        in_spanish = _choices(field)
        if self._offers and in_spanish and len(in_spanish) != len(_choices(self.options)):
            raise ValidationError(_("Please give as many choices in Spanish as in English."))

    @property
    def _offers(self) -> bool:
        return bool(self.kind.data == QuestionKind.CHOICE)

    def question(self) -> Question:
        """What the valid form asks; its key is found when it is added."""
        return Question(
            "",
            typed(self.label),
            QuestionKind(self.kind.data),
            bool(self.required.data),
            _choices(self.options) if self._offers else (),
            typed(self.label_es),
            _choices(self.options_es) if self._offers else (),
        )


def _choices(field: StringField) -> tuple[str, ...]:
    """What can be chosen, each once."""
    stripped = (each.strip() for each in typed(field).splitlines())
    return tuple(dict.fromkeys(each for each in stripped if each))


class ShiftForm(Form):
    """One more shift, by the clock on the event's day."""

    title = line(_l("What is there to do?"), most=80)
    title_es = line(_l("The same in Spanish"), required=False, most=80)
    begins = line(_l("From"), most=8, type="time", class_="s")
    ends = line(_l("Until"), most=8, type="time", class_="s")
    capacity = WholeNumber(
        _l("How many people?"),
        default=2,
        validators=[InputRequired(REQUIRED), NumberRange(1, 500, _l("At least one, please."))],
        render_kw={"class_": "s", "inputmode": "numeric"},
    )

    def plan(self, event: Event) -> ShiftPlan | None:
        """What the valid form says; None if a time is none. Past midnight is the next day."""
        day = event.wall_start.date().isoformat()
        begins, ends = (wall_time(day, typed(field)) for field in (self.begins, self.ends))
        if begins is None or ends is None:
            return None
        if ends <= begins:
            ends += timedelta(days=1)
        return ShiftPlan(
            title=typed(self.title),
            title_es=typed(self.title_es),
            opens=_minutes_from_start(event, begins),
            minutes=int((ends - begins).total_seconds()) // 60,
            capacity=self.capacity.data or 1,
        )


def _minutes_from_start(event: Event, wall: datetime) -> int:
    start = clock.instant(wall, event.time_zone) - event.starts_at
    return int(start.total_seconds()) // 60
