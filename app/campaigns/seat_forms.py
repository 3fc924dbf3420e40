"""Forms of seats and of the people in them."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField

from app.campaigns import council_words as words
from app.campaigns import rosters
from app.campaigns.body_models import SeatKind, SeatTerm
from app.campaigns.council_forms import DivisionField, day_field, link_field
from app.campaigns.seat_actions import Official
from app.foundation.forms import (
    Form,
    Optional,
    SelectField,
    ValidationError,
    choices,
    email_field,
    line,
    lines,
    typed,
)
from app.foundation.later import later

_guesses = later("charset_normalizer:from_bytes")


class SeatForm(Form):
    """A seat, whoever sits on it."""

    label = line(_l("Name of the seat"), most=80, hint=_l("Such as: District 2."))
    kind = SelectField(_l("Kind"), choices=choices(words.SEATS.items()))
    division = DivisionField(
        _l("Id of the district, if you know it"),
        validators=[Optional()],
        description=_l(
            "Such as ocd-division/country:us/state:ca/place:los_angeles/council_district:2"
        ),
    )

    def seat_kind(self) -> SeatKind:
        return SeatKind(self.kind.data)


class TermForm(Form):
    """Somebody in a seat; leave a day empty that nobody knows."""

    name = line(_l("Name"), most=120)
    since = day_field(_l("In office since"))
    until = day_field(_l("Until"))
    party = line(_l("Party"), required=False, most=60)
    email = email_field(_l("E-mail of the office"), required=False)
    phone = line(_l("Phone of the office"), required=False, most=40, type="tel")
    website = link_field(_l("Website"))

    def official(self) -> Official:
        return Official(
            name=typed(self.name),
            since=self.since.data,
            until=self.until.data,
            party=typed(self.party),
            email=typed(self.email),
            phone=typed(self.phone),
            website=typed(self.website),
        )

    @classmethod
    def of(cls, term: SeatTerm) -> TermForm:
        return cls(**{name: getattr(term, name) for name in Official.__dataclass_fields__})


class RosterForm(Form):
    """A list of people: pasted or from a file; `apply` takes it after it was shown."""

    words = lines(
        _l("The list"),
        most=rosters.LONGEST,
        rows=10,
        hint=_l("Paste it as it is: a name and a district on each line, or a table (CSV)."),
    )
    file = FileField(
        _l("Or a file"),
        description=_l("A table (CSV), or JSON of Legistar; at most 1 MB."),
        render_kw={"accept": ".csv,.txt,.json"},
    )
    apply = HiddenField()
    _read: bytes = b""

    def validate_file(self, field: FileField) -> None:
        if not field.data:
            return
        self._read = field.data.read(rosters.LONGEST + 1)
        if len(self._read) > rosters.LONGEST:
            raise ValidationError(_("This file is larger than 1 MB."))

    def raw(self) -> str:
        """What was pasted, else what the file holds."""
        return self.words.data or str(_guesses(self._read).best() or "")
