"""The lists of organizations: for everybody those that may be named, for staff all."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_

from app.alliances.organization_forms import OrganizationFilter, StaffFilter
from app.alliances.organization_models import Organization
from app.alliances.organization_words import KINDS, STATES
from app.foundation.tables import Column, Listing, like


def _narrow(query: Select[Any], form: OrganizationFilter) -> Select[Any]:
    if form.q.data:
        wanted = like(form.q.data)
        columns = (Organization.name, Organization.city)
        query = query.where(or_(*(func.lower(c).like(wanted, escape="\\") for c in columns)))
    if form.kind.data:
        query = query.where(Organization.kind == form.kind.data)
    return query


def _narrow_all(query: Select[Any], form: StaffFilter) -> Select[Any]:
    query = _narrow(query, form)
    return query.where(Organization.state == form.state.data) if form.state.data else query


COLUMNS: list[Column[Organization]] = [
    Column("name", _l("Organization"), lambda o: o.name, sort=func.lower(Organization.name)),
    Column("kind", _l("What it is"), lambda o: str(KINDS[o.kind])),
    Column("place", _l("Place"), lambda o: f"{o.city}, {o.us_state}", sort=Organization.city),
]

PUBLIC_LIST: Listing[Organization] = Listing(
    name="organizations",
    columns=COLUMNS,
    sort="name",
    tie_break=Organization.id,
    filters=OrganizationFilter,
    apply=_narrow,
)

STAFF_LIST: Listing[Organization] = Listing(
    name="all-organizations",
    columns=[
        *COLUMNS,
        Column("state", _l("Standing"), lambda o: str(STATES[o.state][0]), sort=Organization.state),
    ],
    sort="name",
    tie_break=Organization.id,
    filters=StaffFilter,
    apply=_narrow_all,
)
