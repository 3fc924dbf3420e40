"""What staff type: an issue, how it goes out, and whom to look at in a preview."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField
from wtforms.validators import NumberRange
from wtforms.widgets import TextInput

from app.digests import saved_audiences
from app.digests.actions import Draft
from app.digests.models import Issue
from app.digests.subjects import Plan
from app.foundation.forms import (
    BooleanField,
    DateField,
    Field,
    FilterForm,
    Form,
    SelectField,
    ValidationError,
    choices,
    line,
    lines,
)
from app.people.models import DigestEvery

LEAST_LETTERS = 2


class VersionedForm(Form):
    """A form of something that two people may change at once."""

    version = HiddenField(default="0")

    def read_version(self) -> int:
        raw = str(self.version.data)
        return int(raw) if raw.isdecimal() and len(raw) < 10 else 0


class IssueForm(VersionedForm):
    """The text of an issue, and readers of which rhythm it is for."""

    subject = line(_l("Subject"), most=150, hint=_l("The first thing that people see of it."))
    introduction = lines(
        _l("Introduction"),
        hint=_l(
            "Markdown: **bold**, [words](https://…), lists. Pictures become links; each reader's "
            "events follow by themselves. Without an introduction, only people with events get it."
        ),
        rows=12,
    )
    subject_es = line(_l("Subject in Spanish"), required=False, most=150)
    introduction_es = lines(_l("Introduction in Spanish"), rows=12)
    is_private = BooleanField(_l("Keep it off the website"))
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

    @classmethod
    def of(cls, issue: Issue) -> IssueForm:
        """The form as it stands for an issue, or as it was sent."""
        return cls(
            subject=issue.subject,
            introduction=issue.introduction,
            subject_es=issue.subject_es,
            introduction_es=issue.introduction_es,
            is_private=issue.is_private,
            every=issue.every.value,
            version=str(issue.version),
        )

    def draft(self) -> Draft:
        """What was typed."""
        return Draft(
            subject=self.subject.data or "",
            introduction=self.introduction.data or "",
            subject_es=self.subject_es.data or "",
            introduction_es=self.introduction_es.data or "",
            is_private=self.is_private.data,
            every=DigestEvery(self.every.data),
        )


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
    on = DateField(_l("Day"))
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


class AudienceForm(VersionedForm):
    """The name of a saved audience; its conditions are a form of their own (see builder)."""

    name = line(_l("Name"), most=100, hint=_l("For example: Ohio and its neighbors."))


class SubjectsForm(Form):
    """Other subjects to try, with how many readers, and when it is decided."""

    second = line(_l("Second subject"), most=150)
    third = line(_l("Third subject, if you like"), required=False, most=150)
    share = IntegerField(
        _l("With how many of a hundred readers?"),
        default=20,
        validators=[NumberRange(5, 50, message=_l("Type a number from 5 to 50."))],
        render_kw={"inputmode": "numeric", "class": "s"},
    )
    hours = IntegerField(
        _l("After how many hours is it decided?"),
        default=4,
        description=_l("A digest for a day, at each reader's hour, goes to the rest a day later."),
        validators=[NumberRange(1, 48, message=_l("Type a number from 1 to 48."))],
        render_kw={"inputmode": "numeric", "class": "s"},
    )

    def __init__(self, issue: Issue, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = issue.subject

    def validate_second(self, field: Any) -> None:
        if field.data == self._own:
            raise ValidationError(_("Choose subjects that differ."))

    def validate_third(self, field: Any) -> None:
        if field.data and field.data in (self._own, self.second.data):
            raise ValidationError(_("Choose subjects that differ."))

    def plan(self) -> Plan:
        """What was typed."""
        others = tuple(filter(None, (self.second.data, self.third.data)))
        return Plan(others, self.share.data or 0, self.hours.data or 0)


class NameForm(Form):
    """Some letters of a reader's name."""

    name = line(_l("Part of a name"), most=100)

    def validate_name(self, field: Any) -> None:
        if len(field.data or "") < LEAST_LETTERS:
            raise ValidationError(_("Type at least two letters."))


class UseForm(VersionedForm):
    """Which saved audience an issue is for."""

    saved = SelectField(_l("Saved audience"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.saved.choices = choices(saved_audiences.names())


class AudienceFilters(FilterForm):
    """The filter above the list of saved audiences."""

    search = line(_l("Name"), required=False, most=100)


class SendAgainForm(Form):
    """Whether those get a copy, too, who may have theirs."""

    with_doubt = BooleanField(_l("Also to those who may have got it"))


class ListFilters(FilterForm):
    """The filter above the list of digests."""

    search = line(_l("Subject"), required=False, most=100)
