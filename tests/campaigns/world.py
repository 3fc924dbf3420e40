"""Factories of campaigns: Columbus asks its council of seven for a resolution."""

from __future__ import annotations

import factory

from app.campaigns import records, texts
from app.campaigns.body_models import Instrument
from app.campaigns.clauses import Clause, ClauseKind
from app.campaigns.measure_models import Measure, SourceKind, Stance
from app.campaigns.stages import Stage
from app.foundation import clock
from tests.campaigns.councils import BodyFactory
from tests.factories import Factory

PREAMBLE = Clause(ClauseKind.PREAMBULAR, "July 17 marks the adoption of the Rome Statute")
RESOLVED = Clause(ClauseKind.OPERATIVE, "the City of Columbus recognizes July 17")


class MeasureFactory(Factory):
    """A published campaign of the alliance that keeps the council, at its first stage."""

    class Meta:
        model = Measure

    slug = factory.Sequence(lambda n: f"campaign-{n}")
    body = factory.SubFactory(BodyFactory)
    body_id = factory.SelfAttribute("body.id")
    alliance = factory.SelfAttribute("body.alliance")
    alliance_id = factory.LazyAttribute(lambda made: made.alliance.id if made.alliance else None)
    title = factory.Sequence(lambda n: f"World Day for International Justice {n}")
    instrument = Instrument.RESOLUTION
    stance = Stance.SUPPORT
    stage = Stage.SCOPING
    stage_on = "2026-11-01"
    year = 2027
    extras = factory.LazyFunction(dict)
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.LazyFunction(clock.now)
    published_at = factory.LazyFunction(clock.now)


def campaign(**values: object) -> Measure:
    """A campaign with a source and a line of history for its stage."""
    measure: Measure = MeasureFactory(**values)
    records.add_source(
        measure, SourceKind.OFFICIAL_PAGE, "The council's page", url="https://example.org/file"
    )
    records.enter(measure, measure.stage, measure.stage_on, {}, by_id=None)
    return measure


def with_text(measure: Measure) -> Measure:
    """Give a campaign a text with one clause of each needed kind."""
    texts.save_version(measure, "A resolution", [PREAMBLE, RESOLVED], by_id=None)
    return measure
