"""One factory for each thing, with the ordinary case as its default: a confirmed person in
Columbus, an active alliance, a published event in ten days. Each row is flushed at once.
Pass objects, not ids: `EventFactory(alliance=columbus)`.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

import factory
from factory.alchemy import SQLAlchemyModelFactory
from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session

from app.accounts.models import NationalRole, Role
from app.alliances.models import (
    Alliance,
    CoordinatorTerm,
    Invitation,
    Joining,
    LifeCycle,
    Membership,
    MembershipState,
)
from app.digests.models import Issue
from app.events.models import (
    Edition,
    Event,
    EventKind,
    EventState,
    Observance,
    SignUp,
    SignUpState,
)
from app.foundation import clock, geo, tokens
from app.foundation.db import db
from app.people.actions import address_digest
from app.people.models import Address, Consent, Disclosure, Person, Purpose, Standing
from app.work.models import ToDo

NEW_YORK = "America/New_York"

PLACES = {
    place.zip: place
    for place in (
        geo.Place(
            zip=code,
            city=city,
            state=state,
            county=county,
            time_zone=zone,
            latitude=latitude,
            longitude=longitude,
        )
        for code, city, state, county, zone, latitude, longitude in (
            ("43215", "Columbus", "OH", "Franklin County", NEW_YORK, 39.9671, -83.0044),
            ("43004", "Blacklick", "OH", "Franklin County", NEW_YORK, 40.0094, -82.8114),
            ("44114", "Cleveland", "OH", "Cuyahoga County", NEW_YORK, 41.5101, -81.6668),
            (
                "90012",
                "Los Angeles",
                "CA",
                "Los Angeles County",
                "America/Los_Angeles",
                34.0614,
                -118.2385,
            ),
            ("60602", "Chicago", "IL", "Cook County", "America/Chicago", 41.8829, -87.6321),
            ("10017", "New York", "NY", "New York County", NEW_YORK, 40.7520, -73.9725),
            ("02139", "Cambridge", "MA", "Middlesex County", NEW_YORK, 42.3643, -71.1022),
            ("98104", "Seattle", "WA", "King County", "America/Los_Angeles", 47.6037, -122.3299),
            ("85001", "Phoenix", "AZ", "Maricopa County", "America/Phoenix", 33.4500, -112.0670),
            ("96813", "Honolulu", "HI", "Honolulu County", "Pacific/Honolulu", 21.3136, -157.8499),
            ("80202", "Denver", "CO", "Denver County", "America/Denver", 39.7491, -104.9946),
            ("59718", "Bozeman", "MT", "Gallatin County", "America/Denver", 45.6683, -111.2434),
        )
    )
}

_COLUMNS = [column.key for column in inspect(geo.Place).column_attrs]
_ROWS = {code: {name: getattr(place, name) for name in _COLUMNS} for code, place in PLACES.items()}


def seed_places(session: Session) -> None:
    """A dozen real ZIP codes: several zones, one without summer time, one far from everything."""
    there = set(session.scalars(select(geo.Place.zip).where(geo.Place.zip.in_(PLACES))))
    if rows := [row for code, row in _ROWS.items() if code not in there]:
        session.execute(insert(geo.Place), rows)


class Factory(SQLAlchemyModelFactory):
    class Meta:
        abstract = True
        sqlalchemy_session = db
        sqlalchemy_session_persistence = "flush"


def _now() -> factory.LazyFunction:
    return factory.LazyFunction(clock.now)


def _of_place(name: str) -> factory.LazyAttribute:
    return factory.LazyAttribute(lambda made: getattr(PLACES[made.zip], name) if made.zip else None)


class AddressFactory(Factory):
    """An address that its owner confirmed."""

    class Meta:
        model = Address

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    digest = factory.LazyAttribute(lambda made: address_digest(made.email))
    created_at = _now()
    confirmed_at = _now()


class PersonFactory(Factory):
    """Somebody in Columbus who confirmed; `zip` moves them to another of PLACES."""

    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Person {n}")
    address = factory.SubFactory(AddressFactory)
    zip = "43215"
    city = _of_place("city")
    state = _of_place("state")
    latitude = _of_place("latitude")
    longitude = _of_place("longitude")
    time_zone = factory.LazyAttribute(
        lambda made: PLACES[made.zip].time_zone if made.zip else NEW_YORK
    )
    standing = Standing.ACTIVE
    created_at = _now()
    confirmed_at = factory.LazyAttribute(
        lambda made: made.created_at if made.standing == Standing.ACTIVE else None
    )

    class Params:
        unconfirmed = factory.Trait(
            standing=Standing.UNCONFIRMED,
            address=factory.SubFactory(AddressFactory, confirmed_at=None),
        )
        without_email = factory.Trait(address=None, phone="+16145550100")


class AllianceFactory(Factory):
    """An active alliance that anybody may join, in the place of its ZIP code."""

    class Meta:
        model = Alliance

    slug = factory.Sequence(lambda n: f"alliance-{n}")
    name = factory.Sequence(lambda n: f"Alliance {n}")
    life_cycle = LifeCycle.ACTIVE
    joining = Joining.OPEN
    zip = "43215"
    city = _of_place("city")
    state = _of_place("state")
    latitude = _of_place("latitude")
    longitude = _of_place("longitude")
    time_zone = _of_place("time_zone")
    created_at = _now()
    approved_at = _now()


class MembershipFactory(Factory):
    class Meta:
        model = Membership

    alliance = factory.SubFactory(AllianceFactory)
    person = factory.SubFactory(PersonFactory)
    alliance_id = factory.SelfAttribute("alliance.id")
    person_id = factory.SelfAttribute("person.id")
    state = MembershipState.ACTIVE
    since = _now()


class CoordinatorTermFactory(Factory):
    """A year that began a month ago."""

    class Meta:
        model = CoordinatorTerm
        exclude = ("alliance",)

    alliance = factory.SubFactory(AllianceFactory)
    alliance_id = factory.SelfAttribute("alliance.id")
    person = factory.SubFactory(PersonFactory)
    person_id = factory.SelfAttribute("person.id")
    since = factory.LazyFunction(lambda: clock.today() - timedelta(days=30))
    until = factory.LazyAttribute(lambda made: made.since + timedelta(days=365))


class NationalRoleFactory(Factory):
    class Meta:
        model = NationalRole
        exclude = ("person",)

    person = factory.SubFactory(PersonFactory)
    person_id = factory.SelfAttribute("person.id")
    role = Role.STAFF
    since = factory.LazyFunction(lambda: clock.today() - timedelta(days=30))
    until = None


class InvitationFactory(Factory):
    """An open invitation; pass `secret` to know its link, `/invitations/<secret>`."""

    class Meta:
        model = Invitation
        exclude = ("alliance", "secret")

    secret = factory.LazyFunction(tokens.new)
    alliance = factory.SubFactory(AllianceFactory)
    alliance_id = factory.SelfAttribute("alliance.id")
    address = factory.SubFactory(AddressFactory, confirmed_at=None)
    address_id = factory.SelfAttribute("address.id")
    secret_digest = factory.LazyAttribute(lambda made: tokens.digest(made.secret))
    created_at = _now()
    expires_at = factory.LazyAttribute(lambda made: made.created_at + timedelta(days=30))


class ObservanceFactory(Factory):
    class Meta:
        model = Observance
        sqlalchemy_get_or_create = ("key",)

    key = "justice-day"
    name = "Day of International Criminal Justice"
    short_name = "International Justice Day"
    month = 7
    day = 17


class EditionFactory(Factory):
    class Meta:
        model = Edition

    observance = factory.SubFactory(ObservanceFactory)
    observance_key = factory.SelfAttribute("observance.key")
    year = 2027
    on = factory.LazyAttribute(lambda made: datetime(made.year, 7, 17).date())
    opened_at = _now()


class EventFactory(Factory):
    """A published event in ten days at 18:30 of its alliance's clock."""

    class Meta:
        model = Event

    slug = factory.Sequence(lambda n: f"event-{n}")
    alliance = factory.SubFactory(AllianceFactory)
    alliance_id = factory.SelfAttribute("alliance.id")
    kind = EventKind.PANEL
    title = factory.Sequence(lambda n: f"Panel {n}")
    state = EventState.PUBLISHED
    time_zone = factory.SelfAttribute("alliance.time_zone")
    wall_start = factory.LazyAttribute(
        lambda made: datetime.combine(
            clock.today(made.time_zone) + timedelta(days=10), time(18, 30)
        )
    )
    starts_at = factory.LazyAttribute(lambda made: clock.instant(made.wall_start, made.time_zone))
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + timedelta(minutes=made.minutes))
    minutes = 90
    venue = "Main Library"
    street = "96 S Grant Ave"
    zip = factory.SelfAttribute("alliance.zip")
    city = factory.SelfAttribute("alliance.city")
    us_state = factory.SelfAttribute("alliance.state")
    latitude = factory.SelfAttribute("alliance.latitude")
    longitude = factory.SelfAttribute("alliance.longitude")
    created_at = _now()
    updated_at = _now()
    published_at = factory.LazyAttribute(
        lambda made: None if made.state == EventState.DRAFT else made.created_at
    )


