"""The campaigns of the demo: records of past years, and running ones at every phase.

The past stands in reference/campaigns.json as anybody would import it; what runs has days counted
from today and is walked through its stages as its organizers would.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from app.campaigns import importing, moving, records, signing
from app.campaigns.measure_models import Measure, SourceKind
from app.campaigns.place_models import Division
from app.campaigns.stages import Stage
from app.foundation.db import db
from seeds import campaign_asks, campaign_councils, campaign_facts, campaign_texts, demo_last_year
from seeds.campaign_plans import RUNNING, Running
from seeds.world import World

FILE = Path(__file__).parent / "reference" / "campaigns.json"


def seed(world: World) -> None:
    """Import the records of past years, then begin what runs."""
    importing.load(json.loads(FILE.read_text()))
    for running in RUNNING:
        if running.town in world.alliances:
            _begin(world, running)
    if "columbus" in world.alliances:
        demo_last_year.seed(world, _justice_day(world.now))
    db.flush()


def _begin(world: World, running: Running) -> None:
    body = campaign_councils.body_of(world, running)
    place = records.place_name(db.get_one(Division, body.division_id))
    owner = world.members[running.town][0]
    plan = records.Plan(
        title=running.title,
        instrument=running.instrument,
        about=f"We ask {place} to stand up for justice for the victims of the worst crimes.",
        target_on=_justice_day(world.now),
        owner_id=owner.id,
        ask_id=campaign_asks.pursued(running.instrument),
    )
    alliance = world.alliances[running.town]
    measure = records.begin(body, plan, alliance_id=alliance.id, by_id=owner.id)
    campaign_texts.write(measure, place, owner.id)
    campaign_texts.seat_words(world, measure, running)
    records.add_source(
        measure, SourceKind.OTHER, f"Told by the {alliance.name} (invented for the demo)"
    )
    _walk(world, measure, running)
    measure.next_step = NEXT.get(measure.stage, "")
    if not running.private:
        records.publish(measure)
    for number, person in enumerate(world.members[running.town][: running.signed]):
        signing.sign(measure, person, show_name=number % 3 == 0)


NEXT = {
    Stage.DRAFTING: "Read the text together and add a clause about our city",
    Stage.SEEKING_SPONSOR: "Call the offices that have not answered",
    Stage.SPONSORED: "Bring the text to the clerk in time",
    Stage.SCHEDULED: "Find three people who speak at the meeting",
    Stage.FINAL: "Send copies to our members of Congress",
}


def _walk(world: World, measure: Measure, running: Running) -> None:
    """Through the stages, five days apart, so that the last was entered two days ago."""
    first = world.now.date() - timedelta(days=2 + 5 * len(running.way))
    opened = moving.history(measure.id)[0]
    opened.on = measure.stage_on = first.isoformat()
    for number, stage in enumerate(running.way, 1):
        facts = campaign_facts.facts(world, measure, running, first + timedelta(days=5 * number))
        moving.move(measure, stage, facts, version=measure.version, by_id=measure.owner_id)
        entry = moving.history(measure.id)[-1]
        entry.on = measure.stage_on = (first + timedelta(days=5 * number)).isoformat()


def _justice_day(now: datetime) -> date:
    """The next July 17."""
    year = now.year + (now.date() > date(now.year, 7, 17))
    return date(year, 7, 17)
