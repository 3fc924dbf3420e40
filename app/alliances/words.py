"""How pages call the stages of an alliance, the ways of joining, and where a membership stands."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.alliances.models import Joining, LifeCycle, MembershipState

LIFE_CYCLES = {
    LifeCycle.PROPOSED: (_l("Proposed"), "due"),
    LifeCycle.FORMING: (_l("Forming"), "due"),
    LifeCycle.ACTIVE: (_l("Active"), "ok"),
    LifeCycle.DORMANT: (_l("Resting"), "off"),
    LifeCycle.CLOSED: (_l("Closed"), "off"),
}
"""A stage in a word and the tone of its tag."""

STAGES = {
    LifeCycle.FORMING: _l(
        "This alliance is just being founded. People who join now help to shape it."
    ),
    LifeCycle.ACTIVE: _l("This alliance meets, holds events, and is open to new people."),
    LifeCycle.DORMANT: _l(
        "This alliance is resting: nobody leads it right now. Join, and we will tell you when it "
        "starts again; or offer to lead it."
    ),
}

WAYS = {
    Joining.OPEN: _l("Open to everybody"),
    Joining.MODERATED: _l("A coordinator says yes first"),
    Joining.INVITED: _l("By invitation"),
}

MEMBERSHIPS = {
    MembershipState.PENDING: (_l("Has not confirmed yet"), "due"),
    MembershipState.ASKED: (_l("Asks to join"), "due"),
    MembershipState.ACTIVE: (_l("Member"), "ok"),
    MembershipState.LEFT: (_l("Left"), "off"),
    MembershipState.REFUSED: (_l("Refused or removed"), "off"),
}

HOW = {
    "open": _l("on this site"),
    "moderated": _l("after a coordinator said yes"),
    "invitation": _l("by invitation"),
    "founder": _l("as its founder"),
    "voice": _l("asked by voice"),
}
"""The ways by which somebody became a member, by the key that the membership keeps."""

FEW = 5
"""Below this number others than the coordinators are only told that it is a few."""


def how_many_members(number: int) -> str:
    """The size of an alliance for everybody's eyes."""
    if number == 0:
        return str(_("No members yet"))
    if number < FEW:
        return str(_("A few members"))
    return str(ngettext("%(num)s member", "%(num)s members", number))


def who_leads(coordinators: int) -> str:
    if coordinators == 0:
        return str(_("Nobody leads it right now"))
    return str(ngettext("%(num)s coordinator", "%(num)s coordinators", coordinators))
