"""Forms of imports: a file or what was pasted, which column is what, consent given elsewhere."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FileField, TextAreaField

from app.foundation.forms import (
    BooleanField,
    DateField,
    Form,
    InputRequired,
    SelectField,
    choices,
    line,
    lines,
)
from app.moving.headings import FIELDS, NOT_OWN, OF_KIND, lacking
from app.moving.models import ImportRun
from app.moving.words import KINDS

NO_COLUMN = "-"
BOUNCED = "bounced"
"""A list of addresses not to write to, of which every mail came back."""


def file_field() -> FileField:
    return FileField(_l("A file"), description=_l("CSV, as any spreadsheet saves it."))


def pasted_rows() -> TextAreaField:
    return TextAreaField(
        _l("Or rows from a spreadsheet"),
        description=_l("Copy them there, with the row of headings, and paste them here."),
        render_kw={"rows": 6},
    )


class FileForm(Form):
    """What somebody brings."""

    kind = SelectField(
        _l("What is it?"),
        choices=choices([*KINDS.items(), (BOUNCED, _l("Addresses whose mail came back"))]),
    )
    file = file_field()
    pasted = pasted_rows()


class OwnFileForm(Form):
    """People whom a coordinator brings for their alliance."""

    file = file_field()
    pasted = pasted_rows()


class NotApprovedForm(Form):
    """Why staff do not import a coordinator's list; the coordinator reads it."""

    reason = lines(_l("Reason, which the coordinator reads"), required=True, most=2000, rows=3)


class ConsentForm(Form):
    """What is known of a consent that people gave elsewhere."""

    source = line(_l("Where did they agree?"), hint=_l("For example: the sign-up form of 2024."))
    given_on = DateField(_l("When?"), validators=[InputRequired()])
    wording = line(_l("In which words?"), most=1000)
    evidence = FileField(
        _l("Evidence"),
        description=_l("A PDF: the form, or the list's export."),
        validators=[InputRequired(_l("Please choose a file."))],
    )


class ApplyForm(Form):
    """The last question before an import."""

    no_lists = BooleanField(_l("There is no list of addresses that we must not write to."))


def columns_form(run: ImportRun) -> Form:
    """A select for each field that the rows may tell; its column is chosen where it is known."""

    class ColumnsForm(Form):
        def validate(self, extra_validators: Any = None) -> bool:
            """Say once what is missing, where each row would be refused for it."""
            is_valid: bool = super().validate(extra_validators)
            if is_valid:
                for field, sentence in lacking(chosen_columns(self), run.kind):
                    self.add_error(field, sentence)
                    is_valid = False
            return is_valid

    options = [(NO_COLUMN, _l("not in this file")), *enumerate(run.headings)]
    fields = [name for name in OF_KIND[run.kind] if run.alliance_id is None or name not in NOT_OWN]
    for name in fields:
        chosen = run.columns.get(name, NO_COLUMN)
        select = SelectField(FIELDS[name], choices=choices(options), default=str(chosen))
        setattr(ColumnsForm, name, select)
    return ColumnsForm()


def chosen_columns(form: Form) -> dict[str, int]:
    """The place of each field that has one."""
    return {f.short_name: int(f.data) for f in form if f.data != NO_COLUMN}
