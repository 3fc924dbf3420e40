"""The to-dos of a campaign: what its council's rules put a last day on, and what an adoption asks
for. Nobody types them; what is noted elsewhere ticks them off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, select

from app.alliances.models import Alliance
from app.campaigns import deadlines, stages
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure, Stance
from app.campaigns.reckoning import StepKind, Timeline
from app.campaigns.renewal_models import Renewal, RenewalState
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
    StepKind.ASK: ("ask", _l("Find a sponsor; ask last year's first")),
    StepKind.FILE: ("file", _l("Have it filed with the clerk")),
    StepKind.COMMENT: ("comment", _l("Sign up to speak at the meeting")),
    StepKind.REQUEST: ("request", _l("Ask for the proclamation")),
}
"""The last days that become to-dos, with their keys and words."""

_KEYS = [key for key, _title in BEFORE.values()]

AHEAD: Mapping[Stage, Collection[str]] = {
    **dict.fromkeys((Stage.SCOPING, Stage.DRAFTING, Stage.SEEKING_SPONSOR), _KEYS),
    Stage.SPONSORED: ("file", "comment"),
    **dict.fromkeys(
        (Stage.INTRODUCED, Stage.REFERRED, Stage.REPORTED, Stage.DEFERRED), ("comment",)
    ),
}
"""Which of these the rules give a day at a stage; once it is on an agenda, that says when."""

ENDORSERS = Step("endorsers", _l("Ask last year's endorsers again"), 60)
"""With the first of the council's last days, or so many days before where none is known."""

AFTER = (
    Step("official-copy", _l("Get the official copy"), -3, office=True),
    Step("thanks", _l("Thank the sponsors and those who decided"), -3),
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
    """Plan the way to the day by the council's own last days, and ask last year's endorsers."""
    if measure.alliance_id is None or measure.target_on is None:
        return
    timeline = deadlines.of(
        db.get_one(Body, measure.body_id), measure.instrument, measure.target_on
    )
    steps = _steps(measure, measure.target_on, timeline)
    first = max((step.days_before for step in steps), default=ENDORSERS.days_before)
    ahead = Step(ENDORSERS.key, ENDORSERS.title, first)
    work.begin(_of(measure, measure.target_on), [*steps, ahead], measure.owner_id)


def follow(measure: Measure, *, before_id: int | None = None) -> None:
    """Plan the way to the day as it is decided now; what the owner before owed goes on."""
    for to_do in work_queries.about(SUBJECT, measure.id):
        if to_do.state == ToDoState.OPEN and to_do.key and to_do.owner_id == before_id:
            to_do.owner_id = measure.owner_id
    _reckon(Measure.id == measure.id)


def moved(measure: Measure, old: Stage) -> None:
    """A campaign entered a stage: what that did is ticked off, what it asks for is planned."""
    if key := DONE_BY.get(measure.stage):
        tick(measure, key)
    if measure.stage == Stage.DORMANT:
        work.forget_plan(SUBJECT, measure.id)
    elif old == Stage.DORMANT:
        _take_up(measure)
    elif measure.stage == Stage.SCHEDULED:
        _speak(measure)
    elif measure.stage == Stage.FINAL:
        _begin_after(measure)
    elif measure.stage == Stage.COMPLETED:
        _finish_after(measure)
    elif measure.stage in stages.TERMINAL:
        work.drop_open(SUBJECT, measure.id)


def _take_up(measure: Measure) -> None:
    """It rested, and so did its plan: it is planned from today."""
    renewed = exists().where(
        Renewal.measure_id == measure.id, Renewal.state == RenewalState.ACCEPTED
    )
    if db.scalar(select(renewed)):
        begin(measure)
    else:
        _reckon(Measure.id == measure.id)


def _speak(measure: Measure) -> None:
    """It is on an agenda, which says until when people sign up."""
    if measure.alliance_id is None or measure.next_due_on is None or measure.opposed:
        return
    key, title = BEFORE[StepKind.COMMENT]
    work.begin(_of(measure, measure.next_due_on), [Step(key, title, 0)], measure.owner_id)
    for to_do in work_queries.about(SUBJECT, measure.id):
        if to_do.key == key and to_do.state == ToDoState.OPEN:
            to_do.due_on = measure.next_due_on


def _begin_after(measure: Measure) -> None:
    """What an adoption asks for, from the day on which it is known to be final."""
    if measure.alliance_id is None or measure.historical or measure.opposed:
        return
    work.drop_open(SUBJECT, measure.id)
    work.begin(_of(measure, _today(measure)), AFTER, measure.owner_id)


def _finish_after(measure: Measure) -> None:
    """Everybody was thanked and it was published; what it says of next year stays."""
    for to_do in work_queries.about(SUBJECT, measure.id):
        if to_do.key in ("thanks", "press-note"):
            work.finish(to_do)
        elif to_do.key != "next-year":
            work.drop(to_do)


def tick(measure: Measure, key: str) -> None:
    """What the plan asked for is noted where it belongs, so that it is done."""
    for to_do in work_queries.about(SUBJECT, measure.id):
        if to_do.key == key:
            work.finish(to_do)


def reckon_again(body_ids: Collection[int]) -> int:
    """Put to-dos on the days that changed rules and meetings give; how many moved."""
    return _reckon(Measure.body_id.in_(body_ids))


def _reckon(which: ColumnElement[bool]) -> int:
    """Reckon plans anew, but of no draft of a renewal that nobody took up yet."""
    drafted = exists().where(
        Renewal.measure_id == Measure.id, Renewal.state == RenewalState.DRAFTED
    )
    measures = db.scalars(
        select(Measure)
        .where(
            which,
            Measure.stage.in_(stages.RUNNING),
            Measure.stance == Stance.SUPPORT,
            Measure.historical.is_(False),
            Measure.alliance_id.is_not(None),
            Measure.target_on.is_not(None),
            ~drafted,
        )
        .order_by(Measure.id)
    ).all()
    wanted = [
        deadlines.Wanted(each.body_id, each.instrument, each.target_on)
        for each in measures
        if each.target_on is not None
    ]
    reckoned = zip(measures, wanted, deadlines.for_bodies(wanted), strict=True)
    return sum(_put(measure, asked.target_day, days) for measure, asked, days in reckoned)


def _put(measure: Measure, day: date, timeline: Timeline) -> int:
    """What is open moves to its day; what has become known is added. How many moved."""
    known = {each.key: each for each in work_queries.about(SUBJECT, measure.id)}
    if added := [each for each in _steps(measure, day, timeline) if each.key not in known]:
        work.begin(_of(measure, day), added, measure.owner_id)
    moved = 0
    for key, last_day in _ahead(measure, timeline).items():
        to_do, due_on = known.get(key), max(last_day, timeline.today)
        if to_do is not None and to_do.state == ToDoState.OPEN:
            moved += due_on != to_do.due_on
            to_do.due_on = due_on
    return moved


def _steps(measure: Measure, day: date, timeline: Timeline) -> Sequence[Step]:
    """What can still be done in time."""
    words = dict(BEFORE.values())
    return [
        Step(key, words[key], (day - last_day).days)
        for key, last_day in _ahead(measure, timeline).items()
        if last_day >= timeline.today
    ]


def _ahead(measure: Measure, timeline: Timeline) -> Mapping[str, date]:
    """The last days that the rules give what the campaign has not done yet."""
    keys = AHEAD.get(measure.stage, ())
    return {
        key: step.day
        for kind, (key, _title) in BEFORE.items()
        if key in keys and (step := timeline.step(kind)) is not None
    }


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
