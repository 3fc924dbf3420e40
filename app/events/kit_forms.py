"""Forms of event templates, and of what an event needs: roles, materials, a checklist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import NumberRange

from app.events import kit_lines, words
from app.events.forms import LONGEST_DAY
from app.events.kit_models import Kit
from app.events.kits import Contents
from app.events.models import Event, EventKind
from app.foundation import clock
from app.foundation.forms import (
    REQUIRED,
    DateField,
    Field,
    Form,
    InputRequired,
    SelectField,
    ValidationError,
    WholeNumber,
    choices,
    chosen,
    line,
    lines,
    typed,
)

FARTHEST = timedelta(days=5 * 366)
ONE_EACH = _l("One on each line.")


class NeedsForm(Form):
    """What an event needs, a line for each thing."""

    roles = lines(_l("Who is needed"), most=2000, rows=5, hint=ONE_EACH)
    materials = lines(_l("What to bring"), most=2000, rows=5, hint=ONE_EACH)
    checklist = lines(_l("Checklist"), most=4000, rows=5, hint=ONE_EACH)

    def lists(self) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """Roles, materials, checklist."""
        return _each(self.roles), _each(self.materials), _each(self.checklist)


class KitForm(NeedsForm):
    """An event template."""

    title = line(_l("Title"), most=120)
    kind = SelectField(_l("Kind of event"), choices=choices(words.KINDS.items()))
    minutes = WholeNumber(
        _l("Length in minutes"),
        default=90,
        validators=[
            InputRequired(REQUIRED),
            NumberRange(5, LONGEST_DAY, _l("Between 5 minutes and 24 hours, please.")),
        ],
        render_kw={"class_": "s", "inputmode": "numeric"},
    )
    description = lines(
        _l("Description"),
        hint=_l("You can use Markdown: **bold**, *italic*, lists, and [a link](https://…)."),
    )
    title_es = line(_l("Title in Spanish"), required=False, most=120)
    description_es = lines(_l("Description in Spanish"))
    questions = lines(
        _l("Asked when people sign up"),
        most=3000,
        rows=4,
        hint=_l("One on each line. Answers to choose from follow after bars: Food? | Meat | Vegan"),
    )
    reminders = line(
        _l("Reminders before the event"),
        required=False,
        most=120,
        hint=_l("Such as: 7 days, 1 day, 2 hours. What they say is changed in each event."),
    )

    def validate_reminders(self, field: Field) -> None:
        if not kit_lines.are_spans(field.data or ""):
            raise ValidationError(_("Please write days and hours: 7 days, 1 day, 2 hours."))

    def contents(self, before: Kit | None = None) -> Contents:
        """What the valid form says; `before` is the event template that is being changed."""
        roles, materials, checklist = self.lists()
        questions = before.questions if before else ()
        reminders = before.reminders if before else ()
        return Contents(
            kind=EventKind(self.kind.data),
            title=typed(self.title),
            description=typed(self.description),
            minutes=self.minutes.data or 0,
            roles=roles,
            materials=materials,
            checklist=checklist,
            questions=kit_lines.read_questions(typed(self.questions), questions),
            reminders=kit_lines.read_reminders(typed(self.reminders), reminders),
            title_es=typed(self.title_es),
            description_es=typed(self.description_es),
        )


class CopyForm(Form):
    """The day of an event that is held once more."""

    on = DateField(_l("Date"), validators=[InputRequired(REQUIRED)])

    def validate_on(self, field: Field) -> None:
        if field.data and not timedelta() < field.data - clock.today() <= FARTHEST:
            raise ValidationError(_("Please choose a day that is to come."))

    def day(self) -> date:
        return chosen(self.on)


def needs_of(thing: Event | Kit) -> dict[str, str]:
    """The form's fields as an event or an event template has them."""
    return {name: "\n".join(getattr(thing, name)) for name in ("roles", "materials", "checklist")}


def defaults_of(kit: Kit) -> dict[str, Any]:
    names = ("title", "minutes", "description", "title_es", "description_es")
    return {
        **{name: getattr(kit, name) for name in names},
        "kind": kit.kind.value,
        **needs_of(kit),
        "questions": kit_lines.of_questions(kit.questions),
        "reminders": kit_lines.of_reminders(kit.reminders),
    }


def _each(field: Any) -> Sequence[str]:
    return [row.strip(" \t-*•") for row in typed(field).splitlines() if row.strip(" \t-*•")]
