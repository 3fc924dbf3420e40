"""Factories of councils: Columbus, Ohio, with seven seats, as the ordinary case."""

from __future__ import annotations

from datetime import datetime, timedelta

import factory

from app.campaigns.body_models import (
    Body,
    BodyKind,
    BodyRule,
    Committee,
    Meeting,
    MeetingPattern,
    RuleKey,
    Seat,
    SeatKind,
    SeatTerm,
)
from app.campaigns.place_models import Division
from app.foundation import clock
from tests.factories import AllianceFactory, Factory

COLUMBUS = "ocd-division/country:us/state:oh/place:columbus"


class DivisionFactory(Factory):
    class Meta:
        model = Division
        sqlalchemy_get_or_create = ("id",)

    id = COLUMBUS
    name = "Columbus city"
    sought = "columbus city"
    state = "OH"
    county = "Franklin County"
    kind = "place"
    rank = 2
    verified = True


class BodyFactory(Factory):
    """A city council of seven that an alliance keeps."""

    class Meta:
        model = Body

    slug = factory.Sequence(lambda n: f"council-{n}")
    name = factory.Sequence(lambda n: f"Council {n}")
    division = factory.SubFactory(DivisionFactory)
    division_id = factory.SelfAttribute("division.id")
    alliance = factory.SubFactory(AllianceFactory)
    alliance_id = factory.LazyAttribute(lambda made: made.alliance.id if made.alliance else None)
    kind = BodyKind.CITY_COUNCIL
    time_zone = "America/New_York"
    members = 7
    created_at = factory.LazyFunction(clock.now)
    updated_at = factory.LazyFunction(clock.now)


class OfBody(Factory):
    """What belongs to a body."""

    class Meta:
        abstract = True
        exclude = ("body",)

    body = factory.SubFactory(BodyFactory)
    body_id = factory.SelfAttribute("body.id")


class BodyRuleFactory(OfBody):
    """The agenda is posted 72 hours ahead, checked today."""

    class Meta:
        model = BodyRule

    key = RuleKey.AGENDA_POSTING
    value = factory.LazyFunction(lambda: {"hours": 72, "weekends": True})
    source_url = "https://example.org/rules"
    source_title = "Council rules"
    checked_on = factory.LazyFunction(clock.today)


class CommitteeFactory(OfBody):
    class Meta:
        model = Committee

    name = factory.Sequence(lambda n: f"Committee {n}")


class SeatFactory(Factory):
    class Meta:
        model = Seat

    body = factory.SubFactory(BodyFactory)
    body_id = factory.SelfAttribute("body.id")
    label = factory.Sequence(lambda n: f"Seat {n}")
    kind = SeatKind.AT_LARGE
    position = factory.Sequence(lambda n: n)


class SeatTermFactory(Factory):
    """A term that began a year ago and ends in three."""

    class Meta:
        model = SeatTerm

    seat = factory.SubFactory(SeatFactory)
    seat_id = factory.SelfAttribute("seat.id")
    name = factory.Sequence(lambda n: f"Official {n}")
    since = factory.LazyFunction(lambda: clock.today() - timedelta(days=365))
    until = factory.LazyFunction(lambda: clock.today() + timedelta(days=3 * 365))


class MeetingFactory(OfBody):
    """A regular meeting at ten in the morning; pass `wall_start`."""

    class Meta:
        model = Meeting

    wall_start = datetime(2027, 7, 12, 10, 0)
    time_zone = "America/New_York"
    starts_at = factory.LazyAttribute(lambda made: clock.instant(made.wall_start, made.time_zone))


class MeetingPatternFactory(OfBody):
    class Meta:
        model = MeetingPattern

    rule = "second and fourth Monday 17:00"
