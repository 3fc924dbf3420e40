"""The base of every form: cleaned text, lengths, and plain sentences for what is wrong.

Forgery is refused at the edge (see web), so forms carry no token field of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import BooleanField, Field, IntegerField, PasswordField, StringField, TextAreaField
from wtforms import DateField as PlainDateField
from wtforms import SelectField as PlainSelectField
from wtforms.fields import SelectFieldBase
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than types
from wtforms.form import BaseForm
from wtforms.i18n import get_translations
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    StopValidation,
    ValidationError,
)
from wtforms.widgets import Select, TextInput
from wtforms.widgets.core import clean_key  # type: ignore[attr-defined]  # missing in the types

from app.foundation import language, text
from app.foundation.later import later

__all__ = [
    "BooleanField",
    "DataRequired",
    "DateField",
    "Field",
    "FilterForm",
    "Form",
    "InputRequired",
    "Optional",
    "PasswordField",
    "SelectField",
    "ValidationError",
    "WholeNumber",
    "choices",
    "email_field",
    "line",
    "lines",
    "typed",
]

MEANT_YEARS = range(1700, 9999)
REQUIRED = _l("Please fill this in.")
NO_DAY = _l("Please type a day that exists, such as 2027-06-30.")
MONTHS = 12
ROOM = 4
"""Browsers take so many times what a long text may have: what they cut off is still too long, so
that people are told, and what they send is never refused as a whole for its size."""
_validate_email = later("email_validator.validate_email:validate_email")
_PARTIAL = re.compile(r"(?:1[7-9]|2[01])\d\d-(\d{2})(?:-(\d{2}))?", re.ASCII)
_PLAIN = re.compile(r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*")
"""What stands before the @ in most addresses, where nothing is left to look at."""


def attributes(**values: Any) -> str:
    """HTML attributes as WTForms writes them, at a tenth of its cost."""
    written = []
    for key, value in sorted(values.items()):
        if value is True:
            written.append(clean_key(key))
        elif value is not False:
            quoted = str(escape(value)).replace('"', "&quot;")
            written.append(f'{clean_key(key)}="{quoted}"')
    return " ".join(written)


class Input(TextInput):
    """An input of one line."""

    html_params = staticmethod(attributes)


class Options(Select):
    """A select whose options have neither groups nor attributes of their own."""

    def __call__(self, field: SelectFieldBase, **values: Any) -> Markup:
        values.setdefault("id", field.id)
        values |= {flag: True for flag in ("required", "disabled") if getattr(field.flags, flag)}
        choices: Iterable[Any] = field.iter_choices()  # the types know an older WTForms
        options = [_option(choice.value, choice.label, choice.selected) for choice in choices]
        start = attributes(name=field.name, **values)
        return Markup(f"<select {start}>{''.join(options)}</select>")  # noqa: S704  escaped


def _option(value: object, label: object, selected: bool) -> str:
    mark = " selected" if selected else ""
    return f'<option{mark} value="{escape(value)}">{escape(label)}</option>'


class SelectField(PlainSelectField):
    """One of several choices; spaces alone are none, as `Optional` has it."""

    widget = Options()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.strip() for value in valuelist])


class DateField(PlainDateField):
    """A day that somebody may mean: with the first and the last ones nobody can reckon."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Spaces alone are nothing, as `Optional` has it."""
        if not "".join(valuelist).strip():
            self.data, self.raw_data = None, []
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(NO_DAY)) from None
        if self.data is not None and self.data.year not in MEANT_YEARS:
            self.data = None
            raise ValueError(str(NO_DAY))

    def pre_validate(self, _form: Any) -> None:
        """What is wrong with a typed day is not hidden by "please fill this in"."""
        if self.process_errors:
            raise StopValidation


_translations = cache(lambda code: get_translations((code,)))


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that is posted."""

    class Meta:
        csrf = False

        def get_translations(self, _form: Form) -> Any:
            """WTForms' own, which are read once; Flask-WTF would read their file every time."""
            return _translations(language.current())

    def add_error(self, field: str, message: str) -> None:
        """Put what an action refused beside the field that caused it."""
        wtf_field = self[field]
        wtf_field.errors = [*wtf_field.errors, message]


class FilterForm(Form):
    """A form in the address of a list; reads the query string."""

    offers_always_the_same: ClassVar[bool] = True
    """False for a form whose choices are looked up."""

    _looked_at = False

    def leave_out_wrong(self) -> None:
        """Look at each field once: what is wrong is said beside it and narrows nothing, while the
        other fields go on to."""
        if self._looked_at:
            return
        self._looked_at = True
        if not self.validate():
            for field in self:
                if field.errors:
                    field.data = None

    @classmethod
    def of(cls, args: Mapping[str, Any]) -> FilterForm:
        return cls(formdata=args)


