"""Organizations endorse a campaign by somebody's authority, take it back, and are asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app.accounts.audit import audit
from app.alliances.organization_models import Organization
from app.campaigns import campaign_plan
from app.campaigns import endorsement_mails as mails
from app.campaigns import endorsement_queries as queries
from app.campaigns.measure_models import Measure
from app.campaigns.support_models import Endorsement
from app.foundation import clock, uploads
from app.foundation.db import db


class NoAuthority(ValueError):
    """Nobody of the organization is named, the day lies ahead, or there is nothing to show."""


class NoDocument(ValueError):
    """What came on paper is public only with the paper on file."""


class Endorsed(Exception):
    """The organization endorses it already."""


@dataclass(frozen=True)
class Given:
    """Who of an organization allowed it, in which office and when, and what may be printed."""

    by: str
    title: str
    on: date
    public_use: bool
    for_identification: bool = False
    evidence: str = ""


def endorse(
    measure: Measure, organization: Organization, given: Given, *, by_id: int | None
) -> Endorsement:
    """Its representative says so; again changes what was said. Raises NoAuthority."""
    return _keep(measure, organization, given, by_id)


def record(
    measure: Measure,
    organization: Organization,
    given: Given,
    document: FileStorage | None,
    *,
    by_id: int | None,
    proposed: bool = False,
) -> Endorsement:
    """It came on paper; whoever speaks for the organization is told.

    What a coordinator writes down is `proposed`: it counts once the organization or staff agree.

    Raises Endorsed, NoAuthority without document or evidence, NoDocument for a public one without
    a document, and uploads.Refused for what is not a PDF.
    """
    own = queries.of_both(measure.id, organization.id)
    if own is not None and own.withdrawn_on is None:
        raise Endorsed
    if not document and not given.evidence:
        raise NoAuthority
    if given.public_use and not document:
        raise NoDocument
    upload = uploads.keep_document(document, by=by_id) if document else None
    own = _keep(measure, organization, given, by_id)
    own.document_id = upload.id if upload else None
    own.is_proposed = proposed
    db.flush()
    mails.recorded(own, measure, organization)
    return own


def agree(own: Endorsement) -> None:
    """Whoever speaks for the organization, or staff, say that what a coordinator wrote is so."""
    if own.is_proposed:
        own.is_proposed = False
        audit("campaigns", "endorsement agreed to", own.id)


def withdraw(own: Endorsement) -> None:
    """It endorses no more; that it did stays on file."""
    if own.withdrawn_on is None:
        own.withdrawn_on = clock.today()
        audit("campaigns", "endorsement withdrawn", own.id)


def ask_endorsers_again(measure: Measure) -> int:
    """Ask everybody who endorsed last year's campaign to endorse this one; how many were asked.

    Each endorsement is asked once, by one mail to each person who speaks for the organization.
    One for which nobody speaks waits until somebody does, and nobody is asked about a draft.
    """
    if measure.prior_session_id is None or measure.published_at is None:
        return 0
    said = select(Endorsement.organization_id).where(Endorsement.measure_id == measure.id)
    before = [
        each
        for each in queries.of_measure(measure.prior_session_id)
        if each.asked_again_on is None and not each.is_proposed
    ]
    answered = set(db.scalars(said))
    asked = 0
    for own in before:
        if own.organization_id in answered or not mails.again(own, measure):
            continue
        own.asked_again_on = clock.today()
        asked += 1
    if all(own.asked_again_on or own.organization_id in answered for own in before):
        campaign_plan.tick(measure, campaign_plan.ENDORSERS.key)
    db.flush()
    return asked


def _keep(
    measure: Measure, organization: Organization, given: Given, by_id: int | None
) -> Endorsement:
    if not given.by or given.on > clock.today():
        raise NoAuthority
    own = queries.of_both(measure.id, organization.id)
    if own is None:
        own = Endorsement(
            measure_id=measure.id, organization_id=organization.id, entered_at=clock.now()
        )
        db.add(own)
    own.authorized_by, own.authorized_title, own.authorized_on = given.by, given.title, given.on
    own.public_use, own.for_identification = given.public_use, given.for_identification
    own.evidence, own.document_id = given.evidence, None
    own.by_id, own.withdrawn_on, own.is_proposed = by_id, None, False
    db.flush()
    audit("campaigns", "endorsed", own.id, organization=organization.id)
    return own
