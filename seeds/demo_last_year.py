"""What the demo's councils and mayors passed last year for July 17, to be asked for again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.campaigns import moving, records, renewing, texts, whip
from app.campaigns.body_models import Body, Instrument
from app.campaigns.measure_models import Measure, SourceKind, Sponsorship
from app.campaigns.stages import Stage
from app.foundation import clock
from app.foundation.db import db
from seeds import campaign_councils, campaign_facts, campaign_texts
from seeds.campaign_plans import PROCLAMATION, Running
from seeds.world import World

RESOLUTION = "World Day for International Justice"
CAMBRIDGE = "cambridge-city-council"
PAGE = "https://example.org/records/"
BY_VOTE = (
    (Stage.SCOPING, 120),
    (Stage.DRAFTING, 90),
    (Stage.SEEKING_SPONSOR, 75),
    (Stage.SPONSORED, 60),
    (Stage.INTRODUCED, 40),
    (Stage.SCHEDULED, 31),
    (Stage.ADOPTED, 9),
    (Stage.FINAL, 8),
    (Stage.TRANSMITTED, 3),
)
"""The stages, and so many days before July 17 each was entered."""
BY_REQUEST = ((Stage.SCOPING, 95), (Stage.DRAFTING, 80), (Stage.REQUESTED, 45), (Stage.FINAL, 2))
VOTE = {
    "vote_method": "roll_call",
    "vote_result": "passed",
    "vote_requirement": "majority_of_members",
}


@dataclass(frozen=True)
class Passed:
    """A paper of last year: who passed it, how, and who stood behind it."""

    town: str
    body: Body
    place: str
    number: str
    votes: str = ""
    sponsors: Sequence[str] = ()

    @property
    def is_request(self) -> bool:
        return not self.votes

    @property
    def way(self) -> Sequence[tuple[Stage, int]]:
        return BY_REQUEST if self.is_request else BY_VOTE


def seed(world: World, coming: date) -> None:
    """Public records with their texts; of the county's two sponsors one has left office."""
    county = campaign_councils.county_board(world)
    sits = next(iter(whip.holders(county.id).values()))
    for passed in (
        Passed("columbus", county, "Franklin County", "0412", "3-0", (sits, "Lucille Whitcomb")),
        Passed("columbus", _mayor(world, "columbus"), "Columbus", "P-31"),
        Passed("boston", _council(CAMBRIDGE), "Cambridge", "118", "9-0"),
        Passed("boston", _mayor(world, "boston"), "Boston", "P-07"),
    ):
        _record(world, passed, renewing.moved(coming, coming.year - 1))


def _council(slug: str) -> Body:
    return db.scalars(select(Body).where(Body.slug == slug)).one()


def _mayor(world: World, town: str) -> Body:
    return campaign_councils.body_of(world, _request(town))


def _request(town: str) -> Running:
    way = tuple(stage for stage, _days in BY_REQUEST)
    return Running(town, way, PROCLAMATION, Instrument.PROCLAMATION)


def _record(world: World, passed: Passed, target: date) -> None:
    owner, alliance = world.members[passed.town][0], world.alliances[passed.town]
    plan = records.Plan(
        title=PROCLAMATION if passed.is_request else RESOLUTION,
        instrument=Instrument.PROCLAMATION if passed.is_request else Instrument.RESOLUTION,
        about=f"{passed.place} stood up for justice for the victims of the worst crimes.",
        session=str(target.year),
        file_number=f"{passed.number}-{target.year}",
        target_on=target,
        owner_id=owner.id,
    )
    measure = records.begin(passed.body, plan, alliance_id=alliance.id, by_id=owner.id)
    campaign_texts.write(measure, passed.place, owner.id)
    texts.versions(measure.id)[0].adopted = True
    page = PAGE + measure.slug
    records.add_source(measure, SourceKind.JOURNAL, "Journal (invented for the demo)", url=page)
    since = _day(target, 60)
    db.add_all(
        Sponsorship(measure_id=measure.id, name=name, post="Commissioner", since=since)
        for name in passed.sponsors
    )
    db.flush()
    _walk(world, measure, passed, target)
    records.publish(measure)
    measure.created_at, measure.published_at = (
        _at(target, days) for days in (passed.way[0][1], 60 if passed.votes else 40)
    )


def _walk(world: World, measure: Measure, passed: Passed, target: date) -> None:
    """Its history as it was, entered on the days on which it happened."""
    (_first, begun), *later = passed.way
    first = moving.history(measure.id)[0]
    first.on, first.entered_at = _day(target, begun), _at(target, begun)
    for stage, days in later:
        facts = _facts(world, measure, passed, stage, target - timedelta(days=days))
        if stage == Stage.ADOPTED:
            moving.keep_vote(measure, facts)
        entry = records.enter(measure, stage, _day(target, days), facts, by_id=measure.owner_id)
        entry.entered_at = _at(target, days)


def _facts(
    world: World, measure: Measure, passed: Passed, stage: Stage, on: date
) -> Mapping[str, str]:
    if passed.is_request:
        return campaign_facts.facts(world, measure, _request(passed.town), on)
    if stage == Stage.SCHEDULED:
        return {"meeting_on": (on + timedelta(days=22)).isoformat(), "meeting_time": "10:00"}
    if stage == Stage.ADOPTED:
        page = PAGE + measure.slug
        return VOTE | {
            "vote_counts": passed.votes,
            "vote_on": on.isoformat(),
            "source_url": page,
        }
    return {}


def _day(target: date, days: int) -> str:
    return (target - timedelta(days=days)).isoformat()


def _at(target: date, days: int) -> datetime:
    return datetime.combine(target - timedelta(days=days), time(16), tzinfo=clock.now().tzinfo)
