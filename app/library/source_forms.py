"""The forms in which staff write asks, and situations with their timelines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from app.foundation import forms
from app.foundation.forms import Form, SelectField, choices, line, lines, typed
from app.library import words
from app.library.asking import AskText, SituationText, StepText
from app.library.forms import day_field, link_field, partial_field
from app.library.models import Actor
from app.library.reading_models import SituationStage


class AskForm(Form):
    """What is asked, of whom, and how it sounds where one lives."""

    title = line(_l("What is asked, in one line"))
    recommendation = SelectField(_l("The recommendation that it follows"), choices=[])
    actor = SelectField(_l("Whom it addresses"), choices=choices(words.ACTORS.items()))
    target = line(
        _l("Who exactly"), hint=_l("A council, a committee, an office: whoever can say yes.")
    )
    local_form = lines(
        _l("How an alliance asks it where it lives"),
        required=True,
        most=1000,
        rows=4,
        hint=_l("Two sentences that one can read out to a council member."),
    )
    as_of = day_field(_l("The facts are as of"))

    def offer(self, recommendations: Iterable[tuple[int, str]]) -> None:
        self.recommendation.choices = choices([("", _l("None")), *recommendations])

    def told(self) -> AskText:
        chosen = self.recommendation.data
        return AskText(
            title=typed(self.title),
            recommendation_id=int(chosen) if chosen else None,
            actor=Actor(self.actor.data),
            target=typed(self.target),
            local_form=typed(self.local_form),
            as_of=forms.chosen(self.as_of),
        )


def _stage_field() -> Any:
    return SelectField(_l("How far the Court is"), choices=choices(words.STAGES.items()))


class SituationForm(Form):
    """A country or an incident that the Court looks at."""

    name = line(_l("Country or incident"))
    stage = _stage_field()
    summary = lines(_l("What it is about, in our words"), required=True, most=1000, rows=3)
    as_of = day_field(_l("The facts are as of"))

    def told(self) -> SituationText:
        return SituationText(
            name=typed(self.name),
            stage=SituationStage(self.stage.data),
            summary=typed(self.summary),
            as_of=forms.chosen(self.as_of),
        )


class StepForm(Form):
    """A line of the timeline; the newest one says how far the Court is."""

    on = partial_field(_l("When"))
    stage = _stage_field()
    note = lines(_l("What happened"), required=True, most=1000, rows=2)
    link = link_field(_l("Link to check it"))

    def told(self) -> StepText:
        return StepText(
            on=typed(self.on),
            stage=SituationStage(self.stage.data),
            note=typed(self.note),
            link=typed(self.link),
        )
