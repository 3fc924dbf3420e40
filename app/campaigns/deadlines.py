"""By when what must happen before a day, from what is known of a council.

`of(body, instrument, target_day)` answers with a `Timeline` (see `reckoning`): frozen, without ids,
its `steps` in order, `is_late` with `alternatives`, `questions` for the clerk where rules are
unknown. Keep from it what you show (`step.kind`, `step.day`, `step.at`) and `timeline.revision`:
the body's `revision` grows with each change of a rule or a meeting, and `body_changed` is sent with
the body's id then, so that you know when to ask again. `for_bodies` answers any number of
questions with five statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from blinker import Signal
from sqlalchemy import select

from app.campaigns import patterns, rules
from app.campaigns.body_models import (
    Body,
    BodyKind,
    BodyRule,
    Committee,
    Instrument,
    Meeting,
    MeetingKind,
    MeetingPattern,
)
from app.campaigns.patterns import Calendar, Sitting
from app.campaigns.reckoning import Facts, Timeline, reckon
from app.foundation import clock
from app.foundation.db import db

body_changed = Signal("A rule or a meeting of a body changed; sent with its id, in the transaction")


@dataclass(frozen=True)
class Wanted:
    """A question: the deadlines of which body, for which instrument, before which day."""

    body_id: int
    instrument: Instrument
    target_day: date


def of(body: Body, instrument: Instrument, target_day: date) -> Timeline:
    """The deadlines of one campaign as they stand on the body's own today."""
    facts = facts_of([body.id])[body.id]
    return reckon(facts, instrument, target_day, clock.today(body.time_zone))


def for_bodies(wanted: Sequence[Wanted]) -> list[Timeline]:
    """The deadlines of many campaigns, in the order of the questions."""
    facts = facts_of({one.body_id for one in wanted})
    todays = {zone: clock.today(zone) for zone in {each.time_zone for each in facts.values()}}
    return [
        reckon(known, one.instrument, one.target_day, todays[known.time_zone])
        for one, known in ((one, facts[one.body_id]) for one in wanted)
    ]


def changed(body: Body) -> None:
    """Note that deadlines that rest on this body must be reckoned anew."""
    body.revision += 1
    body.updated_at = clock.now()
    db.flush()
    body_changed.send(body.id)


def facts_of(body_ids: Collection[int]) -> dict[int, Facts]:
    """What is known of these bodies, with five statements whatever their number."""
    rules_by_body = _by_body(db.scalars(select(BodyRule).where(BodyRule.body_id.in_(body_ids))))
    calendars = _calendars(body_ids)
    committees = db.scalars(select(Committee).where(Committee.body_id.in_(body_ids))).all()
    bodies = db.scalars(select(Body).where(Body.id.in_(body_ids)))
    return {
        body.id: Facts(
            rules=rules.of_rows(rules_by_body[body.id]),
            calendar=calendars.get((body.id, None), Calendar()),
            committees={
                each.name: calendars[body.id, each.id]
                for each in committees
                if (body.id, each.id) in calendars
            },
            time_zone=body.time_zone,
            is_executive=body.kind == BodyKind.EXECUTIVE,
            revision=body.revision,
        )
        for body in bodies
    }


def _calendars(body_ids: Collection[int]) -> Mapping[tuple[int, int | None], Calendar]:
    """The calendars of bodies and of their committees, by the numbers of both."""
    found = db.scalars(select(MeetingPattern).where(MeetingPattern.body_id.in_(body_ids)))
    by_owner = {(each.body_id, each.committee_id): each for each in found}
    meetings: dict[tuple[int, int | None], list[Meeting]] = defaultdict(list)
    for meeting in db.scalars(select(Meeting).where(Meeting.body_id.in_(body_ids))):
        meetings[meeting.body_id, meeting.committee_id].append(meeting)
    return {
        owner: calendar(by_owner.get(owner), meetings.get(owner, []))
        for owner in {*by_owner, *meetings}
    }


def calendar(pattern: MeetingPattern | None, meetings: Iterable[Meeting]) -> Calendar:
    """The calendar of a body or a committee from its rows."""
    meetings = [each for each in meetings if each.kind == MeetingKind.REGULAR]
    return Calendar(
        pattern=patterns.read(pattern.rule) if pattern else None,
        recess=tuple(patterns.span(raw) for raw in pattern.recess) if pattern else (),
        exceptions=frozenset(
            date.fromisoformat(raw) for raw in (pattern.exceptions if pattern else ())
        ),
        entered=tuple(Sitting(each.wall_start, True) for each in meetings if not each.cancelled),
        cancelled=frozenset(each.wall_start.date() for each in meetings if each.cancelled),
        checked_on=pattern.checked_on if pattern else None,
    )


def _by_body(rows: Iterable[BodyRule]) -> Mapping[int, list[BodyRule]]:
    found: dict[int, list[BodyRule]] = defaultdict(list)
    for row in rows:
        found[row.body_id].append(row)
    return found
