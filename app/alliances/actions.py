"""Joining and leaving: a member at once where joining is open, else after a yes.

A wish made by somebody who has not shown who they are stays `pending`; see hearing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts import links as account_links
from app.accounts.audit import audit
from app.accounts.queries import staff
from app.alliances import mails, queries, terms
from app.alliances.models import (
    PUBLIC,
    Alliance,
    Joining,
    LifeCycle,
    Membership,
    MembershipState,
)
from app.foundation import clock, geo
from app.foundation.db import db, upsert
from app.foundation.limits import Limit
from app.people import actions as people
from app.people.models import Person, Purpose, Standing

JOINING = Limit("join an alliance", 10, timedelta(days=1))
VOICE_WORDING = "asked-by-voice-2026-11"


class ByInvitationOnly(Exception):
    """The alliance takes only people whom a coordinator invited."""


class StillCoordinates(Exception):
    """Somebody who leads the alliance cannot be removed by another; staff end their term first."""


@dataclass(frozen=True)
class AskedByVoice:
    """Somebody without an e-mail address, whom a coordinator asked in person or on the phone."""

    name: str
    phone: str
    place: geo.Place
    asked_on: date
    discreet: bool


def keep_wish(person: Person, alliance: Alliance) -> None:
    """Remember that somebody wants to join until they confirm; what is settled stays."""
    membership = _membership(person, alliance)
    if membership.state == MembershipState.REFUSED:
        membership.how = MembershipState.REFUSED
    if membership.state in (MembershipState.LEFT, MembershipState.REFUSED):
        membership.state = MembershipState.PENDING
        membership.since = clock.now()


def drop_wish(membership: Membership) -> None:
    """Forget a wish that cannot come true, but not that somebody was refused before."""
    if _was_refused(membership):
        membership.state = MembershipState.REFUSED
    else:
        db.delete(membership)


def become_founder(person: Person, alliance: Alliance) -> None:
    _become_member(_membership(person, alliance), "founder")


def join(person: Person, alliance: Alliance, *, welcome: bool = False) -> MembershipState:
    """Make a confirmed person a member, or note that they ask; doing it twice changes nothing.

    Whoever was refused or removed asks again, also where joining is open. Raises ByInvitationOnly.
    """
    settled = (MembershipState.ACTIVE, MembershipState.ASKED)
    before = queries.membership_of(person.id, alliance.id, lock=True)
    if before is not None and before.state in settled:
        return before.state
    invite = queries.open_invitation(alliance.id, person.address_id)
    if invite is None and alliance.joining == Joining.INVITED:
        raise ByInvitationOnly
    membership = before or _membership(person, alliance)
    if membership.state in settled:
        return membership.state
    if invite is not None:
        invite.accepted_at = clock.now()
        _become_member(membership, "invitation")
    elif alliance.joining == Joining.OPEN and not _was_refused(membership):
        _become_member(membership, "open")
    else:
        return _ask(person, alliance, membership)
    if welcome:
        mails.welcome(alliance, membership, person)
    return membership.state


def approve(membership: Membership) -> bool:
    """Say yes to somebody who asks; False if that is settled already."""
    if membership.state != MembershipState.ASKED:
        return False
    _become_member(membership, "moderated")
    audit("alliances", "member approved", membership.id, alliance=membership.alliance_id)
    mails.welcome(membership.alliance, membership, membership.person)
    return True


def refuse(membership: Membership) -> bool:
    """Say no to somebody who asks; False if that is settled already."""
    if membership.state != MembershipState.ASKED:
        return False
    _end(membership, MembershipState.REFUSED)
    audit("alliances", "member refused", membership.id, alliance=membership.alliance_id)
    mails.refused(membership.alliance, membership, membership.person)
    return True


def remove(membership: Membership) -> bool:
    """Take a member out; False if they are none. Raises StillCoordinates."""
    if membership.state != MembershipState.ACTIVE:
        return False
    led = queries.alliances_led_by(membership.person_id)
    if any(alliance.id == membership.alliance_id for alliance in led):
        raise StillCoordinates
    _end(membership, MembershipState.REFUSED)
    audit("alliances", "member removed", membership.id, alliance=membership.alliance_id)
    mails.removed(membership.alliance, membership, membership.person)
    return True


def leave(membership: Membership) -> None:
    """Leave, and stop coordinating if that is what one did."""
    _end(membership, MembershipState.LEFT)
    terms.end_all(membership.person_id, membership.alliance_id)


def add_by_voice(alliance: Alliance, answers: AskedByVoice, *, by: int | None) -> Membership:
    """Add somebody without e-mail who said yes by voice; the date is kept as their consent."""
    person = Person(
        name=answers.name,
        phone=answers.phone,
        discreet=answers.discreet,
        standing=Standing.ACTIVE,
        created_at=clock.now(),
        confirmed_at=clock.now(),
    )
    people.settle(person, answers.place)
    db.add(person)
    db.flush()
    channel = f"asked by voice, {answers.asked_on.isoformat()}"
    people.agree(
        person,
        people.Agreement(
            Purpose.ACCOUNT, VOICE_WORDING, channel, scope=f"alliance:{alliance.id} by:{by}"
        ),
    )
    membership = _membership(person, alliance)
    _become_member(membership, "voice")
    db.flush()
    audit("alliances", "member added by voice", membership.id, alliance=alliance.id)
    return membership


def describe(alliance: Alliance, description: str, joining: Joining, life_cycle: LifeCycle) -> None:
    """Change what its page says and how people join; nobody closes it this way."""
    if life_cycle not in PUBLIC or alliance.life_cycle not in PUBLIC:
        raise ValueError("only staff close or open an alliance")
    alliance.description = description
    alliance.joining = joining
    alliance.life_cycle = life_cycle
    audit("alliances", "page changed", alliance.id)


def show_details(membership: Membership, *, to: int | None, role: str) -> None:
    """Note that somebody opened a member's details; the member sees it on their page."""
    people.disclose(
        membership.person_id,
        to=to,
        role=role,
        what=f"contact details, {membership.alliance.name}",
    )


