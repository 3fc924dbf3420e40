"""Joining and leaving an alliance, for people who are signed in; visitors go through /join."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.queries import myself
from app.alliances import actions, queries
from app.alliances.blueprint import blueprint
from app.alliances.models import PUBLIC, Alliance, Membership, MembershipState
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in, viewer
from app.foundation.web import find_or_404, see_other

notices(
    alliance_joined=_l("You are a member now. Welcome!"),
    alliance_asked=_l("We have asked the coordinators. You will get their answer by mail."),
    alliance_by_invitation=_l("This alliance takes new people by invitation only."),
    alliance_left=_l("You have left the alliance."),
)
OUTCOMES = {
    MembershipState.ACTIVE: "alliance-joined",
    MembershipState.ASKED: "alliance-asked",
}


@blueprint.post("/alliances/<slug>/join")
@allow(anyone)
def join(slug: str) -> ResponseReturnValue:
    alliance = _public(slug)
    if not viewer.is_signed_in:
        return redirect(url_for("accounts.join", alliance=slug), 303)
    actions.JOINING.take(str(viewer.person_id))
    try:
        state = actions.join(myself(), alliance)
    except actions.ByInvitationOnly:
        return see_other("pages.alliance", slug=slug, done="alliance-by-invitation")
    return see_other("pages.alliance", slug=slug, done=OUTCOMES[state])


@blueprint.get("/alliances/<slug>/leave")
@allow(signed_in)
def leave(slug: str) -> ResponseReturnValue:
    """Ask first: leaving also ends a term as coordinator."""
    alliance = _public(slug)
    membership = _mine(alliance, lock=False)
    return render_template(
        "alliances/leave.html",
        alliance=alliance,
        membership=membership,
        leads=viewer.leads(alliance.id),
    )


@blueprint.post("/alliances/<slug>/leave")
@allow(signed_in)
def do_leave(slug: str) -> ResponseReturnValue:
    alliance = _public(slug)
    actions.leave(_mine(alliance, lock=True))
    return see_other("pages.alliance", slug=slug, done="alliance-left")


def _public(slug: str) -> Alliance:
    alliance = find_or_404(queries.by_slug(slug))
    if alliance.life_cycle not in PUBLIC:
        abort(404)
    return alliance


def _mine(alliance: Alliance, *, lock: bool) -> Membership:
    """My membership, or what I asked for."""
    membership = find_or_404(queries.membership_of(viewer.person_id or 0, alliance.id, lock=lock))
    if membership.state not in OUTCOMES:
        abort(404)
    return membership
