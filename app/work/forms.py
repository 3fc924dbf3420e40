"""Forms of to-dos: the filter of their list, and one to-do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.foundation import clock
from app.foundation.forms import (
    REQUIRED,
    DateField,
    Field,
    FilterForm,
    Form,
    InputRequired,
    SelectField,
    ValidationError,
    choices,
    chosen,
    line,
)
from app.work.models import ToDoState
from app.work.words import STATES

FURTHEST = 366 * 2
NOBODY = ""


class ToDoFilter(FilterForm):
    """What the list of to-dos is narrowed by."""

    state = SelectField(
        _l("Which"),
        default="",
        choices=choices(
            [("", _l("All")), *((state.value, STATES[state][0]) for state in ToDoState)]
        ),
    )


class ToDoForm(Form):
    """One to-do: its words, day and owner."""

    title = line(_l("What is to be done"), most=200)
    due_on = DateField(_l("Due"), validators=[InputRequired(REQUIRED)])
    owner = SelectField(_l("Who does it"), default=NOBODY)

    def offer(self, people: Sequence[tuple[int, str]], *, keep: tuple[int, str] | None) -> None:
        """Who may own it; `keep` does so already, and stays on the list."""
        known = dict(people) | dict([keep] if keep else [])
        named = sorted(known.items(), key=lambda each: each[1].casefold())
        offered = [(NOBODY, _("nobody yet")), *((str(number), name) for number, name in named)]
        self.owner.choices = choices(offered)

    def validate_due_on(self, field: Field) -> None:
        if field.data and not -FURTHEST < (field.data - clock.today()).days < FURTHEST:
            raise ValidationError(_("Please choose a day within two years."))

    def owner_id(self) -> int | None:
        return int(self.owner.data) if self.owner.data else None

    def day(self) -> date:
        return chosen(self.due_on)
