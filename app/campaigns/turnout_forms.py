"""Forms about speaking at a meeting: the meeting, one more speaker, what somebody says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import NumberRange

from app.campaigns.campaign_forms import check_link
from app.campaigns.turnout_models import Turnout
from app.campaigns.turnouts import Told
from app.foundation.forms import (
    REQUIRED,
    DataRequired,
    DateField,
    Form,
    Optional,
    SelectField,
    ValidationError,
    WholeNumber,
    choices,
    chosen,
    clock_field,
    line,
    lines,
    typed,
)


def _number(label: Any, most: int, hint: Any = "") -> WholeNumber:
    return WholeNumber(
        label,
        description=hint,
        validators=[
            Optional(),
            NumberRange(1, most, _l("Please give a number from 1 to %(most)s.", most=most)),
        ],
        render_kw={"inputmode": "numeric", "class_": "s"},
    )


class TurnoutForm(Form):
    """A meeting at which people shall speak, and what its clerk wants."""

    on = DateField(_l("Day of the meeting"), validators=[DataRequired(REQUIRED)])
    at = clock_field(_l("Time of the meeting"), required=False, width="m")
    place = line(_l("Where they meet"), required=False, most=160)
    slots = _number(_l("How many may speak"), 500, _l("Whoever comes later stands by."))
    minutes = _number(_l("Minutes for each"), 60)
    sign_up_by = DateField(_l("Last day to sign up with the clerk"), validators=[Optional()])
    sign_up_url = line(_l("Link to sign up with the clerk"), required=False, most=500, type="url")
    rules = lines(
        _l("What else the clerk wants"),
        most=1500,
        rows=3,
        hint=_l("For example: bring a card with your name to the desk before 5 PM."),
    )

    def validate_sign_up_url(self, field: Any) -> None:
        check_link(self, field)

    def validate_sign_up_by(self, field: Any) -> None:
        if field.data and self.on.data and field.data > self.on.data:
            raise ValidationError(_("This is after the meeting."))

    def move_along(self, was: Turnout) -> bool:
        """Where only the meeting moved, the last day to sign up keeps its distance."""
        by = self.sign_up_by.data
        if by is None or self.on.data in (None, was.on) or by != was.sign_up_by:
            return False
        self.sign_up_by.data = by + (chosen(self.on) - was.on)
        return True

    def told(self) -> Told:
        return Told(
            on=chosen(self.on),
            at=typed(self.at),
            place=typed(self.place),
            slots=self.slots.data,
            minutes=self.minutes.data,
            rules=typed(self.rules),
            sign_up_url=typed(self.sign_up_url),
            sign_up_by=self.sign_up_by.data,
        )


class SpeakerForm(Form):
    """One of the alliance's own who will speak."""

    person = SelectField(_l("Who speaks"))

    def offer(self, people: Sequence[tuple[int, str]]) -> None:
        self.person.choices = choices(people)


class TestimonyForm(Form):
    """What somebody will say."""

    testimony = lines(
        _l("What you will say"),
        most=8000,
        rows=14,
        hint=_l("The organizers of this campaign can read your draft; nobody else can."),
    )
