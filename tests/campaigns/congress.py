"""Factories of members of Congress."""

from __future__ import annotations

from datetime import timedelta

import factory

from app.campaigns.congress_models import Chamber, Legislator
from app.foundation import clock
from tests.factories import Factory


class LegislatorFactory(Factory):
    """A senator of Ohio in the middle of a term."""

    class Meta:
        model = Legislator

    id = factory.Sequence(lambda n: f"A{n:06}")
    name = factory.Sequence(lambda n: f"Senator {n}")
    chamber = Chamber.SENATE
    state = "OH"
    district = None
    since = factory.LazyFunction(lambda: clock.today() - timedelta(days=700))
    until = factory.LazyFunction(lambda: clock.today() + timedelta(days=700))
