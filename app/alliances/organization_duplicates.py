"""Finding records that may be one organization: by name, by website, by the domain of the e-mail
addresses of those who speak for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from urllib.parse import urlsplit

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import joinedload

from app.alliances import organization_queries as queries
from app.alliances.duplicate_models import PairState
from app.alliances.organization_models import Organization, Representative
from app.alliances.organization_pair_models import (
    OrganizationLikeness,
    OrganizationMerge,
    OrganizationPair,
)
from app.foundation import clock, text
from app.foundation.db import db
from app.people.models import Address, Person

MOST_SHOWN = 50
MOST_UNDONE = 20
MOST_ALIKE = 5
"""What more organizations than these share is a provider's, and says nothing of any of them."""
SHARED = frozenset(
    (
        *("gmail.com", "googlemail.com", "google.com", "yahoo.com", "outlook.com", "hotmail.com"),
        *("live.com", "msn.com", "aol.com", "icloud.com", "me.com", "proton.me", "protonmail.com"),
        *("comcast.net", "verizon.net", "att.net", "sbcglobal.net", "facebook.com", "linktr.ee"),
        *("wordpress.com", "blogspot.com", "medium.com"),
    )
)
"""Addresses and pages that anybody can have; they say nothing of an organization."""
_FILLING = frozenset(
    (
        *("the", "of", "for", "and", "a", "an", "inc", "incorporated", "llc", "corp", "co", "org"),
        *("association", "assn"),
    )
)
Pair = tuple[int, int]


def find() -> int:
    """Note pairs that were not known; how many there are."""
    known = {
        (first, second)
        for first, second in db.execute(
            select(OrganizationPair.first_id, OrganizationPair.second_id)
        )
    }
    found = {pair: likeness for pair, likeness in _alike() if pair not in known}
    now = clock.now()
    rows = [
        {
            "first_id": first,
            "second_id": second,
            "likeness": likeness,
            "state": PairState.OPEN,
            "found_at": now,
        }
        for (first, second), likeness in sorted(found.items())
    ]
    if rows:
        db.execute(insert(OrganizationPair), rows)
    return len(rows)


def plain_name(name: str) -> str:
    """The words of a name by the alphabet, without those that people leave out."""
    words = text.slug(name.replace("&", " and ").replace(".", ""), fallback=name).split("-")
    kept = [word for word in words if word not in _FILLING]
    return " ".join(sorted(kept or words))


def site_of(website: str) -> str:
    """`example.org` of `https://www.example.org/about`; nothing for pages that anybody can have."""
    try:
        host = (urlsplit(website if "//" in website else f"//{website}").hostname or "").lower()
    except ValueError:
        return ""
    host = host.removeprefix("www.")
    shared = any(host == each or host.endswith(f".{each}") for each in SHARED)
    return "" if shared or "." not in host else host


def open_pairs() -> Sequence[OrganizationPair]:
    """What waits for somebody's word, the oldest first."""
    return db.scalars(
        _with_both()
        .where(OrganizationPair.state == PairState.OPEN)
        .order_by(OrganizationPair.found_at, OrganizationPair.id)
        .limit(MOST_SHOWN)
    ).all()


def pair(number: int, *, lock: bool = False) -> OrganizationPair | None:
    """Two records and what was said of them; locked, nobody else says anything until the end."""
    query = _with_both().where(OrganizationPair.id == number)
    return db.scalars(query.with_for_update(of=OrganizationPair) if lock else query).first()


def recent_merges() -> Sequence[OrganizationMerge]:
    return db.scalars(
        select(OrganizationMerge)
        .options(joinedload(OrganizationMerge.kept), joinedload(OrganizationMerge.gone))
        .order_by(OrganizationMerge.merged_at.desc(), OrganizationMerge.id.desc())
        .limit(MOST_UNDONE)
    ).all()


def are_different(found: OrganizationPair) -> None:
    found.state = PairState.DIFFERENT


def _alike() -> Iterator[tuple[Pair, OrganizationLikeness]]:
    """Neighbors of each group of likes; the strongest likeness of a pair comes last.

    Chapters share the website and the addresses of what they belong to, so these say nothing.
    """
    organizations = db.scalars(queries.known().order_by(Organization.id)).all()
    family = {each.id: each.chapter_of_id or each.id for each in organizations}
    addresses = _address_domains()
    names: dict[str, list[int]] = {}
    sites: dict[str, list[int]] = {}
    domains: dict[str, list[int]] = {}
    for each in organizations:
        names.setdefault(plain_name(each.name), []).append(each.id)
        site = site_of(each.website)
        sites.setdefault(site, []).append(each.id)
        for domain in {site, *addresses.get(each.id, ())}:
            domains.setdefault(domain, []).append(each.id)
    for likeness, groups in (
        (OrganizationLikeness.EMAIL_DOMAIN, domains),
        (OrganizationLikeness.WEBSITE, sites),
        (OrganizationLikeness.NAME, names),
    ):
        for shared, ids in groups.items():
            for first, second in pairwise(ids) if shared and len(ids) <= MOST_ALIKE else ():
                if likeness == OrganizationLikeness.NAME or family[first] != family[second]:
                    yield (first, second), likeness


def _address_domains() -> dict[int, set[str]]:
    """The domains from which those who speak for an organization write, by organization."""
    rows = db.execute(
        select(Representative.organization_id, Address.email)
        .join(Person, Person.id == Representative.person_id)
        .join(Address, Address.id == Person.address_id)
        .where(queries.speaks_today(), Address.email.is_not(None))
    )
    found: dict[int, set[str]] = {}
    for organization_id, email in rows:
        found.setdefault(organization_id, set()).add(site_of((email or "").rpartition("@")[2]))
    return found


def _with_both() -> Select[OrganizationPair]:
    return select(OrganizationPair).options(
        joinedload(OrganizationPair.first), joinedload(OrganizationPair.second)
    )
