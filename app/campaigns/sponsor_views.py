"""Who sponsors a resolution, and everything that we oppose and watch."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import contacting, partial, register, sponsor_profiles
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.campaign_desk import form_page
from app.campaigns.campaign_views import seen_or_404
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.sponsor_forms import SponsorForm
from app.campaigns.sponsors import InOffice
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone
from app.foundation.tables import page_of
from app.foundation.web import see_other

notices(sponsor_kept=_l("The sponsor is entered."), sponsor_gone=_l("The sponsor is taken out."))

IN_OFFICE = {
    InOffice.STILL: (_l("In office"), "ok"),
    InOffice.LEFT: (_l("Has left office"), "off"),
    InOffice.UNKNOWN: (_l("We do not know whether they are in office"), ""),
}


@blueprint.get("/campaigns/watched")
@allow(anyone)
def watched() -> ResponseReturnValue:
    page = page_of(register.REGISTER, sponsor_profiles.watched())
    return render_template("campaigns/watched.html", page=page, words=words)


@blueprint.get("/campaigns/<slug>/sponsors")
@allow(anyone)
def sponsors_of(slug: str) -> ResponseReturnValue:
    measure = seen_or_404(slug).measure
    return render_template(
        "campaigns/sponsors.html",
        measure=measure,
        profiles=sponsor_profiles.of(measure),
        in_office=IN_OFFICE,
        partial=partial,
        words=words,
    )


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/sponsors/new", methods=["GET", "POST"]
)
@allow(coordinates)
def add_sponsor(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    form = SponsorForm()
    form.offer(contacting.officials(measure.body_id))
    if not form.validate_on_submit():
        title = _("Enter a sponsor")
        return form_page(measure, form, title, _("Save")), 422 if form.errors else 200
    sponsor_profiles.add(measure, form.told())
    return _back(alliance, measure_id, "sponsor-kept")


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/sponsors/<int:number>/remove")
@allow(coordinates)
def remove_sponsor(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    found = [row for row in sponsor_profiles.rows_of(measure.id) if row.id == number]
    if not found:
        abort(404)
    sponsor_profiles.remove(found[0])
    return _back(alliance, measure_id, "sponsor-gone")


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/sponsors")
@allow(coordinates)
def desk_sponsors(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    return render_template(
        "campaigns/desk_sponsors.html",
        alliance=measure.alliance,
        measure=measure,
        profiles=sponsor_profiles.of(measure),
        in_office=IN_OFFICE,
        partial=partial,
        words=words,
    )


def _back(alliance: str, measure_id: int, done: str) -> ResponseReturnValue:
    return see_other("campaigns.desk_sponsors", alliance=alliance, measure_id=measure_id, done=done)
