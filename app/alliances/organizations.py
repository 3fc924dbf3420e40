"""Organizations: they apply, staff decide, people speak for them, alliances gain them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from werkzeug.datastructures import FileStorage

from app.accounts.audit import audit
from app.alliances import organization_mails as mails
from app.alliances import organization_queries as queries
from app.alliances.models import Alliance
from app.alliances.organization_models import (
    Constituency,
    Organization,
    OrganizationConstituency,
    OrganizationInAlliance,
    OrganizationKind,
    OrganizationState,
    Representative,
)
from app.foundation import clock, geo, text, uploads
from app.foundation.db import db
from app.foundation.limits import Limit
from app.people.models import Person, Standing

APPLYING = Limit("apply for an organization", 3, timedelta(days=1))
RESERVED = {"apply"}


class NameTaken(Exception):
    """We know an organization of this name."""


class NoAuthority(ValueError):
    """Nobody is named in public without somebody's authority on file."""


class NotConfirmed(ValueError):
    """Only somebody who confirmed their address speaks for an organization."""


@dataclass(frozen=True)
class Application:
    """What somebody tells who applies for their organization."""

    name: str
    kind: OrganizationKind
    website: str
    description: str
    place: geo.Place
    constituencies: Sequence[Constituency]
    title: str
    chapter_of_id: int | None = None


@dataclass(frozen=True)
class Authority:
    """Who of an organization allowed that it is named in public, and when."""

    by: str
    title: str
    on: date


def apply(person: Person, told: Application, commitment: FileStorage | None) -> Organization:
    """Apply for national membership, with the commitment on file.

    Raises NameTaken, TooMany above three a day, and uploads.Refused for what is not a PDF.
    """
    APPLYING.check(str(person.id))
    if db.scalar(select(Organization.id).where(func.lower(Organization.name) == told.name.lower())):
        raise NameTaken
    APPLYING.note(str(person.id))
    upload = uploads.keep_document(commitment, by=person.id)
    db.flush()
    organization = Organization(
        slug=free_slug(told.name),
        name=told.name,
        kind=told.kind,
        website=told.website,
        description=told.description,
        zip=told.place.zip,
        city=told.place.city,
        us_state=told.place.state,
        state=OrganizationState.APPLIED,
        chapter_of_id=told.chapter_of_id,
        commitment_id=upload.id,
        applied_by_id=person.id,
        created_at=clock.now(),
        applied_at=clock.now(),
    )
    db.add(organization)
    db.flush()
    set_constituencies(organization, told.constituencies)
    represent(organization, person, told.title)
    return organization


def set_constituencies(organization: Organization, chosen: Sequence[Constituency]) -> None:
    of_this = OrganizationConstituency.organization_id == organization.id
    db.execute(delete(OrganizationConstituency).where(of_this))
    for constituency in chosen:
        db.add(OrganizationConstituency(organization_id=organization.id, constituency=constituency))


def decide(organization: Organization, *, accept: bool, note: str, by: int | None) -> bool:
    """Answer an application and tell who applied; False if somebody else was faster."""
    if organization.state != OrganizationState.APPLIED:
        return False
    organization.state = OrganizationState.MEMBER if accept else OrganizationState.DECLINED
    organization.decided_by_id, organization.decided_at = by, clock.now()
    organization.decision_note = note
    audit("alliances", f"organization {organization.state}", organization.id)
    mails.decided(organization, queries.representatives(organization.id))
    return True


def list_publicly(organization: Organization, authority: Authority | None) -> None:
    """Name it in public by somebody's authority, or not at all. Raises NoAuthority."""
    if authority is None:
        organization.listed = False
    elif not authority.by or authority.on > clock.today():
        raise NoAuthority
    else:
        organization.authority_by, organization.authority_title = authority.by, authority.title
        organization.authority_on, organization.listed = authority.on, True
    audit("alliances", "organization listing changed", organization.id)


def represent(organization: Organization, person: Person, title: str) -> Representative:
    """Let somebody speak for an organization from today. Raises NotConfirmed."""
    if person.standing != Standing.ACTIVE:
        raise NotConfirmed
    for representative in queries.representatives(organization.id):
        if representative.person_id == person.id:
            return representative
    representative = Representative(
        organization_id=organization.id,
        person_id=person.id,
        title=title,
        since=clock.today(),
        organization=organization,
        person=person,
    )
    db.add(representative)
    db.flush()
    audit("alliances", "representative named", representative.id, person=person.id)
    return representative


def step_down(representative: Representative) -> None:
    """Somebody stops speaking for an organization, which stays; staff learn if nobody is left."""
    organization = db.get_one(Organization, representative.organization_id)
    yesterday = clock.today() - timedelta(days=1)
    if representative.since > yesterday:
        db.delete(representative)
    else:
        representative.until = yesterday
    audit("alliances", "representative left", representative.id)
    db.flush()
    tell_if_nobody_speaks(organization)


def tell_if_nobody_speaks(organization: Organization) -> None:
    counts = organization.state in (OrganizationState.MEMBER, OrganizationState.APPLIED)
    if counts and not queries.representatives(organization.id):
        mails.unrepresented(organization)


def leave(organization: Organization) -> None:
    """An organization is no member any more; its history stays."""
    organization.state, organization.listed = OrganizationState.LEFT, False
    for part, _alliance in queries.alliances_of(organization.id):
        leave_alliance(part)
    audit("alliances", "organization left", organization.id)


def join_alliance(organization: Organization, alliance: Alliance) -> OrganizationInAlliance:
    """Become part of an alliance today; twice is once."""
    for current, joined in queries.alliances_of(organization.id):
        if joined.id == alliance.id:
            return current
    of_both = (
        OrganizationInAlliance.organization_id == organization.id,
        OrganizationInAlliance.alliance_id == alliance.id,
        OrganizationInAlliance.since == clock.today(),
    )
    part = db.scalars(select(OrganizationInAlliance).where(*of_both)).first()
    if part is None:
        part = OrganizationInAlliance(
            organization_id=organization.id, alliance_id=alliance.id, since=clock.today()
        )
        db.add(part)
    part.until = None
    db.flush()
    audit("alliances", "organization joined", organization.id, alliance=alliance.id)
    return part


def leave_alliance(part: OrganizationInAlliance) -> None:
    yesterday = clock.today() - timedelta(days=1)
    if part.since > yesterday:
        db.delete(part)
    else:
        part.until = yesterday


def free_slug(name: str) -> str:
    wanted = text.slug(name, fallback="organization")
    taken = set(db.scalars(select(Organization.slug).where(Organization.slug.startswith(wanted))))
    return text.free_slug(wanted, taken | RESERVED)
