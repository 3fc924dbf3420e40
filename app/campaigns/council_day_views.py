"""The deadlines of a council before any day that somebody asks for."""

from __future__ import annotations

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.alliances.policy import coordinates
from app.campaigns import council_words as words
from app.campaigns import deadlines
from app.campaigns.blueprint import blueprint
from app.campaigns.body_models import Instrument
from app.campaigns.council_forms import DaysForm
from app.campaigns.council_views import kept
from app.campaigns.deadlines import Wanted
from app.foundation import clock
from app.foundation.policy import allow

JUSTICE_DAY = (7, 17)


@blueprint.get("/desk/<alliance>/councils/<council>/deadlines")
@allow(coordinates)
def council_days(alliance: str, council: str) -> ResponseReturnValue:
    body = kept(alliance, council)
    usual = next_justice_day(clock.today(body.time_zone)).isoformat()
    form = DaysForm.of(MultiDict({"day": usual, **request.args.to_dict()}))
    day = form.day.data if form.validate() else None
    asked = (Instrument.RESOLUTION, Instrument.PROCLAMATION) if day else ()
    wanted = [Wanted(body.id, instrument, day) for instrument in asked if day]
    return render_template(
        "campaigns/council_days.html",
        alliance=body.alliance,
        body=body,
        form=form,
        timelines=deadlines.for_bodies(wanted),
        words=words,
    ), 200 if day else 422


def next_justice_day(today: date) -> date:
    """The coming International Justice Day, the coalition's own."""
    this_year = date(today.year, *JUSTICE_DAY)
    return this_year if this_year > today else date(today.year + 1, *JUSTICE_DAY)
