"""The form by which people sign up: what every event asks, and what its organizers add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.events import words
from app.events.models import Event, Part
from app.events.questions import Answer, Question, QuestionKind, read
from app.events.seating import MOST_GUESTS, Wish
from app.events.shifts import Filled
from app.events.sign_ups import Visitor
from app.foundation import language
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
    email_field,
    line,
    lines,
    typed,
)
from app.people.forms import PlaceField, place_field

YES, NO = "yes", "no"
ASKED = "asked_"
"""In front of the key of an organizers' question, so that it cannot be one of our own fields."""
LONGEST_ANSWER = 500
LONGEST_NUMBER = 12


@dataclass(frozen=True)
class Asks:
    """What one event asks of those who sign up; `only_online` is what is proposed to them."""

    event: Event
    shifts: Sequence[Filled] = ()
    co_hosts: Sequence[str] = ()
    only_online: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it asks what most events ask, so that its form need not be made anew."""
        return not (self.event.questions or self.shifts or self.co_hosts or self.is_hybrid)

    @property
    def is_hybrid(self) -> bool:
        return words.is_hybrid(self.event)

    @property
    def is_limited(self) -> bool:
        event = self.event
        return any((event.capacity, *(event.seats_of(part) for part in event.parts)))


class TakingPart(Form):
    """What everybody is asked, whether or not we know them."""

    guests = lines(
        _l("Names of the guests you bring"),
        most=600,
        rows=2,
        hint=_l("One on each line, five at most. Leave it empty if you come alone."),
    )
    takes_fewer = BooleanField(_l("If there are not seats for all of us, fewer of us come."))
    no_photo = BooleanField(_l("Please take no photos of me."))
    questions: Sequence[Question] = ()

    def validate_guests(self, field: Field) -> None:
        if len(self.guest_names) > MOST_GUESTS:
            raise ValidationError(
                _("You can bring five guests at most. A larger group? Ask the organizers.")
            )
        if any(len(name) > 100 for name in self.guest_names):
            raise ValidationError(_("One of these names is too long."))

    @property
    def guest_names(self) -> tuple[str, ...]:
        stripped = (each.strip() for each in typed(self.guests).splitlines())
        return tuple(each for each in stripped if each)

    def wish(self) -> Wish:
        """What the valid form asks for."""
        return Wish(
            guests=self.guest_names,
            takes_fewer=bool(self.takes_fewer.data),
            part=Part(self._chosen("part") or Part.IN_PERSON),
            answers=tuple(self._answers()),
            no_photo=bool(self.no_photo.data),
            shares=bool(self._chosen("shares")),
            shift_ids=tuple(int(each) for each in self._chosen("shifts") or () if _is_number(each)),
        )

    def _chosen(self, name: str) -> Any:
        return self[name].data if name in self else None

    def _answers(self) -> Iterable[Answer]:
        for question in self.questions:
            given = self[ASKED + question.key].data
            if given not in (None, ""):
                yield Answer(question.key, question.label, str(given))


class SignUpForm(TakingPart):
    """What a visitor types to sign up."""

    name = line(_l("Your name"), hint=_l("Any name you like."), most=100, autocomplete="name")
    email = email_field(_l("E-mail"))
    zip: PlaceField = place_field(_l("ZIP code, if you like"), required=False)

    def visitor(self) -> Visitor:
        return Visitor(typed(self.name), typed(self.email), self.zip.place, language.current())


TakingForm = TypeVar("TakingForm", bound=TakingPart)


def form_for(asks: Asks, base: type[TakingForm], **given: Any) -> TakingForm:
    """A form with what an event asks; `formdata=None` makes an empty one."""
    if asks.is_plain:
        return base(**given)
    questions = read(asks.event.questions)
    fields: dict[str, Any] = {ASKED + each.key: _question_field(each) for each in questions}
    if asks.is_hybrid:
        fields["part"] = _part_field(Part.ONLINE if asks.only_online else Part.IN_PERSON)
    if asks.shifts:
        fields["shifts"] = _shifts_field(asks)
    if asks.co_hosts:
        fields["shares"] = _shares_field(asks.co_hosts)
    form: TakingForm = type("AskedForm", (base,), fields)(**given)
    form.questions = questions
    return form


def _is_number(raw: str) -> bool:
    return raw.isdecimal() and raw.isascii() and len(raw) < LONGEST_NUMBER


def _part_field(proposed: Part) -> RadioField:
    offered = ((Part.IN_PERSON, _l("At the place")), (Part.ONLINE, _l("Online")))
    return RadioField(
        _l("How will you take part?"), default=proposed.value, choices=choices(offered)
    )


def _shifts_field(asks: Asks) -> SelectMultipleField:
    offered = [
        (each.shift.id, words.shift_choice(asks.event, each)) for each in asks.shifts if each.left
    ]
    return SelectMultipleField(
        _l("Can you help?"),
        choices=choices(offered),
        option_widget=CheckboxInput(),
        widget=ListWidget(),
        validate_choice=False,
    )


def _shares_field(co_hosts: Sequence[str]) -> BooleanField:
    label = _l("%(alliances)s may see that I come", alliances=", ".join(co_hosts))
    hint = _l("They hold this event with us. Without this they only see how many come.")
    return BooleanField(label, description=hint)


def _question_field(question: Question) -> Any:
    """One question; its words are the organizers' own."""
    label = words.in_language(question.label, question.label_es)
    presence = InputRequired(REQUIRED) if question.required else Optional()
    if question.kind is QuestionKind.TEXT:
        return line(label, required=question.required, most=LONGEST_ANSWER)
    if question.kind is QuestionKind.NUMBER:
        return WholeNumber(
            label,
            validators=[presence, NumberRange(0, 1_000_000, _l("Please type a whole number."))],
            render_kw={"class_": "s", "inputmode": "numeric"},
        )
    if question.kind is QuestionKind.YES_NO:
        return RadioField(
            label,
            choices=choices(((YES, _l("Yes")), (NO, _l("No")))),
            validators=[presence],
        )
    said = question.options_es or question.options
    shown = map(words.in_language, question.options, said)
    offered = [("", _l("Please choose")), *zip(question.options, shown, strict=True)]
    return SelectField(label, choices=choices(offered), validators=[presence])
