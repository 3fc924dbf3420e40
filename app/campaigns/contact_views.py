"""The page from which supporters write to those who decide or call them, with words ready."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.entering import client_address
from app.accounts.queries import myself
from app.alliances.policy import coordinates
from app.campaigns import contacting, office_words, picked_points
from app.campaigns import decider_words as deciders
from app.campaigns.blueprint import blueprint
from app.campaigns.campaign_desk import form_page
from app.campaigns.contact_models import ContactKind
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.endorsement_views import open_or_404
from app.campaigns.measure_queries import Seen
from app.campaigns.point_forms import PointsForm
from app.foundation.limits import TooMany
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, viewer
from app.foundation.web import see_other
from app.library.points import Place

notices(
    contact_told=_l("Thank you! It is counted."),
    points_picked=_l("Letters, call scripts and the brief say these points from now on."),
)


@blueprint.get("/campaigns/<slug>/contact")
@allow(anyone)
def contact(slug: str) -> ResponseReturnValue:
    """One official with a letter and a call script; the others are a link away."""
    seen = _asked_or_404(slug)
    measure = seen.measure
    asked = request.args.get("seat", type=int)
    choice = contacting.choice(measure, asked, viewer.person_id)
    points = picked_points.picked(picked_points.LETTERS, measure.id)
    writer = myself() if viewer.is_signed_in else None
    return render_template(
        "campaigns/contact.html",
        measure=measure,
        choice=choice,
        addressed=contacting.addressed(measure, choice.chosen),
        through_clerk=not (choice.chosen and choice.chosen.email)
        and (choice.chosen is not None or contacting.deciding(measure) is None),
        email=(choice.chosen and choice.chosen.email) or measure.body.clerk_email,
        phone=(choice.chosen and choice.chosen.phone) or measure.body.clerk_phone,
        script=contacting.script(
            measure, choice, writer, seen.signatures, [point.words for point in points]
        ),
        deciders=deciders,
        seat_word=office_words.seat,
    )


@blueprint.post("/campaigns/<slug>/contact/<int:seat_id>/<kind>")
@allow(anyone)
def tell_contact(slug: str, seat_id: int, kind: str) -> ResponseReturnValue:
    """One tap: written, or called. Seat 0 is the clerk, where nobody else is known."""
    seen = _asked_or_404(slug)
    if kind not in set(ContactKind):
        abort(404)
    try:
        contacting.TOLD_BY_CLIENT.take(client_address())
        contacting.tell(seen.measure, ContactKind(kind), seat_id or None, viewer.person_id)
    except contacting.NoSuchSeat:
        abort(404)
    except TooMany:
        abort(429)
    return see_other("campaigns.contact", slug=slug, seat=seat_id or None, done="contact-told")


def _asked_or_404(slug: str) -> Seen:
    """A campaign in which somebody's word is still to come."""
    seen = open_or_404(slug)
    if not deciders.can_be_asked(seen.measure):
        abort(404)
    return seen


@blueprint.route("/desk/<alliance>/campaigns/<int:measure_id>/points", methods=["GET", "POST"])
@allow(coordinates)
def pick_points(alliance: str, measure_id: int) -> ResponseReturnValue:
    """Which talking points stand in letters, call scripts and the brief."""
    measure = campaign_or_404(alliance, measure_id)
    now = picked_points.picked(picked_points.LETTERS, measure.id)
    form = PointsForm(data={"points": [point.key for point in now]})
    form.offer(picked_points.offered())
    if not form.validate_on_submit():
        title = _("Talking points for letters and calls")
        return form_page(measure, form, title, _("Save")), 422 if form.errors else 200
    path = f"/desk/{alliance}/campaigns/{measure_id}"
    place = Place(picked_points.LETTERS, measure.id, measure.title, path, measure.alliance_id)
    picked_points.pick(place, form.points.data or (), by_id=viewer.person_id)
    return see_other(
        "campaigns.support", alliance=alliance, measure_id=measure_id, done="points-picked"
    )
