"""Writing a text clause by clause: a row for each, moved, added and taken out without scripts.

Every button of the form sends all of it; only "save" keeps it, the others give it back changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Self, TypeVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app.campaigns import clauses
from app.campaigns import measure_words as words
from app.campaigns.body_models import Instrument
from app.campaigns.campaign_forms import check_link, slot_problem, version_in
from app.campaigns.clauses import KINDS, Clause, ClauseKind
from app.campaigns.text_models import TextVersion
from app.campaigns.texts import Draft, NewerVersion
from app.foundation import text
from app.foundation.forms import BooleanField, Form, SelectField, choices, line, lines, typed
from app.library.models import TalkingPoint

MOST_ROWS = 60
Kind = TypeVar("Kind", bound="ClausesForm")
NAMES = {
    ClauseKind.PREAMBULAR: _l("WHEREAS"),
    ClauseKind.OPERATIVE: _l("RESOLVED or PROCLAIMED"),
    ClauseKind.TRANSMITTAL: _l("To whom it is sent"),
    ClauseKind.ATTESTATION: _l("Who signs it"),
}
FIRST = (ClauseKind.PREAMBULAR, ClauseKind.OPERATIVE)
"""The rows of an empty form."""


@dataclass(frozen=True)
class Row:
    """A clause as it stands in the form; `point` is the key of a talking point."""

    kind: ClauseKind
    words: str = ""
    source: str = ""
    point: str = ""
    local: bool = False


class ClausesForm(Form):
    """What is around the rows; `with_rows` adds them, `kind_0`, `words_0` and so on."""

    title = line(_l("Title"), most=300)
    note = line(_l("What changed, if you like"), required=False, most=200)
    add_kind = SelectField(_l("Add a clause"), choices=choices(NAMES.items()))
    base = HiddenField()
    rows = HiddenField()

    points: Mapping[str, TalkingPoint] = {}

    @property
    def count(self) -> int:
        return len([name for name in self._fields if name.startswith("words_")])

    def typed_rows(self) -> list[Row]:
        """The rows as they were typed, also those of a form that is not valid."""
        return [self._row(number) for number in range(self.count)]

    def _row(self, number: int) -> Row:
        kind = self[f"kind_{number}"].data
        return Row(
            ClauseKind(kind) if kind in KINDS else ClauseKind.PREAMBULAR,
            typed(self[f"words_{number}"]),
            typed(self[f"source_{number}"]),
            typed(self[f"point_{number}"]),
            local=self[f"local_{number}"].data == "yes",
        )

    def parts(self) -> Sequence[Clause]:
        """The clauses; a row without words takes those of its talking point, or is left out."""
        found = []
        for row in self.typed_rows():
            point = self.points.get(row.point)
            spoken = row.words or (point.words if point else "")
            if spoken:
                source = row.source or source_of(point)
                found.append(
                    Clause(row.kind, spoken, row.local, source, point.id if point else None)
                )
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """Slots, talking points, and that there is something at all."""
        valid = bool(super().validate(extra_validators))
        self._check_slots("title", typed(self.title))
        for number, row in enumerate(self.typed_rows()):
            self._check_slots(f"words_{number}", row.words)
            if row.point and row.point not in self.points:
                problem = _("There is no talking point with this name. Choose one from the list.")
                self.add_error(f"point_{number}", problem)
        if not self.parts():
            self.form_errors.append(_("Please write at least one clause."))
        return valid and not self.errors

    def _check_slots(self, field: str, spoken: str) -> None:
        if unknown := clauses.unknown_slots(spoken):
            self.add_error(field, slot_problem(unknown))

    def told_of(self, newer: NewerVersion) -> Self:
        """The same words on top of somebody else's, for whoever looked and saves once more."""
        self.base.data = str(newer.number)
        self.form_errors.append(
            _(
                "Somebody saved version %(number)s meanwhile."
                " What you wrote is below and not saved yet.",
                number=newer.number,
            )
        )
        return self

    def draft(self) -> Draft:
        """What a valid form says."""
        values = slot_values()
        return Draft(
            clauses.filled(typed(self.title), values),
            clauses.all_filled(self.parts(), values),
            typed(self.note),
            base=version_in(self.base),
        )


class LocalTextForm(ClausesForm):
    """The text of a campaign, perhaps begun from a model text."""

    model_version = HiddenField()
    adopted = BooleanField(_l("This is the text as it was adopted"))

    def model_version_id(self) -> int | None:
        return version_in(self.model_version) or None


