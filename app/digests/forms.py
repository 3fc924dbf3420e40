"""What staff type: an issue, how it goes out, and whom to look at in a preview."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from app.digests import queries
from app.digests.actions import Draft
from app.digests.models import AudienceKind, Issue
from app.foundation import geo
from app.foundation.forms import Field, FilterForm, Form, ValidationError, choices, line, lines
from app.people.models import DigestEvery


class IssueForm(Form):
    """The text of an issue, and for whom it is."""

    subject = line(_l("Subject"), most=150, hint=_l("The first thing that people see of it."))
    introduction = lines(
        _l("Introduction"),
        hint=_l(
            "Markdown: **bold**, [words](https://…), lists. Pictures are left out; each reader's "
            "events follow by themselves. Without an introduction, only people with events get it."
        ),
        rows=12,
    )
    every = RadioField(
        _l("Which readers?"),
        choices=choices(
            (
                (DigestEvery.MONTHLY, _l("Those who chose monthly")),
                (DigestEvery.WEEKLY, _l("Those who chose weekly")),
            )
        ),
        default=DigestEvery.MONTHLY.value,
    )
    audience = RadioField(
        _l("Where?"),
        choices=choices(
            (
                (AudienceKind.EVERYBODY, _l("Everybody")),
                (AudienceKind.STATES, _l("People in these states")),
                (AudienceKind.ALLIANCES, _l("Members of these alliances")),
            )
        ),
        default=AudienceKind.EVERYBODY.value,
    )
    states = SelectMultipleField(
        _l("States"),
        choices=choices(geo.state_choices()),
        option_widget=CheckboxInput(),
        widget=ListWidget(),
    )
    alliances = SelectMultipleField(
        _l("Alliances"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget()
    )
    version = HiddenField(default="0")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alliances.choices = choices(queries.alliance_choices())

    @classmethod
    def of(cls, issue: Issue) -> IssueForm:
        """The form as it stands for an issue, or as it was sent."""
        return cls(
            subject=issue.subject,
            introduction=issue.introduction,
            every=issue.every.value,
            audience=issue.audience.value,
            states=issue.states,
            alliances=issue.alliance_ids,
            version=str(issue.version),
        )

    def validate_states(self, field: Any) -> None:
        if self.audience.data == AudienceKind.STATES and not field.data:
            raise ValidationError(_("Choose at least one state."))

    def validate_alliances(self, field: Any) -> None:
        if self.audience.data == AudienceKind.ALLIANCES and not field.data:
            raise ValidationError(_("Choose at least one alliance."))

    def draft(self) -> Draft:
        """What was typed; places that do not belong to the chosen audience are dropped."""
        audience = AudienceKind(self.audience.data)
        in_states = audience == AudienceKind.STATES
        in_alliances = audience == AudienceKind.ALLIANCES
        return Draft(
            subject=self.subject.data or "",
            introduction=self.introduction.data or "",
            every=DigestEvery(self.every.data),
            audience=audience,
            states=tuple(self.states.data or ()) if in_states else (),
            alliance_ids=tuple(self.alliances.data or ()) if in_alliances else (),
        )

    def read_version(self) -> int:
        raw = str(self.version.data)
        return int(raw) if raw.isdecimal() and len(raw) < 10 else 0


class DayField(DateField):
    """A day, or None where nothing was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if any(valuelist):
            super().process_formdata(valuelist)


class PeopleField(Field):
    """A number of people, typed with or without commas; None for anything else."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = "".join(valuelist).replace(",", "").strip()
        self.data = int(typed) if typed.isascii() and typed.isdecimal() else None

    def _value(self) -> str:
        return "" if self.data is None else f"{self.data:,}"


class SendForm(Form):
    """Now or on a day, and the number of people that staff type to say that they know it."""

    when = RadioField(
        _l("When?"),
        choices=choices(
            (
                ("now", _l("Now, to everybody at once")),
                ("day", _l("On a day, at the hour each reader chose")),
            )
        ),
        default="now",
    )
    on = DayField(_l("Day"))
    people = PeopleField(
        _l("How many people will get it?"),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "class": "s"},
    )

    def validate_on(self, field: Any) -> None:
        if self.when.data == "day" and field.data is None and not field.errors:
            raise ValidationError(_("Choose a day."))

    def validate_people(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("Type the number of people."))

    def day(self) -> date | None:
        chosen: date | None = self.on.data
        return chosen if self.when.data == "day" else None


class ListFilters(FilterForm):
    """The filter above the list of digests."""

    search = line(_l("Subject"), required=False, most=100)
