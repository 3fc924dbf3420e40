"""Staff see which coordinators are silent, and appoint another in one step."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import require_fresh
from app.alliances import handing_over, queries, silence, terms
from app.alliances.blueprint import blueprint
from app.alliances.forms import HandOverForm
from app.alliances.models import Alliance
from app.alliances.policy import may_change_terms
from app.foundation import clock, text
from app.foundation.forms import chosen, typed
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other
from app.people.models import Person

REFUSALS = {
    terms.NotAMember: ("successor", _l("Only members of the alliance can coordinate it.")),
    handing_over.CannotSignIn: ("successor", _l("They have no confirmed e-mail address.")),
    handing_over.TheSame: ("successor", _l("Choose somebody else.")),
    terms.WrongDates: ("until", _l("That day is over.")),
}


@blueprint.get("/staff/coordinators")
@allow(may_change_terms)
def silent_coordinators() -> ResponseReturnValue:
    return render_template(
        "alliances/silent_coordinators.html",
        silent=silence.silent(),
        hand_overs=silence.hand_overs(),
    )


@blueprint.get("/desk/<alliance>/hand-overs/from/<int:person>")
@allow(may_change_terms)
def hand_over(alliance: str, person: int) -> ResponseReturnValue:
    require_fresh()
    found, predecessor = _found(alliance, person)
    return _page(found, predecessor, HandOverForm(until=clock.today() + terms.A_YEAR))


@blueprint.post("/desk/<alliance>/hand-overs/from/<int:person>")
@allow(may_change_terms)
def do_hand_over(alliance: str, person: int) -> ResponseReturnValue:
    require_fresh()
    found, predecessor = _found(alliance, person)
    form = HandOverForm()
    if form.validate_on_submit():
        try:
            told = _told(alliance, form)
            done = handing_over.appoint(found.id, predecessor, told, by=viewer.person_id)
            return see_other("pages.hand_over", alliance=alliance, number=done.id)
        except tuple(REFUSALS) as refusal:
            form.add_error(*REFUSALS[type(refusal)])
    return _page(found, predecessor, form), 422


def _found(slug: str, person: int) -> tuple[Alliance, Person]:
    alliance = find_or_404(queries.by_slug(slug))
    return alliance, find_or_404(queries.once_coordinator(alliance.id, person))


def _told(alliance: str, form: HandOverForm) -> handing_over.Appointment:
    """What the form says. Raises NotAMember for somebody who is not of the alliance."""
    number = form.successor.data
    is_number = str(number).isascii() and str(number).isdecimal() and len(str(number)) < 18
    membership = queries.member(alliance, int(number), lock=True) if is_number else None
    if membership is None:
        raise terms.NotAMember
    return handing_over.Appointment(membership, chosen(form.until), typed(form.note))


def _page(alliance: Alliance, predecessor: Person, form: HandOverForm) -> str:
    words = text.one_line(request.args.get("q", ""))[:80]
    offered = queries.who_may_take_over(alliance.id, predecessor.id, words)
    form.offer(offered)
    return render_template(
        "alliances/hand_over.html",
        alliance=alliance,
        predecessor=predecessor,
        form=form,
        words=words,
        offered=offered,
        is_short=len(offered) == queries.OFFERED,
    )
