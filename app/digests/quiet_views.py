"""Where a member of a quiet alliance says that they would take over, and staff say it is awake."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.queries import myself
from app.alliances.queries import is_member
from app.alliances.quiet_models import QuietSpell
from app.digests import quiet
from app.digests.blueprint import blueprint
from app.foundation.forms import Form, lines, typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, signed_in, staff
from app.foundation.web import find_or_404, see_other

notices(
    take_over_offered=_l("Thank you! National staff have heard it and will write to you."),
    quiet_ended=_l(
        "It is noted that they are at work. We ask again in half a year at the soonest."
    ),
)


class OfferForm(Form):
    """What a member says who would take over."""

    note = lines(
        _l("What would you like to do, and what do you need?"),
        most=1000,
        rows=4,
        hint=_l("A sentence is enough, or nothing. National staff read it."),
    )


@blueprint.get("/alliances/<slug>/take-over")
@allow(signed_in)
def take_over(slug: str) -> ResponseReturnValue:
    found = _mine_or_404(slug)
    return render_template("digests/take_over.html", alliance=found.alliance, form=OfferForm())


@blueprint.post("/alliances/<slug>/take-over")
@allow(signed_in)
def offer_to_take_over(slug: str) -> ResponseReturnValue:
    found, form = _mine_or_404(slug), OfferForm()
    if not form.validate_on_submit():
        return render_template("digests/take_over.html", alliance=found.alliance, form=form), 422
    quiet.offer(found, myself(), typed(form.note))
    return see_other("pages.me", done="take-over-offered")


@blueprint.post("/staff/network/quiet/<int:number>/end")
@allow(staff)
def end_quiet(number: int) -> ResponseReturnValue:
    quiet.end(find_or_404(quiet.spell(number)))
    return see_other("pages.network", done="quiet-ended")


def _mine_or_404(slug: str) -> QuietSpell:
    """The quiet spell of an alliance of which one is a member."""
    found = quiet.open_spell(slug)
    mine = found is not None and is_member(myself().id, slug)
    return find_or_404(found if mine else None)
