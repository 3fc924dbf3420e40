"""What is done with councils: keeping one, its rules, its meetings. Named errors, no commit.

Whatever deadlines rest on ends in `deadlines.changed`, so that they are reckoned anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from app.accounts.audit import audit
from app.alliances.models import Alliance
from app.campaigns import council_queries as queries
from app.campaigns import deadlines, patterns, records, rules
from app.campaigns.body_models import (
    Body,
    BodyKind,
    BodyRule,
    Committee,
    Meeting,
    MeetingKind,
    MeetingPattern,
    RuleKey,
    Seat,
    SeatTerm,
)
from app.campaigns.measure_models import Measure
from app.campaigns.place_models import Division
from app.foundation import clock
from app.foundation.db import db
from app.foundation.text import folded, free_slug, slug


class KeptElsewhere(Exception):
    """Another alliance keeps this council already."""

    def __init__(self, body: Body) -> None:
        super().__init__(body.slug)
        self.body = body


class MeetingThere(Exception):
    """A meeting at this time is entered already."""


class CommitteeThere(Exception):
    """The council has a committee of this name."""


@dataclass(frozen=True)
class About:
    """What is known of a council besides its rules."""

    name: str
    kind: BodyKind
    time_zone: str
    members: int | None = None
    resolution_word: str = ""
    clerk: str = ""
    clerk_address: str = ""
    clerk_email: str = ""
    clerk_phone: str = ""
    website: str = ""
    legistar_url: str = ""


@dataclass(frozen=True)
class Source:
    """Where a fact stands and when somebody looked."""

    checked_on: date
    url: str = ""
    title: str = ""


@dataclass(frozen=True)
class Rhythm:
    """When a body meets as a rule, in words; see `patterns`."""

    rule: str
    exceptions: Sequence[str] = ()
    recess: Sequence[str] = ()


def keep(alliance: Alliance | None, division: Division, about: About) -> Body:
    """A council that this alliance keeps from now on, or nobody; one that nobody keeps is taken on,
    with the records of it that nobody keeps.

    Raises KeptElsewhere.
    """
    for body in queries.at(division.id):
        if folded(body.name) == folded(about.name):
            if body.alliance is not None and body.alliance is not alliance:
                raise KeptElsewhere(body)
            if alliance is not None:
                take_on(body, alliance)
            save(body, about)
            return body
    taken = set(db.scalars(select(Body.slug).where(Body.slug.startswith(slug(about.name)))))
    body = Body(
        slug=free_slug(slug(about.name), taken),
        division=division,
        alliance=alliance,
        created_at=clock.now(),
        updated_at=clock.now(),
        **_columns(about),
    )
    db.add(body)
    db.flush()
    return body


def take_on(body: Body, alliance: Alliance) -> None:
    """Let an alliance keep a council, and the records of it that nobody keeps."""
    body.alliance = alliance
    unkept = update(Measure).where(Measure.body_id == body.id, Measure.alliance_id.is_(None))
    db.execute(unkept.values(alliance_id=alliance.id))
    db.flush()


def save(body: Body, about: About) -> None:
    """Write down what changed."""
    for name, value in _columns(about).items():
        setattr(body, name, value)
    deadlines.changed(body)


def relocate(body: Body, division: Division) -> None:
    """Say that a council is elsewhere than was thought; its records follow."""
    body.division = division
    body.updated_at = clock.now()
    db.flush()
    audit("campaigns", "council relocated", body.id)
    for measure in db.scalars(
        select(Measure).where(Measure.body_id == body.id).order_by(Measure.id)
    ):
        records.refresh(measure)


def _columns(about: About) -> dict[str, object]:
    return {name: getattr(about, name) for name in About.__dataclass_fields__}


def set_rule(body: Body, key: RuleKey, value: rules.Value, source: Source) -> BodyRule:
    """Keep a rule with its source, instead of the one there was."""
    rule = queries.rule(body, key)
    if rule is None:
        rule = BodyRule(body_id=body.id, key=key)
        db.add(rule)
    rule.value = rules.written(value)
    rule.source_url, rule.source_title = source.url, source.title
    rule.checked_on = source.checked_on
    deadlines.changed(body)
    return rule


def set_rhythm(body: Body, committee: Committee | None, rhythm: Rhythm, source: Source) -> None:
    """Keep when it meets as a rule; raises UnreadablePattern, UnreadableSpan or ValueError."""
    patterns.read(rhythm.rule)
    for raw in rhythm.recess:
        patterns.span(raw)
    number = committee.id if committee else None
    pattern = queries.patterns_of(body).get(number)
    if pattern is None:
        pattern = MeetingPattern(body_id=body.id, committee_id=number)
        db.add(pattern)
    pattern.rule = rhythm.rule
    pattern.exceptions = [date.fromisoformat(raw).isoformat() for raw in rhythm.exceptions]
    pattern.recess = list(rhythm.recess)
    pattern.source_url, pattern.checked_on = source.url, source.checked_on
    deadlines.changed(body)


def add_meeting(
    body: Body,
    committee: Committee | None,
    wall_start: datetime,
    kind: MeetingKind = MeetingKind.REGULAR,
    place: str = "",
    agenda_url: str = "",
) -> Meeting:
    """Enter a meeting of one day; raises MeetingThere."""
    number = committee.id if committee else None
    for known in queries.meetings_of(body):
        if (known.committee_id, known.wall_start) == (number, wall_start):
            raise MeetingThere
    meeting = Meeting(
        body_id=body.id,
        committee_id=number,
        kind=kind,
        wall_start=wall_start,
        time_zone=body.time_zone,
        starts_at=clock.instant(wall_start, body.time_zone),
        place=place,
        agenda_url=agenda_url,
    )
    db.add(meeting)
    deadlines.changed(body)
    return meeting


def cancel_day(body: Body, committee: Committee | None, wall_start: datetime) -> None:
    """Say that a meeting does not take place, whether it was entered or stands in the rule."""
    number = committee.id if committee else None
    for known in queries.meetings_of(body):
        if (known.committee_id, known.wall_start) == (number, wall_start):
            known.cancelled = True
            deadlines.changed(body)
            return
    add_meeting(body, committee, wall_start).cancelled = True


def add_committee(body: Body, name: str, website: str = "") -> Committee:
    """A committee of its own name; raises CommitteeThere."""
    if any(folded(each.name) == folded(name) for each in queries.committees_of(body)):
        raise CommitteeThere
    committee = Committee(body_id=body.id, name=name, website=website)
    db.add(committee)
    db.flush()
    return committee


def remove(body: Body, thing: Seat | SeatTerm | Meeting | Committee) -> None:
    """Take something away, with what belongs to it."""
    db.delete(thing)
    deadlines.changed(body)
