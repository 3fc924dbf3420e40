"""Forms for afterwards: an event's report, its pictures, and two questions to those who came."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, IntegerField, RadioField
from wtforms.validators import NumberRange

from app.events.report_models import ReportBack
from app.events.reports import PictureWords, Written
from app.foundation.forms import (
    Field,
    Form,
    InputRequired,
    Optional,
    ValidationError,
    choices,
    line,
    lines,
    typed,
)
from app.foundation.uploads import PICTURES

_MOST = 100_000
_NUMBER = NumberRange(0, _MOST, _l("Please enter a number."))
STARS = (
    (5, _l("Very much")),
    (4, _l("Yes")),
    (3, _l("More or less")),
    (2, _l("Not really")),
    (1, _l("No")),
)


class ReportForm(Form):
    """What happened, in a few minutes on a phone."""

    people = IntegerField(
        _l("How many people were there?"),
        validators=[Optional(), _NUMBER],
        render_kw={"class_": "s", "inputmode": "numeric", "min": 0},
    )
    newcomers = IntegerField(
        _l("How many of them for the first time?"),
        validators=[Optional(), _NUMBER],
        description=_l("Roughly is enough."),
        render_kw={"class_": "s", "inputmode": "numeric", "min": 0},
    )
    story = lines(_l("What happened?"), most=5000, rows=6, hint=_l("Three sentences are plenty."))
    promises = lines(
        _l("What did officials or others promise?"), most=3000, rows=3, hint=_l("One on each line.")
    )
    lessons = lines(
        _l("What should we do differently next time?"),
        most=5000,
        rows=4,
        hint=_l("Only organizers read this; next year it stands beside the draft."),
    )
    is_public = BooleanField(
        _l("Show the numbers, the story, the promises and the pictures on the event's page")
    )

    def validate_newcomers(self, field: Field) -> None:
        if field.data and self.people.data is not None and field.data > self.people.data:
            raise ValidationError(_("That is more than were there."))

    def written(self) -> Written:
        return Written(
            people=self.people.data,
            newcomers=self.newcomers.data,
            story=typed(self.story),
            promises=[each.strip() for each in typed(self.promises).splitlines() if each.strip()],
            lessons=typed(self.lessons),
            is_public=self.is_public.data,
        )


def defaults_of(report: ReportBack | None, here: int) -> dict[str, object]:
    """The form as the report stands; a new one proposes the number that the door counted."""
    if report is None:
        return {"people": here or None}
    return {
        "people": report.people if report.people is not None else here or None,
        "newcomers": report.newcomers,
        "story": report.story,
        "promises": "\n".join(report.promises),
        "lessons": report.lessons,
        "is_public": report.is_public,
    }


class PictureForm(Form):
    """One picture, what it shows, who took it, and that those shown agreed."""

    file = FileField(_l("Picture"), render_kw={"accept": PICTURES})
    words = line(
        _l("What does it show?"), most=300, hint=_l("For people who cannot see it, one sentence.")
    )
    credit = line(_l("Who took it?"), required=False, most=100)
    agreed = BooleanField(
        _l("Those who can be recognized in it agreed that it is shown"),
        validators=[InputRequired(_l("Please ask them first."))],
    )

    def said(self) -> PictureWords:
        return PictureWords(typed(self.words), typed(self.credit))


class FeedbackForm(Form):
    """Two questions, of which the second may stay empty."""

    stars = RadioField(
        _l("Was it worth your time?"),
        choices=choices(STARS),
        validators=[InputRequired(_l("Please choose one."))],
    )
    advice = lines(_l("What should we do differently?"), most=2000, rows=4)
