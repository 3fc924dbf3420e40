"""Inviting people by e-mail, and what the link in that mail opens."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.queries import myself
from app.alliances import invitations, queries
from app.alliances.blueprint import blueprint
from app.alliances.forms import InvitationForm
from app.alliances.joining_views import OUTCOMES
from app.alliances.lists import INVITATIONS
from app.alliances.models import Alliance, Invitation
from app.alliances.policy import coordinates
from app.foundation import clock, text
from app.foundation.forms import typed
from app.foundation.limits import TooMany
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in, viewer
from app.foundation.tables import page_of
from app.foundation.web import find_or_404, see_other

notices(invitation_sent=_l("The invitation is on its way."))


@blueprint.get("/desk/<alliance>/invitations")
@allow(coordinates)
def invite(alliance: str) -> ResponseReturnValue:
    return _desk(find_or_404(queries.by_slug(alliance)), InvitationForm(formdata=None))


@blueprint.post("/desk/<alliance>/invitations")
@allow(coordinates)
def do_invite(alliance: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(alliance))
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            invitations.invite(found, typed(form.email), typed(form.note), by=myself())
            return see_other("alliances.invite", alliance=alliance, done="invitation-sent")
        except invitations.AlreadyInvited:
            form.add_error("email", _("This address was invited already; its link is still good."))
        except invitations.NotNow:
            form.add_error("email", _("We cannot write to this address today. Try it tomorrow."))
        except TooMany:
            form.add_error("email", _("Fifty invitations went out today. Please go on tomorrow."))
    return _desk(found, form), 422


@blueprint.get("/invitations/<token>")
@allow(anyone)
def invitation(token: str) -> ResponseReturnValue:
    """Show what is offered and one button; mail scanners open links, so nothing changes yet."""
    return _page(*find_or_404(queries.invitation(token)), token)


@blueprint.post("/invitations/<token>")
@allow(signed_in)
def accept_invitation(token: str) -> ResponseReturnValue:
    found, alliance = find_or_404(queries.invitation(token))
    try:
        state = invitations.accept(found, alliance, myself())
    except (invitations.NotForYou, invitations.NoLongerGood):
        return _page(found, alliance, token), 422
    return see_other("pages.alliance", slug=alliance.slug, done=OUTCOMES[state])


def _desk(alliance: Alliance, form: InvitationForm) -> str:
    page = page_of(INVITATIONS, queries.invitations(alliance.id))
    return render_template(
        "alliances/invitations.html", alliance=alliance, form=form, page=page, now=clock.now()
    )


def _page(found: Invitation, alliance: Alliance, token: str) -> str:
    return render_template(
        "alliances/invitation.html",
        alliance=alliance,
        invitation=found,
        token=token,
        good=invitations.is_good(found, alliance),
        mine=viewer.is_signed_in and myself().address_id == found.address_id,
        masked=text.mask_email(found.address.email or ""),
    )
