"""Forms of visits: the plan and the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectMultipleField

from app.campaigns import whip_words
from app.campaigns.lobbying_forms import check_dollars, minutes_field
from app.campaigns.visiting import Planned, Report
from app.foundation.forms import (
    REQUIRED,
    DataRequired,
    DateField,
    Form,
    Optional,
    SelectField,
    choices,
    chosen,
    clock_field,
    line,
    lines,
    typed,
)

OTHER = ""
OURS = _l("Only the organizers of this campaign read this.")


class VisitForm(Form):
    """Whom, when, who goes along, and what to ask for."""

    whom = SelectField(_l("Whom do you visit?"), validators=[Optional()])
    office = line(
        _l("Or another office"),
        required=False,
        most=160,
        hint=_l("For example: the mayor's chief of staff"),
    )
    on = DateField(_l("Day"), validators=[DataRequired(REQUIRED)])
    at = clock_field(_l("Time"), required=False, width="m")
    place = line(_l("Where"), required=False, most=160)
    wanted = lines(_l("What do you ask for?"), most=2000, rows=3, hint=OURS)
    owner = SelectField(_l("Who leads the visit"), validators=[Optional()])
    guests = SelectMultipleField(
        _l("Who goes along"), validators=[Optional()], render_kw={"size": 6}
    )

    def offer(
        self,
        offices: Sequence[tuple[str, str]],
        people: Sequence[tuple[int, str]],
        *,
        owners: Sequence[tuple[int, str]] = (),
        guests: Sequence[tuple[int, str]] = (),
        hidden: int = 0,
    ) -> None:
        """Whom to choose from; `owners` and `guests` do so already, and `hidden` more guests."""
        self.whom.choices = choices([(OTHER, _("Another office, named below")), *offices])
        self.owner.choices = choices([("", _("Nobody yet")), *_with(owners, people)])
        self.guests.choices = choices(_with(guests, people))
        if hidden:
            self.guests.description = ngettext(
                "One more, known only to the coordinator, goes along as well.",
                "%(num)s more, known only to the coordinator, go along as well.",
                hidden,
            )
        self.names = dict(offices)

    def validate(self, *more: Any, **named: Any) -> bool:
        valid = bool(super().validate(*more, **named))
        if not self.office.data and not self.whom.data:
            self.add_error("office", _("Please choose somebody above, or name the office."))
            return False
        return valid

    def planned(self) -> Planned:
        kind, _dash, number = (self.whom.data or "").partition("-")
        return Planned(
            office=typed(self.office) or self.names[self.whom.data],
            seat_id=int(number) if kind == "seat" else None,
            legislator_id=number if kind == "congress" else None,
            on=chosen(self.on),
            at=typed(self.at),
            place=typed(self.place),
            wanted=typed(self.wanted),
            owner_id=int(self.owner.data) if self.owner.data else None,
            guests=[int(each) for each in self.guests.data or ()],
        )


def _with(
    present: Sequence[tuple[int, str]], people: Sequence[tuple[int, str]]
) -> Sequence[tuple[int, str]]:
    """The people, then whoever is present already and is not among them any more."""
    known = dict(people)
    return [*people, *(one for one in present if one[0] not in known)]


class ReportForm(Form):
    """How a visit went; the time goes into the log of lobbying."""

    people_met = lines(
        _l("Whom did you meet?"), required=True, most=1000, rows=2, hint=_l("Names and roles.")
    )
    level = SelectField(
        _l("How will they vote?"),
        validators=[Optional()],
        choices=choices([("", _l("Not said, or not asked")), *whip_words.LEVELS.items()]),
    )
    heard = SelectField(_l("How do we know?"), choices=choices(whip_words.HEARD.items()))
    answer = lines(_l("What did they answer?"), most=4000, rows=4, hint=OURS)
    they_promised = lines(_l("What did they promise?"), most=2000, rows=2)
    we_promised = lines(_l("What did you promise?"), most=2000, rows=2)
    minutes = minutes_field(_l("Minutes that all of you together spent on it"))
    cost = line(_l("What it cost, in dollars"), required=False, most=12, inputmode="decimal")

    def validate_cost(self, field: Any) -> None:
        check_dollars(self, field)

    def report(self) -> Report:
        return Report(
            typed(self.people_met),
            typed(self.answer),
            typed(self.they_promised),
            typed(self.we_promised),
        )