def _membership(person: Person, alliance: Alliance) -> Membership:
    """The one membership of a person in an alliance, locked; made as pending if there is none."""
    db.flush()
    db.execute(
        upsert(Membership)
        .values(
            alliance_id=alliance.id,
            person_id=person.id,
            state=MembershipState.PENDING,
            how="",
            since=clock.now(),
        )
        .on_conflict_do_nothing()
    )
    found = queries.membership_of(person.id, alliance.id, lock=True)
    if found is None:
        raise LookupError("a membership that was just made")
    return found


def _become_member(membership: Membership, how: str) -> None:
    membership.state = MembershipState.ACTIVE
    membership.how = how
    membership.since = clock.now()
    membership.until = None


def _ask(person: Person, alliance: Alliance, membership: Membership) -> MembershipState:
    membership.how = MembershipState.REFUSED if _was_refused(membership) else ""
    membership.state = MembershipState.ASKED
    membership.since = clock.now()
    membership.until = None
    readers = queries.coordinators(alliance.id) or staff()
    mails.asked(alliance, membership, person, readers)
    return membership.state


def _end(membership: Membership, state: MembershipState) -> None:
    membership.state = state
    membership.until = clock.now()


def _was_refused(membership: Membership) -> bool:
    return MembershipState.REFUSED in (membership.state, membership.how)


def forget_unconfirmed() -> None:
    """Drop wishes that somebody may have typed in another's name and nobody confirmed in time."""
    old = Membership.since < clock.now() - account_links.LIFETIME
    wishes = select(Membership).where(Membership.state == MembershipState.PENDING, old)
    for membership in db.scalars(wishes).all():
        drop_wish(membership)
