"""The form of one sponsor of a resolution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.campaigns import partial
from app.campaigns.contacting import Official
from app.campaigns.sponsor_profiles import Told
from app.foundation.forms import (
    BooleanField,
    Form,
    Optional,
    SelectField,
    ValidationError,
    choices,
    line,
    lines,
    typed,
    unknown_day,
)


class SponsorForm(Form):
    """Somebody who sponsors a resolution; a seat gives their name where it is known."""

    seat = SelectField(_l("Who sits on the council"), validators=[Optional()])
    name = line(_l("Or their name"), required=False, most=120)
    post = line(_l("Their post"), required=False, most=120)
    is_primary = BooleanField(_l("They brought it in; the others joined later"))
    since = line(
        _l("Since when"),
        required=False,
        most=10,
        hint=_l("A day, a month or a year, such as 2027-03-05 or 2027"),
    )

    def offer(self, sitting: Sequence[Official]) -> None:
        self.seat.choices = choices(
            [("", _("Somebody else")), *((each.seat_id, _label(each)) for each in sitting)]
        )
        self.sitting = {str(each.seat_id): each for each in sitting}

    def validate_since(self, field: Any) -> None:
        try:
            partial.checked(field.data or "")
        except ValueError:
            raise ValidationError(unknown_day(field.data or "")) from None

    def validate(self, *more: Any, **named: Any) -> bool:
        valid = bool(super().validate(*more, **named))
        if not self.seat.data and not self.name.data:
            self.add_error("name", _("Please choose somebody above, or give their name."))
            return False
        return valid

    def told(self) -> Told:
        chosen = self.sitting.get(self.seat.data or "")
        return Told(
            name=chosen.name if chosen else typed(self.name),
            post=typed(self.post) or (chosen.seat if chosen else ""),
            seat_id=chosen.seat_id if chosen else None,
            is_primary=bool(self.is_primary.data),
            since=typed(self.since),
        )


class WordsForm(Form):
    """What a sponsor said of it, for everybody to read; empty takes it off the page."""

    words = lines(_l("What they said, word for word"), most=600, rows=4)
    source = line(
        _l("Where it is written"),
        required=False,
        most=500,
        hint=_l("A link, or how you got it: by e-mail to us on May 3, to be published"),
    )

    def validate(self, *more: Any, **named: Any) -> bool:
        valid = bool(super().validate(*more, **named))
        if self.words.data and not self.source.data:
            self.add_error("source", _("Everything public has a source. Where did they say it?"))
            return False
        return valid


def _label(official: Official) -> str:
    return f"{official.name}, {official.seat}"
