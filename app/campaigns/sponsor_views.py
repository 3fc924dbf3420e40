"""Who sponsors a resolution, and everything that we oppose and watch."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import contacting, partial, register, sponsor_profiles, sponsor_words
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.campaign_desk import form_page
from app.campaigns.campaign_views import seen_or_404
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.measure_models import Measure, Sponsorship
from app.campaigns.sponsor_forms import SponsorForm, WordsForm
from app.campaigns.sponsors import InOffice
from app.foundation.db import db
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, staff, viewer
from app.foundation.tables import page_of
from app.foundation.web import find_or_404, see_other

notices(
    sponsor_kept=_l("The sponsor is entered."),
    sponsor_gone=_l("The sponsor is taken out."),
    sponsor_words_wait=_l("Saved. Everybody can read it once national staff agree."),
    sponsor_words_kept=_l("Saved. What the page shows is what stands here."),
)

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
    sponsor_profiles.remove(_row(campaign_or_404(alliance, measure_id), number))
    return _back(alliance, measure_id, "sponsor-gone")


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/sponsors/<int:number>/words",
    methods=["GET", "POST"],
)
@allow(coordinates)
def enter_sponsors_words(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    row = _row(measure, number)
    form = WordsForm(data={"words": row.words, "source": row.words_source})
    if not form.validate_on_submit():
        lead = _("National staff look at it before everybody can read it.")
        page = form_page(measure, form, _("What a sponsor said"), _("Save"), lead=lead)
        return page, 422 if form.errors else 200
    proposed = not viewer.is_staff
    sponsor_words.say(row, typed(form.words), typed(form.source), proposed=proposed)
    return _back(alliance, measure_id, "sponsor-words-wait" if proposed else "sponsor-words-kept")


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/sponsors/<int:number>/words/agree")
@allow(staff)
def agree_to_sponsors_words(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    sponsor_words.agree(_row(campaign_or_404(alliance, measure_id), number))
    return _back(alliance, measure_id, "sponsor-words-kept")


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


def _row(measure: Measure, number: int) -> Sponsorship:
    row = find_or_404(db.get(Sponsorship, number))
    if row.measure_id != measure.id:
        abort(404)
    return row


def _back(alliance: str, measure_id: int, done: str) -> ResponseReturnValue:
    return see_other("campaigns.desk_sponsors", alliance=alliance, measure_id=measure_id, done=done)
