"""Whose name stands beside an endorsement, when that person is erased: the endorsement stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import ColumnElement, or_, select

from app.alliances.models import Membership, MembershipState
from app.alliances.organization_models import (
    Organization,
    OrganizationInAlliance,
    Representative,
)
from app.campaigns.measure_models import Measure
from app.campaigns.support_models import Endorsement
from app.foundation import text
from app.foundation.db import db
from app.people.models import Person


def forget(person: Person) -> None:
    """Take their name off, whoever typed it, and out of the words on where the paper is.

    The name alone does not tell that it is theirs: a namesake who has to do with neither the
    organization nor the campaign's alliance takes nobody's name off.
    """
    named = re.compile(r"\s+".join(map(re.escape, person.name.split())), re.IGNORECASE)
    for own in _tied_to(person.id):
        if _is_named(person, own):
            own.authorized_by = own.authorized_title = ""
        if person.name:
            own.evidence = named.sub("…", own.evidence)
    db.flush()


def _is_named(person: Person, own: Endorsement) -> bool:
    """Whether it is they who are named, also as “Hon. Ada Okafor, Esq.”."""
    theirs = set(text.folded(person.name).split())
    said = set(text.folded(own.authorized_by).replace(",", " ").split())
    return bool(theirs) and theirs <= said


def _tied_to(person_id: int) -> Iterator[Endorsement]:
    spoken_for = select(Representative.organization_id).where(Representative.person_id == person_id)
    applied_for = select(Organization.id).where(Organization.applied_by_id == person_id)
    belonged = select(Membership.alliance_id).where(
        Membership.person_id == person_id,
        Membership.state.in_((MembershipState.ACTIVE, MembershipState.LEFT)),
    )
    parts_of_it = select(OrganizationInAlliance.organization_id).where(
        OrganizationInAlliance.alliance_id.in_(belonged)
    )
    run_by_it = select(Measure.id).where(Measure.alliance_id.in_(belonged))
    tied: ColumnElement[bool] = or_(
        Endorsement.by_id == person_id,
        *(Endorsement.organization_id.in_(ids) for ids in (spoken_for, applied_for, parts_of_it)),
        Endorsement.measure_id.in_(run_by_it),
    )
    return iter(db.scalars(select(Endorsement).where(tied)))
