"""What partner coalitions share with us, in public: added and taken off by them or by staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.accounts.audit import audit
from app.alliances import organization_queries as queries
from app.alliances.organization_models import Organization, OrganizationKind
from app.alliances.partner_models import SharedItem
from app.foundation import clock
from app.foundation.db import db

MOST = 50


@dataclass(frozen=True)
class Shared:
    """What somebody typed of an item."""

    title: str
    note: str
    link: str
    on: date


def is_partner(organization: Organization) -> bool:
    """Whether it shares items: a partner coalition that is a member."""
    return organization.is_member and organization.kind == OrganizationKind.PARTNER_COALITION


def share(organization: Organization, told: Shared, *, by: int | None) -> SharedItem:
    item = SharedItem(
        organization_id=organization.id, added_by_id=by, added_at=clock.now(), **vars(told)
    )
    db.add(item)
    db.flush()
    audit("alliances", "item shared", item.id, organization=organization.id)
    return item


def take_off(item: SharedItem) -> None:
    audit("alliances", "shared item taken off", item.id, organization=item.organization_id)
    db.delete(item)


def of(organization: Organization) -> Sequence[SharedItem]:
    """What a partner shares, the newest first; nothing of other organizations."""
    if not is_partner(organization):
        return ()
    return db.scalars(
        select(SharedItem)
        .where(SharedItem.organization_id == organization.id)
        .order_by(SharedItem.on.desc(), SharedItem.id.desc())
        .limit(MOST)
    ).all()


def newest(most: int) -> Sequence[SharedItem]:
    """What partners that may be named share, with their names."""
    listed = queries.listed().where(Organization.kind == OrganizationKind.PARTNER_COALITION)
    return db.scalars(
        select(SharedItem)
        .join(SharedItem.organization)
        .options(contains_eager(SharedItem.organization))
        .where(SharedItem.organization_id.in_(listed.with_only_columns(Organization.id)))
        .order_by(SharedItem.on.desc(), SharedItem.id.desc())
        .limit(most)
    ).all()
