"""Founding an alliance: somebody proposes it, staff say yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from app.accounts.audit import audit
from app.accounts.queries import staff
from app.alliances import actions, mails, queries, terms
from app.alliances.models import Alliance, LifeCycle
from app.foundation import clock, geo, language, pagecontext, text
from app.foundation.db import db
from app.foundation.limits import Limit
from app.people.models import Person

PROPOSING = Limit("propose an alliance", 3, timedelta(days=1))
RESERVED = {"propose"}
"""Words that are addresses of other pages below `/alliances/`."""


class NameTaken(Exception):
    """Another alliance has this name."""


@dataclass(frozen=True)
class Proposal:
    """What a founder answered."""

    name: str
    place: geo.Place
    why: str
    backed_by: str


def propose(person: Person, proposal: Proposal) -> Alliance:
    """Keep a proposal and tell staff. Raises NameTaken, and TooMany above three a day."""
    PROPOSING.check(str(person.id))
    if db.scalar(
        select(Alliance.id).where(func.lower(Alliance.name) == proposal.name.lower()).limit(1)
    ):
        raise NameTaken
    PROPOSING.note(str(person.id))
    place = proposal.place
    alliance = Alliance(
        slug=free_slug(proposal.name),
        name=proposal.name,
        life_cycle=LifeCycle.PROPOSED,
        zip=place.zip,
        city=place.city,
        state=place.state,
        latitude=place.latitude,
        longitude=place.longitude,
        time_zone=place.time_zone,
        proposed_by_id=person.id,
        why=proposal.why,
        backed_by=proposal.backed_by,
        created_at=clock.now(),
    )
    db.add(alliance)
    db.flush()
    mails.proposed(alliance, person, staff())
    return alliance


def approve(alliance: Alliance) -> None:
    """Found it: the proposer becomes a member and coordinates it for a year."""
    alliance.life_cycle = LifeCycle.FORMING
    alliance.approved_at = clock.now()
    audit("alliances", "proposal approved", alliance.id)
    founder = _founder(alliance)
    if founder is None:
        return
    actions.become_founder(founder, alliance)
    term = terms.add(founder, alliance, clock.today(), clock.today() + terms.A_YEAR)
    with language.speaking(founder.language):
        until = pagecontext.long_date(term.until or clock.today())
    mails.approved(alliance, founder, until)


def decline(alliance: Alliance, reason: str) -> None:
    """Say no, with a reason; the name is free again and nothing is kept but the audit."""
    founder = _founder(alliance)
    if founder is not None:
        mails.declined(alliance, founder, reason)
    audit("alliances", "proposal declined", alliance.id, proposer=alliance.proposed_by_id)
    db.delete(alliance)


def _founder(alliance: Alliance) -> Person | None:
    if alliance.proposed_by_id is None:
        return None
    return queries.person_with_address(alliance.proposed_by_id)


def free_slug(name: str) -> str:
    wanted = text.slug(name, fallback="alliance")
    taken = set(db.scalars(select(Alliance.slug).where(Alliance.slug.startswith(wanted))))
    return text.free_slug(wanted, taken | RESERVED)
