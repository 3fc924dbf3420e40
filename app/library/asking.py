"""What staff do with asks and situations: write them, change them, and add to a timeline."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from app.accounts.audit import audit
from app.foundation import clock, text
from app.foundation.db import db
from app.library import indexing, partial, reading_queries
from app.library.models import Actor, Ask
from app.library.reading_models import Situation, SituationStage, SituationStep


class SameStep(ValueError):
    """The timeline has this stage on this date already."""


@dataclass(frozen=True)
class AskText:
    """What staff write of an ask."""

    title: str
    recommendation_id: int | None
    actor: Actor
    target: str
    local_form: str
    as_of: date


@dataclass(frozen=True)
class SituationText:
    """What staff write of a situation."""

    name: str
    stage: SituationStage
    summary: str
    as_of: date


@dataclass(frozen=True)
class StepText:
    """What staff write of one line of a timeline."""

    on: str
    stage: SituationStage
    note: str
    link: str


def write_ask(told: AskText, ask: Ask | None = None) -> Ask:
    """A new ask, or one that is changed; seeding leaves both alone."""
    if ask is None:
        ask = Ask(
            key=text.free_slug(text.slug(told.title, "ask"), set(db.scalars(select(Ask.key))))
        )
        db.add(ask)
    for name, value in vars(told).items():
        setattr(ask, name, value)
    db.flush()
    audit("library", "ask written", ask.id)
    return ask


def write_situation(told: SituationText, situation: Situation | None = None) -> Situation:
    """A new situation, or one that is changed."""
    if situation is None:
        taken = set(db.scalars(select(Situation.key)))
        situation = Situation(key=text.free_slug(text.slug(told.name, "situation"), taken))
        db.add(situation)
    for name, value in asdict(told).items():
        setattr(situation, name, value)
    db.flush()
    indexing.situation(situation)
    audit("library", "situation written", key=situation.key)
    return situation


def add_step(situation: Situation, told: StepText) -> SituationStep:
    """Add to a timeline; its newest line says how far the Court is. Raises SameStep."""
    on = partial.parsed(told.on)
    steps = reading_queries.steps_of(situation.key)
    if any(step.on == on and step.stage == told.stage for step in steps):
        raise SameStep
    step = SituationStep(
        situation_key=situation.key, on=on, stage=told.stage, note=told.note, link=told.link
    )
    db.add(step)
    db.flush()
    newest = reading_queries.steps_of(situation.key)[-1]
    situation.stage, situation.as_of = newest.stage, clock.today()
    indexing.situation(situation)
    audit("library", "situation step added", step.id)
    return step
