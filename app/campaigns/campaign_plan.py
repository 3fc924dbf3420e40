"""The to-dos of a campaign: what its council's rules put a last day on, and what an adoption asks
for. Nobody types them; what is noted elsewhere ticks them off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.alliances.models import Alliance
from app.campaigns import deadlines, stages
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure
from app.campaigns.reckoning import StepKind
from app.campaigns.stages import Stage
from app.foundation import clock
from app.foundation.db import db
from app.work import actions as work
from app.work import queries as work_queries
from app.work.models import ToDoState
from app.work.registry import About, Subject, register
from app.work.spacing import Step

SUBJECT = "campaign"

BEFORE = {
    StepKind.ASK: ("ask", _l("Ask last year's sponsor, or find a new one")),
    StepKind.FILE: ("file", _l("Have it filed with the clerk")),
    StepKind.COMMENT: ("comment", _l("Sign up to speak at the meeting")),
    StepKind.REQUEST: ("request", _l("Ask for the proclamation")),
}
"""The last days that become to-dos, with their keys and words."""

ENDORSERS = Step("endorsers", _l("Ask last year's endorsers again"), 0)

AFTER = (
    Step("official-copy", _l("Get the official copy from the clerk"), -3, office=True),
    Step("thanks", _l("Thank the sponsors and the council"), -3),
    Step("press-note", _l("Send the press note"), -2, office=True),
    Step("copies", _l("Send copies to the members of Congress"), -10, office=True),
    Step("next-year", _l("Look at next year's first day, and who begins"), -30),
)
"""What is to be done once it passed, so many days after."""
AFTER_KEYS = frozenset(step.key for step in AFTER)

DONE_BY = {
    Stage.SPONSORED: "ask",
    Stage.INTRODUCED: "file",
    Stage.REQUESTED: "request",
    Stage.TRANSMITTED: "copies",
}
"""The to-do that entering a stage ticks off."""


def begin(measure: Measure) -> None:
    """Plan the way to the day by the council's own last days; what is over is left out."""
    if measure.alliance_id is None or measure.target_on is None:
        return
    body = db.get_one(Body, measure.body_id)
    timeline = deadlines.of(body, measure.instrument, measure.target_on)
    steps = [
        Step(key, title, (measure.target_on - step.day).days)
        for kind, (key, title) in BEFORE.items()
        if (step := timeline.step(kind)) is not None and step.day >= timeline.today
    ]
    first = max((step.days_before for step in steps), default=0)
    ahead = Step(ENDORSERS.key, ENDORSERS.title, first)
    work.begin(_of(measure, measure.target_on), [*steps, ahead], measure.owner_id)


def moved(measure: Measure) -> None:
    """A campaign entered a stage: what that did is ticked off, what it asks for is planned."""
    if key := DONE_BY.get(measure.stage):
        tick(measure, key)
    if measure.stage == Stage.FINAL:
        _begin_after(measure)
    elif measure.stage in stages.TERMINAL:
        work.drop_open(SUBJECT, measure.id)


def _begin_after(measure: Measure) -> None:
    """What an adoption asks for, from the day on which it is known to be final."""
    if measure.alliance_id is None or measure.historical or measure.opposed:
        return
    work.drop_open(SUBJECT, measure.id)
    work.begin(_of(measure, _today(measure)), AFTER, measure.owner_id)


def tick(measure: Measure, key: str) -> None:
    """What the plan asked for is noted where it belongs, so that it is done."""
    for to_do in work_queries.about(SUBJECT, measure.id):
        if to_do.key == key:
            work.finish(to_do)


def reckon_again(body_ids: Collection[int]) -> int:
    """Put open to-dos on the days that changed rules and meetings give; how many moved."""
    measures = db.scalars(
        select(Measure).where(
            Measure.body_id.in_(body_ids),
            Measure.stage.in_(stages.RUNNING),
            Measure.alliance_id.is_not(None),
            Measure.target_on.is_not(None),
        )
    ).all()
    wanted = [
        deadlines.Wanted(each.body_id, each.instrument, each.target_on)
        for each in measures
        if each.target_on is not None
    ]
    moved = 0
    for measure, timeline in zip(measures, deadlines.for_bodies(wanted), strict=True):
        days = {
            key: max(step.day, timeline.today)
            for kind, (key, _title) in BEFORE.items()
            if (step := timeline.step(kind)) is not None
        }
        moved += _put(measure, days)
    return moved


def _put(measure: Measure, days: Mapping[str, date]) -> int:
    changed = [
        to_do
        for to_do in work_queries.about(SUBJECT, measure.id)
        if to_do.state == ToDoState.OPEN and days.get(to_do.key or "", to_do.due_on) != to_do.due_on
    ]
    for to_do in changed:
        to_do.due_on = days[to_do.key or ""]
    return len(changed)


def _of(measure: Measure, day: date) -> work.Of:
    return work.Of(
        alliance_id=measure.alliance_id or 0,
        subject=SUBJECT,
        subject_id=measure.id,
        day=day,
        today=_today(measure),
    )


def _today(measure: Measure) -> date:
    return clock.today(db.get_one(Body, measure.body_id).time_zone)


def _describe(measure_ids: Collection[int]) -> Mapping[int, About]:
    if not measure_ids:
        return {}
    rows = db.execute(
        select(Measure.id, Measure.title, Alliance.slug)
        .join(Measure.alliance)
        .where(Measure.id.in_(measure_ids))
    )
    return {
        number: About(title, "campaigns.manage", {"alliance": slug, "measure_id": number})
        for number, title, slug in rows
    }


def titles() -> Sequence[tuple[str, object]]:
    """The keys of all to-dos of campaigns with their words."""
    return [*BEFORE.values(), *((step.key, step.title) for step in (ENDORSERS, *AFTER))]


register(Subject(SUBJECT, dict(titles()), _describe))
