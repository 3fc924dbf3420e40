"""A person is erased whose name stands beside an endorsement: whoever typed it, it goes."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.alliances.organization_models import Organization
from app.campaigns import endorsing
from app.campaigns.endorsing import Given
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.campaigns.support_models import Endorsement
from app.foundation import clock
from app.people.models import Person
from tests.alliances.organizations import OrganizationFactory, RepresentativeFactory
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, PersonFactory, member_of


@pytest.fixture
def measure(app: Flask, db: Session) -> Measure:
    alliance = AllianceFactory(slug="columbus")
    return campaign(slug="justice", stage=Stage.SEEKING_SPONSOR, alliance=alliance)


@pytest.fixture
def bar(db: Session) -> Organization:
    made: Organization = OrganizationFactory(slug="bar")
    return made


def recorded(measure: Measure, bar: Organization, by: str = "Ada Okafor") -> None:
    """Written down by somebody else than the one who is named."""
    given = Given(
        by, "President", clock.today(), public_use=False, evidence="Letter of ada  okafor"
    )
    endorsing.record(measure, bar, given, None, by_id=PersonFactory().id)


def left_of(db: Session, person: Person) -> tuple[str, str, str]:
    erasure.erase(person)
    db.expire_all()
    own = db.scalars(select(Endorsement)).one()
    return own.authorized_by, own.authorized_title, own.evidence


@pytest.mark.parametrize("by", ["Ada Okafor", "ADA  OKAFOR", "Hon. Ada Okafor, Esq."])
def test_who_spoke_for_the_organization_is_named_no_more(
    db: Session, measure: Measure, bar: Organization, by: str
) -> None:
    ada = RepresentativeFactory(organization=bar, person__name="Ada Okafor").person
    recorded(measure, bar, by)

    assert left_of(db, ada) == ("", "", "Letter of …")


def test_so_is_a_member_of_the_alliance_that_runs_the_campaign(
    db: Session, measure: Measure, bar: Organization
) -> None:
    recorded(measure, bar)
    alliance = measure.alliance

    assert left_of(db, member_of(alliance, name="Ada Okafor")) == ("", "", "Letter of …")


def test_a_namesake_from_elsewhere_takes_nobodys_name_off(
    db: Session, measure: Measure, bar: Organization
) -> None:
    recorded(measure, bar)
    stays = ("Ada Okafor", "President", "Letter of ada  okafor")

    assert left_of(db, PersonFactory(name="Ada Okafor")) == stays


def test_a_colleague_at_the_same_organization_takes_off_only_their_own(
    db: Session, measure: Measure, bar: Organization
) -> None:
    colleague = RepresentativeFactory(organization=bar, person__name="Bo Okafor").person
    recorded(measure, bar)

    assert left_of(db, colleague)[0] == "Ada Okafor"
