"""Forms of events that come again: how often, from when, until when."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import NumberRange

from app.events import rhythm
from app.events.rhythm import Every, Rhythm
from app.foundation import clock
from app.foundation.forms import (
    REQUIRED,
    DateField,
    Field,
    Form,
    InputRequired,
    Optional,
    ValidationError,
    WholeNumber,
    choices,
    chosen,
)

FARTHEST = timedelta(days=5 * 366)
NEVER, UNTIL, COUNT = "never", "until", "count"
MOST_DATES = 200


class RepeatForm(Form):
    """How an event comes again, from its own day on."""

    every = RadioField(_l("How often"), validators=[InputRequired(REQUIRED)])
    ends = RadioField(
        _l("Until when"),
        default=NEVER,
        choices=choices(
            (
                (NEVER, _l("Until we end it")),
                (UNTIL, _l("Until a day")),
                (COUNT, _l("A number of times")),
            )
        ),
    )
    until = DateField(_l("Last possible day"), validators=[Optional()])
    count = WholeNumber(
        _l("How many times, with the first"),
        validators=[Optional(), NumberRange(2, MOST_DATES, _l("Between 2 and 200, please."))],
        render_kw={"class_": "s", "inputmode": "numeric"},
    )

    def offer(self, first: date) -> None:
        """Say it with the weekday of the first date."""
        self.begins_on = first
        self.every.choices = choices(
            (every.value, rhythm.often(rhythm.starting(every, first)))
            for every in Every
            if rhythm.fits(every, first)
        )

    def validate(self, extra_validators: object = None) -> bool:
        """Each field, and the day or the number where it is wanted."""
        if not super().validate(extra_validators):
            return False
        wanted = {UNTIL: self.until, COUNT: self.count}.get(self.ends.data)
        if wanted is not None and not wanted.data:
            self.add_error(wanted.name, str(REQUIRED))
        elif wanted is self.until and not self._is_later(self.until.data):
            self.add_error("until", _("Please choose a day after the first date."))
        return not self.errors

    def _is_later(self, day: date | None) -> bool:
        return day is not None and self.begins_on < day <= self.begins_on + FARTHEST

    def rhythm(self) -> Rhythm:
        found = rhythm.starting(Every(self.every.data), self.begins_on)
        until = self.until.data if self.ends.data == UNTIL else None
        count = self.count.data if self.ends.data == COUNT else None
        return Rhythm(found.every, found.weekday, found.nth, until, count)


class RhythmForm(RepeatForm):
    """Another rhythm, from a day on, whose weekday it takes."""

    first = DateField(_l("First date"), validators=[InputRequired(REQUIRED)])

    def offer_any(self) -> None:
        """The weekday is that of the first date, which is not known yet."""
        labels = {
            Every.WEEK: _l("Every week, on the weekday of the first date"),
            Every.SECOND_WEEK: _l("Every two weeks, on the weekday of the first date"),
            Every.MONTH: _l("Every month, on the same weekday (the second Tuesday, say)"),
            Every.LAST_OF_MONTH: _l(
                "Every month, on the last such weekday (the last Tuesday, say)"
            ),
        }
        self.every.choices = choices((every.value, labels[every]) for every in Every)
        self.begins_on = self.first.data or clock.today()

    def validate_first(self, field: Field) -> None:
        if not field.data:
            return
        if not timedelta() < field.data - clock.today() <= FARTHEST:
            raise ValidationError(_("Please choose a day that is to come."))
        if self.every.data in list(Every) and not rhythm.fits(Every(self.every.data), field.data):
            raise ValidationError(_("This rhythm does not begin on that day of the month."))

    def day(self) -> date:
        return chosen(self.first)


class EndForm(Form):
    """After which day an event no longer comes again."""

    last = DateField(_l("Last possible day"), validators=[InputRequired(REQUIRED)])

    def validate_last(self, field: Field) -> None:
        if field.data and not timedelta() <= field.data - clock.today() <= FARTHEST:
            raise ValidationError(_("Please choose today or a day that is to come."))

    def day(self) -> date:
        return chosen(self.last)
