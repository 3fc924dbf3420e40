"""Invitations by e-mail: once for an address and alliance, good for thirty days."""

from __future__ import annotations

from datetime import timedelta

from app.accounts import links
from app.accounts.audit import audit
from app.alliances import actions, mails, queries
from app.alliances.models import PUBLIC, Alliance, Invitation, MembershipState
from app.foundation import clock, tokens
from app.foundation.db import db
from app.foundation.limits import Limit
from app.people import actions as people
from app.people.models import Person

LIFETIME = timedelta(days=30)
INVITING = Limit("invitations of an alliance", 50, timedelta(days=1))


class AlreadyInvited(Exception):
    """This address was invited to this alliance, and its link is still good."""


class NotNow(Exception):
    """The address got several mails from us today, from whoever asked for them."""


class NotForYou(Exception):
    """The invitation was sent to another address."""


class NoLongerGood(Exception):
    """Used up, too old, or the alliance is closed."""


def invite(alliance: Alliance, email: str, note: str, *, by: Person) -> Invitation:
    """Invite an address. Raises AlreadyInvited, NotNow, and TooMany above fifty a day."""
    INVITING.check(str(alliance.id))
    address = people.address_for(email)
    invitation = queries.invited(alliance.id, address)
    if invitation is not None and _is_open(invitation):
        raise AlreadyInvited
    if not links.may_write_to(address):
        raise NotNow
    INVITING.note(str(alliance.id))
    secret = tokens.new()
    if invitation is None:
        invitation = Invitation(alliance_id=alliance.id, address_id=address.id)
        db.add(invitation)
    invitation.invited_by_id = by.id
    invitation.note = note
    invitation.secret_digest = tokens.digest(secret)
    invitation.created_at = clock.now()
    invitation.expires_at = clock.now() + LIFETIME
    invitation.accepted_at = None
    db.flush()
    audit("alliances", "invited", invitation.id, alliance=alliance.id)
    mails.invitation(alliance, invitation, address, secret, by.name)
    return invitation


def is_good(invitation: Invitation, alliance: Alliance) -> bool:
    return _is_open(invitation) and alliance.life_cycle in PUBLIC


def accept(invitation: Invitation, alliance: Alliance, person: Person) -> MembershipState:
    """Join as somebody who has the invited address. Raises NotForYou, NoLongerGood."""
    if invitation.address_id != person.address_id:
        raise NotForYou
    if not is_good(invitation, alliance):
        raise NoLongerGood
    state = actions.join(person, alliance)
    invitation.accepted_at = invitation.accepted_at or clock.now()
    return state


def _is_open(invitation: Invitation) -> bool:
    return invitation.accepted_at is None and invitation.expires_at > clock.now()