class SignUpFactory(Factory):
    class Meta:
        model = SignUp

    event = factory.SubFactory(EventFactory)
    event_id = factory.SelfAttribute("event.id")
    person = factory.SubFactory(PersonFactory)
    person_id = factory.SelfAttribute("person.id")
    state = SignUpState.CONFIRMED
    place = factory.Sequence(lambda n: n + 1)
    created_at = _now()
    confirmed_at = factory.LazyAttribute(
        lambda made: made.created_at if made.state == SignUpState.CONFIRMED else None
    )


class ConsentFactory(Factory):
    class Meta:
        model = Consent
        exclude = ("person",)

    person = factory.SubFactory(PersonFactory)
    person_id = factory.SelfAttribute("person.id")
    purpose = Purpose.DIGEST
    given = True
    wording = "join-2026-11"
    channel = "web"
    at = _now()


class DisclosureFactory(Factory):
    class Meta:
        model = Disclosure
        exclude = ("person", "viewer")

    person = factory.SubFactory(PersonFactory)
    person_id = factory.SelfAttribute("person.id")
    viewer = factory.SubFactory(PersonFactory)
    viewer_id = factory.SelfAttribute("viewer.id")
    role = "coordinator"
    what = "e-mail address"
    at = _now()


class IssueFactory(Factory):
    """A draft of a monthly digest for everybody."""

    class Meta:
        model = Issue

    subject = factory.Sequence(lambda n: f"Digest {n}")
    introduction = "Dear friends,\n\nhere is what is coming up."
    created_at = _now()
    updated_at = _now()


