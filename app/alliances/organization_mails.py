"""The mails about organizations: the answer to an application, and nobody who speaks for one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.queries import staff
from app.alliances.organization_models import Organization, Representative
from app.foundation import clock
from app.foundation.db import db
from app.foundation.links import absolute
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Person


def decided(organization: Organization, representatives: Iterable[Representative]) -> None:
    """To whoever speaks for it: staff said yes, or no with a reason."""
    ids = [each.person_id for each in representatives]
    people = select(Person).options(joinedload(Person.address)).where(Person.id.in_(ids))
    for person in db.scalars(people.order_by(Person.id)):
        _post(
            "alliances/organization_decided",
            person,
            once=f"organization-decided:{organization.id}:{person.id}:{_stamp()}",
            organization=organization,
            link=absolute(
                "alliances.organization", language=person.language, slug=organization.slug
            ),
        )


def unrepresented(organization: Organization) -> None:
    """To staff: nobody speaks for a member any more."""
    for person in staff():
        _post(
            "alliances/organization_unrepresented",
            person,
            once=f"organization-unrepresented:{organization.id}:{person.id}:{_stamp()}",
            organization=organization,
            link=absolute(
                "alliances.staff_organization", language=person.language, slug=organization.slug
            ),
        )


def _post(kind: str, to: Person, *, once: str, organization: Organization, link: str) -> None:
    if to.address is None:
        return
    parts = outbox.render(
        kind, to_language=to.language, name=to.name, organization=organization, link=link
    )
    outbox.post(to.address, Notice(kind, *parts, person_id=to.id), once=once)


def _stamp() -> str:
    return clock.now().isoformat(timespec="seconds")
