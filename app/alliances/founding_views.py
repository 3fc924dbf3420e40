"""Proposing an alliance, and what staff answer."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.approvals import waiting as waiting_approvals
from app.accounts.queries import myself
from app.alliances import proposals, queries
from app.alliances.blueprint import blueprint
from app.alliances.forms import DeclineForm, ProposalForm
from app.alliances.policy import may_decide_proposals
from app.foundation.forms import typed
from app.foundation.limits import TooMany
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, signed_in
from app.foundation.web import see_other

notices(
    alliance_proposed=_l("Thank you! National staff will read it and answer by mail."),
    proposal_approved=_l("The alliance is founded; we told its coordinator."),
    proposal_declined=_l("Declined; we told whoever proposed it."),
    proposal_settled=_l("Somebody else has answered this proposal already."),
)


@blueprint.get("/alliances/propose")
@allow(signed_in)
def propose() -> ResponseReturnValue:
    return render_template("alliances/propose.html", form=ProposalForm())


@blueprint.post("/alliances/propose")
@allow(signed_in)
def do_propose() -> ResponseReturnValue:
    form = ProposalForm()
    if not form.validate_on_submit():
        return render_template("alliances/propose.html", form=form), 422
    try:
        proposals.propose(myself(), form.answers())
    except proposals.NameTaken:
        form.add_error("name", _("Another alliance has this name. Please choose a different one."))
    except TooMany:
        form.add_error("name", _("You have proposed three today. Please come back tomorrow."))
    if form.errors:
        return render_template("alliances/propose.html", form=form), 422
    return see_other("pages.me", done="alliance-proposed")


@blueprint.get("/staff/approvals")
@allow(may_decide_proposals)
def approvals() -> ResponseReturnValue:
    return render_template(
        "alliances/approvals.html",
        waiting=queries.proposals(),
        others=waiting_approvals(),
        form=None,
    )


@blueprint.post("/staff/approvals/<int:proposal>/approve")
@allow(may_decide_proposals)
def approve_proposal(proposal: int) -> ResponseReturnValue:
    alliance = queries.proposal(proposal)
    if alliance is None:
        return see_other("alliances.approvals", done="proposal-settled")
    proposals.approve(alliance)
    return see_other("alliances.approvals", done="proposal-approved")


@blueprint.get("/staff/approvals/<int:proposal>/decline")
@allow(may_decide_proposals)
def decline_proposal(proposal: int) -> ResponseReturnValue:
    alliance = queries.proposal(proposal)
    if alliance is None:
        return see_other("alliances.approvals", done="proposal-settled")
    return render_template("alliances/decline.html", alliance=alliance, form=DeclineForm())


@blueprint.post("/staff/approvals/<int:proposal>/decline")
@allow(may_decide_proposals)
def do_decline_proposal(proposal: int) -> ResponseReturnValue:
    alliance = queries.proposal(proposal)
    if alliance is None:
        return see_other("alliances.approvals", done="proposal-settled")
    form = DeclineForm()
    if not form.validate_on_submit():
        return render_template("alliances/decline.html", alliance=alliance, form=form), 422
    proposals.decline(alliance, typed(form.reason))
    return see_other("alliances.approvals", done="proposal-declined")