class ModelTextForm(ClausesForm):
    """A model text and its clauses."""

    instrument = SelectField(_l("Kind"), choices=choices(words.INSTRUMENTS.items()))
    about = lines(
        _l("When to use it"), most=600, rows=2, hint=_l("Coordinators read this when they choose.")
    )
    source_title = line(_l("Where it comes from"), required=False, most=200)
    source_url = line(_l("Link"), required=False, most=500, type="url")

    def validate_source_url(self, field: Any) -> None:
        check_link(self, field)

    def chosen_instrument(self) -> Instrument:
        return Instrument(self.instrument.data)


def source_of(point: TalkingPoint | None) -> str:
    """Where the facts of a talking point can be looked up."""
    if point is None:
        return ""
    return point.link or (point.source.url if point.source else "")


def sent(form_class: type[Kind], points: Mapping[str, TalkingPoint]) -> Kind:
    """The form as it came in, with as many rows as it had."""
    count = request.form.get("rows", 0, type=int)
    form: Kind = _class(form_class, max(0, min(count, MOST_ROWS)))()
    form.points = points
    return form


def opened(
    form_class: type[Kind], rows: Sequence[Row], points: Mapping[str, TalkingPoint], **values: Any
) -> Kind:
    """A form that holds some rows, whatever was sent."""
    filled = {
        f"{name}_{number}": value for number, row in enumerate(rows) for name, value in _of(row)
    }
    form: Kind = _class(form_class, len(rows))(
        formdata=None, data={**values, **filled, "rows": str(len(rows))}
    )
    form.points = points
    return form


def again(form_class: type[Kind], form: Kind) -> Kind:
    """What was sent, changed by the button that was pressed."""
    rows = changed(form.typed_rows(), request.form.get("do", ""), request.form.get("add_kind", ""))
    values = slot_values()
    own = {name: field.data for name, field in form._fields.items() if not name[-1].isdecimal()}
    del own["rows"]
    own["title"] = clauses.filled(own["title"] or "", values)
    return opened(form_class, filled(rows, values), form.points, **own)


def filled(rows: Sequence[Row], values: Mapping[str, str]) -> Sequence[Row]:
    return [replace(row, words=clauses.filled(row.words, values)) for row in rows]


def slot_values() -> Mapping[str, str]:
    """What was typed for the places that are still in brackets."""
    return {name: text.one_line(request.form.get(f"slot_{name}", "")) for name in clauses.SLOTS}


def changed(rows: Sequence[Row], do: str, kind: str = "") -> Sequence[Row]:
    """Rows moved, taken out or added: `up-3`, `down-3`, `remove-3`, `add`, in order of kinds."""
    rows = list(rows)
    verb, _dash, raw = do.partition("-")
    number = int(raw) if raw.isdecimal() and int(raw) < len(rows) else None
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append(Row(ClauseKind(kind) if kind in KINDS else ClauseKind.PREAMBULAR, local=True))
    elif verb == "remove" and number is not None:
        del rows[number]
    elif number is not None:
        other = number + {"up": -1, "down": 1}.get(verb, 0)
        if 0 <= other < len(rows) and rows[other].kind == rows[number].kind:
            rows[number], rows[other] = rows[other], rows[number]
    return sorted(rows, key=lambda row: KINDS.index(row.kind))


def rows_of(version: TextVersion | None, points: Mapping[str, TalkingPoint]) -> Sequence[Row]:
    """The rows of a version, or of an empty form."""
    if version is None:
        return [Row(kind, local=True) for kind in FIRST]
    keys = {point.id: key for key, point in points.items()}
    return [
        Row(each.kind, each.words, each.source, keys.get(each.point_id or 0, ""), each.local)
        for each in version.clauses
    ]


def _of(row: Row) -> Sequence[tuple[str, str]]:
    return (
        ("kind", row.kind.value),
        ("words", row.words),
        ("source", row.source),
        ("point", row.point),
        ("local", "yes" if row.local else ""),
    )


def _class(form_class: Any, count: int) -> Any:
    """As below; mypy does not see that a class can be remembered by."""
    return _with_rows(form_class, count)


@cache
def _with_rows(form_class: Any, count: int) -> Any:
    fields: dict[str, Any] = {}
    for number in range(count):
        of = {"number": number + 1}
        fields |= {
            f"kind_{number}": SelectField(
                _l("Kind of clause %(number)s", **of), choices=choices(NAMES.items())
            ),
            f"words_{number}": lines(_l("Clause %(number)s", **of), most=4000, rows=3),
            f"source_{number}": line(
                _l("Where clause %(number)s can be looked up", **of), required=False, most=500
            ),
            f"point_{number}": line(
                _l("Talking point of clause %(number)s", **of),
                required=False,
                most=80,
                list="points",
                autocomplete="off",
            ),
            f"local_{number}": HiddenField(),
        }
    return type(f"{form_class.__name__}Of{count}", (form_class,), fields)
