"""Shifts and co-hosts of events, for the tests of this domain."""

from __future__ import annotations

import factory

from app.events.co_host_models import CoHost
from app.events.shift_models import Shift
from tests.factories import AllianceFactory, EventFactory, Factory, _now


class ShiftFactory(Factory):
    """Two people set up chairs in the hour before the event."""

    class Meta:
        model = Shift
        exclude = ("event",)

    event = factory.SubFactory(EventFactory)
    event_id = factory.SelfAttribute("event.id")
    title = "Set up"
    opens = -60
    minutes = 60
    capacity = 2


class CoHostFactory(Factory):
    """Another alliance that has not answered yet."""

    class Meta:
        model = CoHost

    event = factory.SubFactory(EventFactory)
    event_id = factory.SelfAttribute("event.id")
    alliance = factory.SubFactory(AllianceFactory)
    alliance_id = factory.SelfAttribute("alliance.id")
    invited_at = _now()