def line(
    label: Any, *, required: bool = True, most: int = 200, hint: Any = "", **render: Any
) -> StringField:
    """One line of text, cleaned; `render` are HTML attributes such as autocomplete."""
    return StringField(
        label,
        widget=Input(),
        filters=[_clean_line],
        validators=[_presence(required), Length(max=most, message=_too_long(most))],
        description=hint,
        render_kw={"maxlength": most, **render},
    )


def lines(
    label: Any, *, required: bool = False, most: int = 20_000, hint: Any = "", rows: int = 8
) -> TextAreaField:
    """Several lines of text, cleaned."""
    return TextAreaField(
        label,
        filters=[_clean_lines],
        validators=[_presence(required), Length(max=most, message=_too_long(most))],
        description=hint,
        render_kw={"rows": rows, "maxlength": most * ROOM},
    )


def email_field(label: Any, *, required: bool = True, hint: Any = "") -> StringField:
    """An e-mail address as typed; `text.canonical_email` gives the form to compare."""
    return StringField(
        label,
        widget=Input(),
        filters=[_clean_line],
        validators=[_presence(required), Length(max=254, message=_too_long(254)), _check_email],
        description=hint,
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )


class WholeNumber(IntegerField):
    """An integer field that says plainly what it wants."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Please type a whole number.")) from None

    def pre_validate(self, form: BaseForm) -> None:
        """What is no number is not also said to be too small or too large."""
        if self.process_errors and self.raw_data and self.raw_data[0].strip():
            raise StopValidation


def typed(field: StringField) -> str:
    """What somebody typed into a field; empty if nothing was sent."""
    return field.data or ""


def choices(pairs: Iterable[tuple[object, Any]]) -> list[Any]:
    """The options of a select or of radio buttons, from values and labels."""
    return [SelectChoice(value=str(value), label=label) for value, label in pairs]


def chosen(field: DateField) -> date:
    """The day in a field of a valid form."""
    if field.data is None:
        raise ValueError("ask for the days of a valid form only")
    return field.data


def unknown_day(raw: str) -> str:
    """What is wrong with a date of which only the year or the month may be known."""
    found = _PARTIAL.fullmatch(raw.strip())
    if found and not 1 <= int(found[1]) <= MONTHS:
        return str(_("There is no such month."))
    if found and found[2]:
        return str(_("There is no such day."))
    return str(_("Please write a date such as 2021, 2021-05 or 2021-05-24."))


def wall_time(date_text: str, time_text: str) -> datetime | None:
    """The wall time of a date and a time field, or None if either is not one."""
    try:
        wall = datetime.fromisoformat(f"{date_text}T{time_text}").replace(tzinfo=None)
    except ValueError:
        return None
    return wall if wall.year in MEANT_YEARS else None


def clock_field(label: Any, *, required: bool, width: str) -> StringField:
    """A time of the day, such as 18:30."""
    return StringField(
        label,
        widget=Input(),
        filters=[_clean_line],
        validators=[_presence(required), check_clock],
        render_kw={"maxlength": 8, "type": "time", "class_": width},
    )


def check_clock(_form: Form, field: Any) -> None:
    """A time of the day, where one was typed."""
    if field.data and wall_time("2027-07-17", field.data) is None:
        raise ValidationError(_("Please type a time such as 18:30."))


def _presence(required: bool) -> Any:
    return DataRequired(REQUIRED) if required else Optional()


def _too_long(most: int) -> Any:
    return _l("Please use at most %(most)s characters.", most=f"{most:,}")


def _clean_line(raw: str | None) -> str | None:
    return None if raw is None else text.one_line(raw)


def _clean_lines(raw: str | None) -> str | None:
    return None if raw is None else text.clean(raw)


def _check_email(_form: Form, field: Field) -> None:
    problem = "" if field.errors else email_problem(field.data)  # a megabyte takes a second to read
    if problem:
        raise ValidationError(problem)


def email_problem(raw: str) -> str:
    """What keeps us from writing to an address as typed, in a sentence; empty if nothing does."""
    canonical = text.canonical_email(raw)
    if "@" in canonical and not canonical.isascii():
        return str(_("We can only write to addresses without accents and the like."))
    if not is_address(canonical):
        return str(_("This does not look like an e-mail address. Is there a typo?"))
    return ""


def is_address(canonical: str) -> bool:
    """Lists have many addresses at few domains: looking at each domain once saves most of it."""
    name, _at, domain = canonical.rpartition("@")
    if len(name) <= 64 and len(canonical) <= 254 and _PLAIN.fullmatch(name):
        return _takes_mail(domain)
    return _is_valid(canonical)


@lru_cache(maxsize=1024)
def _takes_mail(domain: str) -> bool:
    return _is_valid(f"a@{domain}")


def _is_valid(canonical: str) -> bool:
    try:
        _validate_email(canonical, check_deliverability=False, strict=True)
    except ValueError:
        return False
    return True
