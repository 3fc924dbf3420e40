"""The mails to whoever speaks for an organization: endorse again, and what came on paper."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.alliances import organization_queries
from app.alliances.organization_models import Organization
from app.campaigns import measure_words as words
from app.campaigns.measure_models import Measure
from app.campaigns.support_models import Endorsement
from app.foundation.db import db
from app.foundation.links import absolute
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Person, Standing


def again(own: Endorsement, measure: Measure) -> int:
    """Will the organization endorse this year's, too? How many people were asked."""
    organization = own.organization
    readers = _speakers(organization.id)
    for person in readers:
        link = absolute(
            "campaigns.endorse",
            language=person.language,
            slug=measure.slug,
            organization=organization.slug,
        )
        _post("campaigns/endorse_again", person, own, measure, organization, link)
    return len(readers)


def recorded(own: Endorsement, measure: Measure, organization: Organization) -> None:
    """A coordinator wrote down that the organization endorses it; here it can be taken back."""
    for person in _speakers(organization.id):
        link = absolute(
            "campaigns.endorsements_of", language=person.language, slug=organization.slug
        )
        _post("campaigns/endorsement_recorded", person, own, measure, organization, link)


def _speakers(organization_id: int) -> Sequence[Person]:
    ids = [each.person_id for each in organization_queries.representatives(organization_id)]
    return db.scalars(
        select(Person)
        .options(joinedload(Person.address))
        .where(
            Person.id.in_(ids),
            Person.standing == Standing.ACTIVE,
            Person.address_id.is_not(None),
        )
        .order_by(Person.id)
    ).all()


def _post(
    kind: str,
    to: Person,
    own: Endorsement,
    measure: Measure,
    organization: Organization,
    link: str,
) -> None:
    if to.address is None:
        raise ValueError("only people with an address are asked")
    parts = outbox.render(
        kind,
        to_language=to.language,
        name=to.name,
        organization=organization.name,
        title=measure.title,
        where=words.where(measure),
        year=measure.year,
        by=own.authorized_by,
        proposed=own.is_proposed,
        link=link,
    )
    once = f"{kind}:{own.id}:{measure.id}:{to.id}:{own.authorized_on.isoformat()}"
    outbox.post(to.address, Notice(kind, *parts, person_id=to.id), once=once)
