"""What the county of the demo's Columbus passed last year, to be asked for again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from app.campaigns import moving, records, renewing, texts, whip
from app.campaigns.body_models import Instrument
from app.campaigns.measure_models import Measure, SourceKind, Sponsorship
from app.campaigns.stages import Stage
from app.foundation import clock
from app.foundation.db import db
from seeds import campaign_councils, campaign_texts
from seeds.world import World

TITLE = "World Day for International Justice"
PAGE = "https://example.org/franklin-county/resolution-0412"
WAY = (
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
VOTE = {
    "vote_method": "roll_call",
    "vote_counts": "3-0",
    "vote_result": "passed",
    "vote_requirement": "majority_of_members",
    "source_url": PAGE,
}


def seed(world: World, coming: date) -> None:
    """A public record with its text, vote and two sponsors, of whom one has left office."""
    body, target = campaign_councils.county_board(world), renewing.moved(coming, coming.year - 1)
    owner = world.members["columbus"][0]
    plan = records.Plan(
        title=TITLE,
        instrument=Instrument.RESOLUTION,
        about="Franklin County stood up for justice for the victims of the worst crimes.",
        session=str(target.year),
        file_number=f"0412-{target.year}",
        target_on=target,
        owner_id=owner.id,
    )
    alliance = world.alliances["columbus"]
    measure = records.begin(body, plan, alliance_id=alliance.id, by_id=owner.id)
    campaign_texts.write(measure, "Franklin County", owner.id)
    texts.versions(measure.id)[0].adopted = True
    records.add_source(measure, SourceKind.JOURNAL, "Journal (invented for the demo)", url=PAGE)
    _sponsors(measure, target)
    _walk(measure, target)
    records.publish(measure)
    measure.created_at, measure.published_at = (_at(target, days) for days in (120, 60))


def _sponsors(measure: Measure, target: date) -> None:
    sits = next(iter(whip.holders(measure.body_id).values()))
    since = (target - timedelta(days=60)).isoformat()
    db.add_all(
        Sponsorship(measure_id=measure.id, name=name, post="Commissioner", since=since)
        for name in (sits, "Lucille Whitcomb")
    )
    db.flush()


def _walk(measure: Measure, target: date) -> None:
    """Its history as it was, entered on the days on which it happened."""
    first = moving.history(measure.id)[0]
    first.on, first.entered_at = _day(target, 120), _at(target, 120)
    for stage, days in WAY[1:]:
        facts = _facts(stage, target, _day(target, days))
        if stage == Stage.ADOPTED:
            moving.keep_vote(measure, facts)
        entry = records.enter(measure, stage, _day(target, days), facts, by_id=measure.owner_id)
        entry.entered_at = _at(target, days)


def _facts(stage: Stage, target: date, on: str) -> Mapping[str, str]:
    if stage == Stage.SCHEDULED:
        return {"meeting_on": _day(target, 9), "meeting_time": "10:00"}
    return VOTE | {"vote_on": on} if stage == Stage.ADOPTED else {}


def _day(target: date, days: int) -> str:
    return (target - timedelta(days=days)).isoformat()


def _at(target: date, days: int) -> datetime:
    return datetime.combine(target - timedelta(days=days), time(16), tzinfo=clock.now().tzinfo)
