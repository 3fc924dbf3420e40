"""The members of an alliance at its desk: the list, one member, answers, the file."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import require_fresh
from app.alliances import actions, exports, queries, terms
from app.alliances.blueprint import blueprint
from app.alliances.forms import AddByVoiceForm, TermForm
from app.alliances.lists import MEMBERS
from app.alliances.models import Membership
from app.alliances.policy import coordinates, role_of
from app.alliances.words import HOW, MEMBERSHIPS
from app.foundation import clock
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.tables import page_of
from app.foundation.web import find_or_404, see_other

notices(
    member_approved=_l("A new member! We told them by mail."),
    member_refused=_l("Refused; we told them by mail."),
    member_removed=_l("Removed; we told them by mail."),
    member_settled=_l("Somebody else has answered this already."),
    member_leads=_l("Coordinators cannot be removed. Ask staff to end their term first."),
    member_added=_l("Added. Please tell them how to reach you."),
)


@blueprint.get("/desk/<alliance>/members")
@allow(coordinates)
def members(alliance: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(alliance))
    page = page_of(MEMBERS, queries.members(found.id, discreet=viewer.leads(found.id)))
    return render_template("alliances/members.html", alliance=found, page=page, states=MEMBERSHIPS)


@blueprint.get("/desk/<alliance>/members/<int:member>")
@allow(coordinates)
def member(alliance: str, member: int) -> ResponseReturnValue:
    return _member_page(_found(alliance, member), shown=False)


@blueprint.post("/desk/<alliance>/members/<int:member>/details")
@allow(coordinates)
def show_details(alliance: str, member: int) -> ResponseReturnValue:
    """E-mail and phone: on click only, and the member sees who clicked."""
    membership = _found(alliance, member)
    role = role_of(viewer, membership.alliance)
    actions.show_details(membership, to=viewer.person_id, role=role)
    return _member_page(membership, shown=True)


@blueprint.post("/desk/<alliance>/members/<int:member>/approve")
@allow(coordinates)
def approve(alliance: str, member: int) -> ResponseReturnValue:
    membership = _found(alliance, member, lock=True)
    done = "member-approved" if actions.approve(membership) else "member-settled"
    return see_other("alliances.members", alliance=alliance, done=done)


@blueprint.post("/desk/<alliance>/members/<int:member>/refuse")
@allow(coordinates)
def refuse(alliance: str, member: int) -> ResponseReturnValue:
    membership = _found(alliance, member, lock=True)
    done = "member-refused" if actions.refuse(membership) else "member-settled"
    return see_other("alliances.members", alliance=alliance, done=done)


@blueprint.get("/desk/<alliance>/members/<int:member>/remove")
@allow(coordinates)
def remove(alliance: str, member: int) -> ResponseReturnValue:
    membership = _found(alliance, member)
    return render_template(
        "alliances/remove.html", alliance=membership.alliance, membership=membership
    )


@blueprint.post("/desk/<alliance>/members/<int:member>/remove")
@allow(coordinates)
def do_remove(alliance: str, member: int) -> ResponseReturnValue:
    membership = _found(alliance, member, lock=True)
    try:
        done = "member-removed" if actions.remove(membership) else "member-settled"
    except actions.StillCoordinates:
        done = "member-leads"
    return see_other("alliances.members", alliance=alliance, done=done)


@blueprint.get("/desk/<alliance>/members/add")
@allow(coordinates)
def add_member(alliance: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(alliance))
    form = AddByVoiceForm(asked_on=clock.today(found.time_zone))
    return render_template("alliances/add_member.html", alliance=found, form=form)


@blueprint.post("/desk/<alliance>/members/add")
@allow(coordinates)
def do_add_member(alliance: str) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(alliance))
    form = AddByVoiceForm()
    if not form.validate_on_submit():
        return render_template("alliances/add_member.html", alliance=found, form=form), 422
    actions.add_by_voice(found, form.answers(), by=viewer.person_id)
    return see_other("alliances.members", alliance=alliance, done="member-added")


@blueprint.get("/desk/<alliance>/members/export")
@allow(coordinates)
def export(alliance: str) -> ResponseReturnValue:
    """Say what the file holds and who learns of it; ask first who is asking."""
    require_fresh()
    found = find_or_404(queries.by_slug(alliance))
    return render_template(
        "alliances/export.html", alliance=found, number=len(queries.exported(found.id))
    )


@blueprint.post("/desk/<alliance>/members/export")
@allow(coordinates)
def do_export(alliance: str) -> ResponseReturnValue:
    require_fresh()
    found = find_or_404(queries.by_slug(alliance))
    return exports.members_file(found, role=role_of(viewer, found))


def _found(alliance: str, member: int, *, lock: bool = False) -> Membership:
    """A row of the list; whoever is known only to the coordinator is not there for staff."""
    membership = find_or_404(queries.member(alliance, member, lock=lock))
    if membership.person.discreet and not viewer.leads(membership.alliance_id):
        abort(404)
    return membership


def _member_page(membership: Membership, *, shown: bool) -> ResponseReturnValue:
    return render_template(
        "alliances/member.html",
        alliance=membership.alliance,
        membership=membership,
        shown=shown,
        states=MEMBERSHIPS,
        how=HOW.get(membership.how, ""),
        leads=viewer.leads(membership.alliance_id),
        form=_new_term() if viewer.is_staff else None,
    )


def _new_term() -> TermForm:
    """A year from today."""
    return TermForm(formdata=None, since=clock.today(), until=clock.today() + terms.A_YEAR)
