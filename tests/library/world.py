"""What the library holds, for tests: the ordinary case of each thing."""

from __future__ import annotations

import factory

from app.foundation import clock
from app.library.models import (
    Actor,
    Ask,
    Recommendation,
    RecommendationSet,
    Source,
    TalkingPoint,
)
from app.library.reading_models import Analysis
from tests.factories import Factory


class SourceFactory(Factory):
    class Meta:
        model = Source

    key = factory.Sequence(lambda n: f"source-{n}")
    title = factory.Sequence(lambda n: f"Report {n}")
    publisher = "Institute for Tests"
    as_of = factory.LazyFunction(clock.today)


class TalkingPointFactory(Factory):
    """A point for everybody, with a source."""

    class Meta:
        model = TalkingPoint

    key = factory.Sequence(lambda n: f"point-{n}")
    words = factory.Sequence(lambda n: f"Courts protect everybody, reason {n}.")
    source = factory.SubFactory(SourceFactory)
    source_key = factory.SelfAttribute("source.key")
    as_of = factory.LazyFunction(clock.today)
    created_at = factory.LazyFunction(clock.now)


class AnalysisFactory(Factory):
    """A published analysis of this month."""

    class Meta:
        model = Analysis

    slug = factory.Sequence(lambda n: f"analysis-{n}")
    title = factory.Sequence(lambda n: f"Analysis {n}")
    teaser = "What happened, and what it means here."
    topics = "law"
    as_of = factory.LazyFunction(lambda: clock.today().isoformat()[:7])
    link = "https://example.org/analysis"
    published_at = factory.LazyFunction(clock.now)
    updated_at = factory.LazyFunction(clock.now)


class SetFactory(Factory):
    class Meta:
        model = RecommendationSet

    key = factory.Sequence(lambda n: f"set-{n}")
    title = factory.Sequence(lambda n: f"Set {n}")
    source = factory.SubFactory(SourceFactory)
    source_key = factory.SelfAttribute("source.key")


class RecommendationFactory(Factory):
    class Meta:
        model = Recommendation

    code = factory.Sequence(lambda n: f"R {n}")
    title = factory.Sequence(lambda n: f"Do what is right, {n}")
    set = factory.SubFactory(SetFactory)
    set_key = factory.SelfAttribute("set.key")
    position = 1
    as_of = factory.LazyFunction(clock.today)


class AskFactory(Factory):
    class Meta:
        model = Ask

    key = factory.Sequence(lambda n: f"ask-{n}")
    follows = factory.SubFactory(RecommendationFactory)
    recommendation_id = factory.SelfAttribute("follows.id")
    actor = Actor.COUNCIL
    target = "Your city council"
    title = factory.Sequence(lambda n: f"Ask for it, {n}")
    local_form = "Adopt a resolution that says so."
    as_of = factory.LazyFunction(clock.today)
