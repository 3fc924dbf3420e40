"""The page of one year of an observance: how far it is, who does what, how to take part."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.events import editions, hubs, listings, queries, words
from app.events.blueprint import blueprint
from app.foundation import clock, geo
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone
from app.foundation.tables import page_of
from app.foundation.web import find_or_404


@blueprint.get("/observances/<key>/<int:year>")
@allow(anyone)
@same_for_visitors
def observance(key: str, year: int) -> ResponseReturnValue:
    edition = find_or_404(queries.edition(key, year))
    reach = hubs.reach(edition.id)
    return render_template(
        "events/observance.html",
        edition=edition,
        observance=edition.observance,
        title=editions.title_of(edition),
        names=editions.other_names(edition.observance),
        about=editions.about(edition.observance),
        countdown=editions.countdown(edition),
        is_over=edition.on < clock.today()
        and (reach.ends_at is None or reach.ends_at <= clock.now()),
        reach=reach,
        states=geo.states(),
        page=page_of(listings.OF_DAY, hubs.events(edition.id)),
        words=words,
    )
