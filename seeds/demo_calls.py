"""The demo's calls: last July 17 with its results, the next half answered, an evening to accept."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy import select

from app.events import answers, calls, kits, rhythm, series
from app.events.call_models import EditionAnswer
from app.events.kit_models import Kit
from app.events.models import Edition, Event, EventKind, Observance
from app.events.report_models import ReportBack
from app.foundation import clock
from app.foundation.db import db
from seeds import demo_events
from seeds.world import Plan, World

COLUMBUS = "columbus"
NOT_THIS_YEAR = ("portland", "Our hall is being rebuilt until fall. Ask us again next year!")
AHEAD = timedelta(days=45)
"""So far away is the day for which the demo's coordinator finds a draft."""
CALLED_AGO = timedelta(days=20)
SIGNED_UP_LAST_YEAR = 71
"""For that evening; fewer came, as its report says."""
LESSONS = (
    "Doors at half past, not at the hour: a third came early.",
    "Two microphones. One went dead in the middle of the questions.",
    "Ask the library for the large room; we were standing in the back.",
)
STORY = (
    "Neighbors of all ages came, many for the first time. The questions went on until the lights "
    "were turned off."
)
PROMISES = ("A council member will sponsor this year's resolution", "Nine people joined")
MATERIALS = (
    "**One page** says what the Court does, on both sides of a sheet. Hand it out, and leave some "
    "at the library.\n\n- Read aloud: the first paragraph of the Rome Statute's preamble\n"
    "- Ask your council member for one thing, not for three"
)


def seed(world: World) -> None:
    _last_year_in_columbus(world)
    _reports(world)
    coming = _coming()
    coming.materials = MATERIALS
    calls.call_now(coming)
    _answers(coming)
    _planning_evenings(world)
    _own_template(world)


def _reports(world: World) -> None:
    """How the events of last July 17 were: two thirds of those who signed up came, or so."""
    past = db.scalars(
        select(Event).where(Event.edition_id.is_not(None), Event.ends_at < world.now)
    ).all()
    there = set(db.scalars(select(ReportBack.event_id)))
    for number, event in enumerate(each for each in past if each.id not in there):
        db.add(
            ReportBack(
                event_id=event.id,
                people=27 + number * 13 % 40,
                newcomers=6 + number * 5 % 9,
                story=STORY,
                promises=list(PROMISES),
                lessons=LESSONS[number % len(LESSONS)],
                is_public=True,
                created_at=event.ends_at + timedelta(days=2),
                updated_at=event.ends_at + timedelta(days=2),
            )
        )
    db.flush()


def _last_year_in_columbus(world: World) -> None:
    """What Columbus held last year on a day that comes in six weeks or more."""
    today = world.now.date()
    fixed = select(Observance).where(
        Observance.month.is_not(None), Observance.key != demo_events.DAY
    )
    on = {each: _next(each, today + AHEAD) for each in db.scalars(fixed)}
    soonest = min(on, key=lambda each: on[each])
    last = demo_events.year_of(soonest.key, on[soonest].year - 1)
    plan = Plan(COLUMBUS, EventKind.VIGIL, "Evening of remembrance", None, time(19), 60, 80)
    demo_events.hold(world, plan, last).past_confirmed = SIGNED_UP_LAST_YEAR
    db.flush()


def _next(observance: Observance, today: date) -> date:
    on = date(today.year, observance.month or 1, observance.day or 1)
    return on if on >= today else on.replace(year=today.year + 1)


def _coming() -> Edition:
    """The next International Justice Day."""
    return db.scalars(
        select(Edition)
        .where(Edition.observance_key == demo_events.DAY, Edition.on >= clock.today())
        .order_by(Edition.on)
        .limit(1)
    ).one()


def _answers(coming: Edition) -> None:
    """The call went out three weeks ago; one alliance does not take part."""
    found = db.scalars(select(EditionAnswer).where(EditionAnswer.edition_id == coming.id)).all()
    for answer in found:
        answer.called_at = answer.told_at = clock.now() - CALLED_AGO
    coming.called_at = clock.now() - CALLED_AGO
    slug, reason = NOT_THIS_YEAR
    declined = calls.answer_of(slug, coming.observance_key, coming.year)
    if declined is not None:
        answers.decline(declined, reason, by_id=None)


def _planning_evenings(world: World) -> None:
    """Columbus plans once a month, on the weekday of the next evening."""
    evening = db.scalars(
        select(Event)
        .where(
            Event.alliance_id == world.alliances[COLUMBUS].id,
            Event.kind == EventKind.ORGANIZING,
            Event.starts_at > clock.now(),
        )
        .order_by(Event.starts_at)
        .limit(1)
    ).first()
    if evening is not None:
        first = evening.wall_start.date()
        series.begin(evening, rhythm.starting(rhythm.Every.MONTH, first))


def _own_template(world: World) -> None:
    """Columbus has adopted one of the national event templates."""
    kit = db.scalars(select(Kit).where(Kit.key == EventKind.ORGANIZING.value)).first()
    if kit is not None:
        own = kits.adopt(kit, world.alliances[COLUMBUS].id)
        own.title = "Planning evening at the Main Library"
        own.roles = [*own.roles, "Somebody with a key to the meeting room"]
