"""Organizations: who speaks for them and where they belong, today and after people change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.alliances import organization_queries as queries
from app.alliances.organization_models import (
    Constituency,
    OrganizationState,
    PersonConstituency,
    Representative,
)
from app.foundation import clock, signals
from tests.alliances.organizations import (
    OrganizationFactory,
    OrganizationInAllianceFactory,
    RepresentativeFactory,
)
from tests.factories import AllianceFactory, PersonFactory


def test_only_todays_representatives_speak_for_an_organization(db: Session) -> None:
    bar = OrganizationFactory(name="Bar Association")
    speaks = RepresentativeFactory(organization=bar)
    RepresentativeFactory(organization=bar, until=clock.today() - timedelta(days=1))
    RepresentativeFactory(organization=bar, since=clock.today() + timedelta(days=1))

    assert list(queries.representatives(bar.id)) == [speaks]
    assert list(queries.represented_by(speaks.person_id)) == [bar]


def test_an_alliance_names_the_organizations_that_are_part_of_it_today(db: Session) -> None:
    columbus = AllianceFactory()
    stays = OrganizationInAllianceFactory(alliance=columbus)
    OrganizationInAllianceFactory(alliance=columbus, until=clock.today() - timedelta(days=1))
    OrganizationInAllianceFactory()

    assert list(queries.of_alliance(columbus.id)) == [stays.organization]


def test_only_members_with_an_authority_on_file_are_listed(db: Session) -> None:
    named = OrganizationFactory(slug="named")
    OrganizationFactory(listed=False)
    OrganizationFactory(state=OrganizationState.LEFT)

    assert db.scalars(queries.listed()).all() == [named]
    assert queries.by_slug("named") == named
    with pytest.raises(IntegrityError, match="listed_with_authority"):
        OrganizationFactory(authority_on=None)


def test_an_organization_stays_when_its_representative_is_erased(db: Session) -> None:
    faith = RepresentativeFactory()
    db.add(PersonConstituency(person_id=faith.person_id, constituency=Constituency.FAITH))

    erasure.erase(faith.person)

    assert db.scalars(select(Representative)).all() == []
    assert db.scalars(select(PersonConstituency)).all() == []
    assert queries.by_slug(faith.organization.slug) is not None


def test_one_person_from_two_records_speaks_for_all(db: Session) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    theirs = RepresentativeFactory(person=gone)
    for person in (kept, gone):
        db.add(PersonConstituency(person_id=person.id, constituency=Constituency.BAR))
    db.add(PersonConstituency(person_id=gone.id, constituency=Constituency.STUDENTS))

    signals.person_merged.send(gone.id, into_id=kept.id)
    db.expire_all()

    assert list(queries.represented_by(kept.id)) == [theirs.organization]
    tags = select(PersonConstituency.person_id, PersonConstituency.constituency)
    assert sorted(db.execute(tags).all()) == [(kept.id, "bar"), (kept.id, "students")]
