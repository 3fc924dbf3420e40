"""Reads about who supports a campaign: organizations that endorse it, and where signers live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, Select, func, or_, select
from sqlalchemy.orm import contains_eager

from app.alliances import organization_queries
from app.alliances.organization_models import (
    Organization,
    OrganizationInAlliance,
    OrganizationState,
)
from app.campaigns import stages
from app.campaigns.measure_models import Measure, Stance
from app.campaigns.support_models import Endorsement, Signature, SignatureState
from app.foundation.db import db
from app.people.models import Person

MOST_ZIPS = 40


def of_measure(measure_id: int, *, public: bool = False) -> Sequence[Endorsement]:
    """What organizations said and did not take back, by their names; for all or the public."""
    query = (
        select(Endorsement)
        .join(Endorsement.organization)
        .where(Endorsement.measure_id == measure_id, Endorsement.withdrawn_on.is_(None))
        .order_by(Organization.name, Endorsement.id)
        .options(contains_eager(Endorsement.organization))
    )
    if public:
        query = query.where(Endorsement.public_use, Endorsement.is_proposed.is_(False))
    return db.scalars(query).all()


def of_both(measure_id: int, organization_id: int) -> Endorsement | None:
    """What an organization said of a campaign, also if it took it back."""
    return db.scalars(
        select(Endorsement).where(
            Endorsement.measure_id == measure_id, Endorsement.organization_id == organization_id
        )
    ).first()


def numbered(measure_id: int, number: int) -> Endorsement | None:
    """An endorsement by its number, only if it is of that campaign."""
    return db.scalars(
        select(Endorsement)
        .join(Endorsement.organization)
        .where(Endorsement.id == number, Endorsement.measure_id == measure_id)
        .options(contains_eager(Endorsement.organization))
    ).first()


def of_organization(
    organization_id: int, *, public: bool = False
) -> Sequence[tuple[Endorsement, Measure]]:
    """The campaigns that an organization endorses, the newest first."""
    query = (
        select(Endorsement, Measure)
        .join(Measure, Measure.id == Endorsement.measure_id)
        .where(
            Endorsement.organization_id == organization_id,
            Endorsement.withdrawn_on.is_(None),
            Measure.published_at.is_not(None),
        )
        .order_by(Endorsement.authorized_on.desc(), Endorsement.id.desc())
    )
    if public:
        query = query.where(
            Endorsement.public_use,
            Endorsement.is_proposed.is_(False),
            Endorsement.for_identification.is_(False),
        )
    return [(each, measure) for each, measure in db.execute(query)]


def open_to(organization: Organization) -> Sequence[Measure]:
    """Campaigns that run in its state or in its alliances and that it does not endorse yet."""
    parts = select(OrganizationInAlliance.alliance_id).where(
        OrganizationInAlliance.organization_id == organization.id,
        organization_queries.is_part_today(),
    )
    said = select(Endorsement.measure_id).where(
        Endorsement.organization_id == organization.id, Endorsement.withdrawn_on.is_(None)
    )
    return db.scalars(
        select(Measure)
        .where(
            Measure.published_at.is_not(None),
            Measure.historical.is_(False),
            Measure.stance == Stance.SUPPORT,
            Measure.stage.in_(stages.RUNNING),
            or_(Measure.us_state == organization.us_state, Measure.alliance_id.in_(parts)),
            Measure.id.not_in(said),
        )
        .order_by(Measure.year.desc(), Measure.title, Measure.id)
    ).all()


def may_be_recorded(measure: Measure) -> Select[Organization]:
    """Members of its state and of its alliance; others tell us themselves."""
    parts = select(OrganizationInAlliance.organization_id).where(
        OrganizationInAlliance.alliance_id == measure.alliance_id,
        organization_queries.is_part_today(),
    )
    return (
        organization_queries.known()
        .where(
            Organization.state == OrganizationState.MEMBER,
            or_(Organization.us_state == measure.us_state, Organization.id.in_(parts)),
        )
        .order_by(Organization.name, Organization.id)
    )


@dataclass(frozen=True)
class Signed:
    """How many people signed, how many of them live there and how many wait for their mail."""

    confirmed: int
    local: int
    shown: int
    pending: int

    @property
    def local_share(self) -> int | None:
        """Of a hundred signers, how many live where it is decided."""
        return round(100 * self.local / self.confirmed) if self.confirmed else None


def signed(measure_id: int) -> Signed:
    confirmed = Signature.state == SignatureState.CONFIRMED
    sums = (
        confirmed,
        confirmed & Signature.is_local,
        confirmed & Signature.show_name,
        Signature.state == SignatureState.PENDING,
    )
    row = db.execute(
        select(*(func.coalesce(func.sum(each.cast(Integer)), 0) for each in sums)).where(
            Signature.measure_id == measure_id
        )
    ).one()
    return Signed(row[0], row[1], row[2], row[3])


def signed_by_zip(measure_id: int) -> Sequence[tuple[str, str, int]]:
    """ZIP code, city and number of signers, most first; a ZIP that nobody gave is empty.

    Whoever is known only to their coordinator is left out of counts by place.
    """
    rows = db.execute(
        select(Person.zip, func.max(Person.city), func.count(Signature.id))
        .join(Signature.person)
        .where(
            Signature.measure_id == measure_id,
            Signature.state == SignatureState.CONFIRMED,
            Person.discreet.is_(False),
        )
        .group_by(Person.zip)
        .order_by(func.count(Signature.id).desc(), Person.zip)
        .limit(MOST_ZIPS)
    )
    return [(code or "", city or "", number) for code, city, number in rows]
