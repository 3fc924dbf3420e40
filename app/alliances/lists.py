"""The lists of alliances and of members: columns, filters, what is exported."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.alliances.forms import DirectoryFilter, MemberFilter
from app.alliances.models import Alliance, Invitation, Membership
from app.alliances.words import LIFE_CYCLES, MEMBERSHIPS, WAYS
from app.foundation import geo, links, pagecontext
from app.foundation.tables import Column, Listing, like
from app.people.models import Address, Person


def _narrow_directory(query: Select[Any], form: DirectoryFilter) -> Select[Any]:
    if form.q.data:
        query = query.where(or_(*_contains(form.q.data, Alliance.name, Alliance.city)))
    if form.state.data:
        query = query.where(Alliance.state == form.state.data)
    return query


def _narrow_members(query: Select[Any], form: MemberFilter) -> Select[Any]:
    if form.q.data:
        query = query.where(or_(*_contains(form.q.data, Person.name, Person.city)))
    return query.where(Membership.state.in_(form.chosen()))


def _contains(typed: str, *columns: InstrumentedAttribute[Any]) -> list[ColumnElement[bool]]:
    return [func.lower(column).like(like(typed), escape="\\") for column in columns]


DIRECTORY: Listing[Alliance] = Listing(
    name="alliances",
    columns=[
        Column("name", _l("Alliance"), lambda a: a.name, sort=func.lower(Alliance.name)),
        Column("place", _l("Place"), lambda a: f"{a.city}, {a.state}", sort=Alliance.city),
        Column("stage", _l("Stage"), lambda a: LIFE_CYCLES[a.life_cycle][0]),
        Column("joining", _l("Joining"), lambda a: WAYS[a.joining]),
    ],
    sort="name",
    tie_break=Alliance.id,
    filters=DirectoryFilter,
    apply=_narrow_directory,
    size=20,
)

DIRECTORY_FILE: Listing[Alliance] = Listing(
    name="alliances",
    columns=[
        Column("name", _l("Alliance"), lambda a: a.name, sort=func.lower(Alliance.name)),
        Column("city", _l("City"), lambda a: a.city, sort=Alliance.city),
        Column("state", _l("State"), lambda a: geo.state_name(a.state)),
        Column("zip", _l("ZIP code"), lambda a: a.zip),
        Column("stage", _l("Stage"), lambda a: str(LIFE_CYCLES[a.life_cycle][0])),
        Column("joining", _l("Joining"), lambda a: str(WAYS[a.joining])),
        Column("page", _l("Page"), lambda a: links.absolute("pages.alliance", slug=a.slug)),
    ],
    sort="name",
    tie_break=Alliance.id,
    filters=DirectoryFilter,
    apply=_narrow_directory,
)

MEMBERS: Listing[Membership] = Listing(
    name="members",
    columns=[
        Column("name", _l("Name"), lambda m: m.person.name, sort=func.lower(Person.name)),
        Column("city", _l("Town"), lambda m: m.person.city or "", sort=Person.city),
        Column(
            "since",
            _l("Since"),
            lambda m: pagecontext.short_date(m.since.date()),
            sort=Membership.since,
        ),
        Column("state", _l("Standing"), lambda m: MEMBERSHIPS[m.state][0], sort=Membership.state),
    ],
    sort="state",
    descending=True,
    then=(func.lower(Person.name),),
    tie_break=Membership.id,
    filters=MemberFilter,
    apply=_narrow_members,
    size=25,
)

INVITATIONS: Listing[Invitation] = Listing(
    name="invitations",
    columns=[
        Column("email", _l("E-mail address"), lambda i: i.address.email, sort=Address.email),
        Column(
            "created",
            _l("Sent"),
            lambda i: pagecontext.short_date(i.created_at.date()),
            sort=Invitation.created_at,
        ),
        Column("expires", _l("Good until"), lambda i: pagecontext.short_date(i.expires_at.date())),
    ],
    sort="created",
    descending=True,
    tie_break=Invitation.id,
)