def staff_member(**values: object) -> Person:
    """A person with today's role of national staff."""
    return _with_role(Role.STAFF, **values)


def administrator(**values: object) -> Person:
    return _with_role(Role.ADMIN, **values)


class ToDoFactory(Factory):
    """Something that nobody has taken on yet, due in three days."""

    class Meta:
        model = ToDo

    alliance = factory.SubFactory(AllianceFactory)
    alliance_id = factory.SelfAttribute("alliance.id")
    title = factory.Sequence(lambda n: f"Bring chairs {n}")
    due_on = factory.LazyAttribute(
        lambda made: clock.today(made.alliance.time_zone) + timedelta(days=3)
    )
    owner = None
    owner_id = factory.LazyAttribute(lambda made: made.owner.id if made.owner else None)
    created_at = _now()


def coordinator_of(alliance: Alliance, **values: object) -> Person:
    """A member of the alliance who leads it today."""
    person = member_of(alliance, **values)
    CoordinatorTermFactory(alliance=alliance, person=person)
    return person


def member_of(alliance: Alliance, **values: object) -> Person:
    person: Person = PersonFactory(**values)
    MembershipFactory(alliance=alliance, person=person)
    return person


def _with_role(role: Role, **values: object) -> Person:
    person: Person = PersonFactory(**values)
    NationalRoleFactory(person=person, role=role)
    return person
