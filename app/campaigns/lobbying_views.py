"""The desk's log of lobbying time and cost, with a spreadsheet for each year."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import lobbying, visit_words
from app.campaigns.blueprint import blueprint
from app.campaigns.desk_campaign_views import alliance_or_404
from app.campaigns.lobbying_forms import LobbyingForm
from app.campaigns.lobbying_list import LOG
from app.foundation import clock
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.tables import csv_of, page_of
from app.foundation.web import find_or_404, see_other
from app.work import queries as to_dos

notices(lobbying_noted=_l("It is in the log."), lobbying_removed=_l("It is out of the log."))


@blueprint.get("/desk/<alliance>/lobbying")
@allow(coordinates)
def lobbying_log(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    query = lobbying.of_alliance(ours.id)
    if request.args.get("format") == "csv":
        return csv_of(LOG, query)
    asked = request.args.get("year", 0, type=int)
    year = asked if 1 <= asked <= 9999 else clock.today().year
    return render_template(
        "campaigns/lobbying.html",
        alliance=ours,
        page=page_of(LOG, query, export=True),
        year=year,
        years=lobbying.years(ours.id),
        totals=lobbying.totals(ours.id, year),
        dollars=lobbying.dollars,
        words=visit_words,
    )


@blueprint.route("/desk/<alliance>/lobbying/new", methods=["GET", "POST"])
@allow(coordinates)
def note_lobbying(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    form = LobbyingForm(data={"on": clock.today(), "person": str(viewer.person_id)})
    form.offer(to_dos.who_may_own(ours.id, discreet=viewer.leads(ours.id)))
    if not form.validate_on_submit():
        page = render_template("campaigns/note_lobbying.html", alliance=ours, form=form)
        return page, 422 if form.errors else 200
    lobbying.note(ours.id, form.spent())
    return see_other("campaigns.lobbying_log", alliance=alliance, done="lobbying-noted")


@blueprint.post("/desk/<alliance>/lobbying/<int:number>/remove")
@allow(coordinates)
def remove_lobbying(alliance: str, number: int) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    db.delete(find_or_404(lobbying.numbered(ours.id, number)))
    return see_other("campaigns.lobbying_log", alliance=alliance, done="lobbying-removed")
