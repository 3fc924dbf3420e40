"""Where a council is, said anew: before the official list was there, its place was a guess."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.alliances.policy import coordinates
from app.campaigns import council_actions, division_search, records
from app.campaigns import council_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.council_forms import PlaceForm
from app.campaigns.council_views import kept, saved
from app.foundation.policy import allow
from app.foundation.tables import page_number


@blueprint.route("/desk/<alliance>/councils/<council>/place", methods=["GET", "POST"])
@allow(coordinates)
def council_place(alliance: str, council: str) -> ResponseReturnValue:
    body = kept(alliance, council)
    form = PlaceForm()
    if form.validate_on_submit() and form.division.division is not None:
        council_actions.relocate(body, form.division.division)
        return saved(body)
    here = (records.place_name(body.division), body.division.state)
    sought = request.args.get("place", "")[:100] or ", ".join(filter(None, here))
    page = render_template(
        "campaigns/pick_place.html",
        alliance=body.alliance,
        body=body,
        sought=sought,
        found=division_search.search(sought, page_number()),
        problem=next(iter(form.division.errors), ""),
        words=words,
    )
    return page, 422 if form.errors else 200
