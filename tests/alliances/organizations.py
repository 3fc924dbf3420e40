"""Organizations for tests: a listed national member in Columbus, and who speaks for it."""

from __future__ import annotations

from datetime import timedelta

import factory

from app.alliances.organization_models import (
    Organization,
    OrganizationInAlliance,
    OrganizationState,
    Representative,
)
from app.foundation import clock
from tests.factories import AllianceFactory, Factory, PersonFactory


class OrganizationFactory(Factory):
    """A national member that said in writing that it may be named."""

    class Meta:
        model = Organization

    slug = factory.Sequence(lambda n: f"organization-{n}")
    name = factory.Sequence(lambda n: f"Organization {n}")
    zip = "43215"
    city = "Columbus"
    us_state = "OH"
    state = OrganizationState.MEMBER
    listed = True
    authority_by = "Ada Okafor"
    authority_title = "Executive director"
    authority_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=90))
    created_at = factory.LazyFunction(clock.now)


class RepresentativeFactory(Factory):
    class Meta:
        model = Representative

    organization = factory.SubFactory(OrganizationFactory)
    organization_id = factory.SelfAttribute("organization.id")
    person = factory.SubFactory(PersonFactory)
    person_id = factory.SelfAttribute("person.id")
    title = "Program officer"
    since = factory.LazyFunction(lambda: clock.today() - timedelta(days=30))
    until = None


class OrganizationInAllianceFactory(Factory):
    class Meta:
        model = OrganizationInAlliance
        exclude = ("alliance",)

    alliance = factory.SubFactory(AllianceFactory)
    alliance_id = factory.SelfAttribute("alliance.id")
    organization = factory.SubFactory(OrganizationFactory)
    organization_id = factory.SelfAttribute("organization.id")
    since = factory.LazyFunction(lambda: clock.today() - timedelta(days=30))
    until = None
