"""Forms of the desk about seats and votes: what was said, who asks, how they voted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.campaigns import fact_words, whip_words
from app.campaigns.campaign_forms import check_count, check_day, check_link, check_past, day_of
from app.campaigns.past_days import PastForm
from app.foundation.forms import (
    Form,
    Optional,
    SelectField,
    choices,
    line,
    lines,
)
from app.people.models import Person


class WordForm(PastForm):
    """What one seat said."""

    level = SelectField(_l("What did they say?"), choices=choices(whip_words.LEVELS.items()))
    heard = SelectField(_l("How do we know?"), choices=choices(whip_words.HEARD.items()))
    on = line(_l("When"), most=10, type="date", class_="m")
    asked_by = SelectField(_l("Who asked them"), validators=[Optional()])
    evidence = lines(
        _l("What exactly was said, or a link"),
        most=2000,
        rows=3,
        hint=_l("Only the organizers of this campaign read this."),
    )

    def offer(self, people: Sequence[Person]) -> None:
        self.asked_by.choices = _people(people)

    def validate_on(self, field: Any) -> None:
        check_past(self, field)


class AskForm(Form):
    """Who asks a seat, and until when."""

    owner = SelectField(_l("Who asks"), validators=[Optional()])
    due_on = line(_l("By when"), required=False, most=10, type="date", class_="m")

    def offer(self, people: Sequence[Person]) -> None:
        self.owner.choices = _people(people)

    def validate_due_on(self, field: Any) -> None:
        if field.data:
            check_day(self, field)

    def due(self) -> date | None:
        return day_of(self.due_on.data)


class VoteForm(PastForm):
    """A vote as the minutes print it."""

    part = line(_l("Which part, if the question was divided"), required=False, most=120)
    vote_on = line(_l("Day of the vote"), most=10, type="date", class_="m")
    vote_method = SelectField(_l("How they voted"), choices=choices(fact_words.METHODS.items()))
    vote_counts = lines(
        _l("The count, as the minutes give it"),
        required=True,
        most=4000,
        rows=4,
        hint=_l("For example 9-4, or AYES: Price, Lee NOES: None ABSENT: Cedillo"),
    )
    vote_result = SelectField(_l("Result"), choices=choices(fact_words.RESULTS.items()))
    vote_requirement = SelectField(
        _l("What was needed"), choices=choices(fact_words.REQUIREMENTS.items())
    )
    source_url = line(_l("Link to the minutes"), required=False, most=500, type="url")

    def validate_vote_on(self, field: Any) -> None:
        check_past(self, field)

    def validate_source_url(self, field: Any) -> None:
        check_link(self, field)

    def validate_vote_counts(self, field: Any) -> None:
        check_count(self, field)


def _people(people: Sequence[Person]) -> list[Any]:
    return choices([("", _("Nobody yet")), *((person.id, person.name) for person in people)])
