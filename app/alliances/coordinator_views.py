"""Who coordinates an alliance and until when: coordinators see it, staff change it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.policy import require_fresh
from app.alliances import queries, terms
from app.alliances.blueprint import blueprint
from app.alliances.forms import TermForm
from app.alliances.policy import coordinates, may_change_terms
from app.alliances.words import HOW, MEMBERSHIPS
from app.foundation import clock
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other

notices(
    term_begun=_l("Saved. The new coordinator gets a mail."),
    term_ended=_l("The term has ended."),
)


@blueprint.get("/desk/<alliance>/coordinators")
@allow(coordinates)
def coordinators(alliance: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(alliance))
    return render_template(
        "alliances/coordinators.html",
        alliance=found,
        terms=queries.terms(found.id),
        today=clock.today(),
        may_change=may_change_terms(viewer),
    )


@blueprint.post("/desk/<alliance>/members/<int:member>/term")
@allow(may_change_terms)
def begin_term(alliance: str, member: int) -> ResponseReturnValue:
    require_fresh()
    membership = find_or_404(queries.member(alliance, member, lock=True))
    form = TermForm()
    if form.validate_on_submit():
        try:
            terms.begin(membership, membership.alliance, *form.days())
            return see_other("alliances.coordinators", alliance=alliance, done="term-begun")
        except terms.NotAMember:
            form.add_error("since", _("Only members of the alliance can coordinate it."))
        except terms.WrongDates:
            form.add_error("until", _("This day must be after the first one, and not be past."))
    return render_template(
        "alliances/member.html",
        alliance=membership.alliance,
        membership=membership,
        shown=False,
        states=MEMBERSHIPS,
        how=HOW.get(membership.how, ""),
        leads=False,
        form=form,
    ), 422


@blueprint.get("/desk/<alliance>/coordinators/<int:person>/terms/<int:term>/end")
@allow(may_change_terms)
def end_term(alliance: str, person: int, term: int) -> ResponseReturnValue:
    require_fresh()
    found = find_or_404(queries.by_slug(alliance))
    return render_template(
        "alliances/end_term.html",
        alliance=found,
        term=find_or_404(queries.term(found.id, person, term)),
        others=len(queries.coordinators(found.id)) - 1,
    )


@blueprint.post("/desk/<alliance>/coordinators/<int:person>/terms/<int:term>/end")
@allow(may_change_terms)
def do_end_term(alliance: str, person: int, term: int) -> ResponseReturnValue:
    require_fresh()
    found = find_or_404(queries.by_slug(alliance))
    terms.end(find_or_404(queries.term(found.id, person, term)))
    return see_other("alliances.coordinators", alliance=alliance, done="term-ended")
