"""The example councils: sourced, put in once, and in the hands of the demo's alliances."""

from __future__ import annotations

import random
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import council_queries as queries
from app.campaigns import deadlines
from app.campaigns.body_models import Body, BodyRule, Instrument
from app.foundation import clock
from seeds import councils, demo_councils
from seeds.world import World
from tests.factories import AllianceFactory, seed_places


def test_each_example_rule_has_its_source(db: Session) -> None:
    assert councils.seed() == 7
    rules = db.scalars(select(BodyRule)).all()
    assert len(rules) == 8
    assert all(rule.source_url.startswith("https://") and rule.source_title for rule in rules)


def test_examples_are_put_in_once_and_left_alone(db: Session) -> None:
    councils.seed()
    body = queries.by_slug("columbus-city-council")
    assert body is not None
    body.name = "Our Council"
    assert councils.seed() == 7
    assert len(db.scalars(select(Body)).all()) == 7
    assert body.name == "Our Council"


def test_the_demo_has_a_council_with_every_deadline(db: Session) -> None:
    seed_places(db)
    councils.seed()
    alliance = AllianceFactory(slug="columbus")
    world = World(random.Random(1), clock.now(), {"columbus": alliance})  # noqa: S311  the same each time
    demo_councils.seed(world)
    body = queries.kept_by("columbus", "columbus-city-council")
    assert body is not None
    seats = queries.seats_of(body, clock.today())
    assert (len(seats), sum(held.holder is None for held in seats)) == (9, 1)
    timeline = deadlines.of(body, Instrument.RESOLUTION, date(2027, 7, 17))
    assert timeline.questions == ()
    assert [step.kind for step in timeline.steps] == [
        *("ask", "file", "posting", "comment", "meeting", "signing")
    ]
