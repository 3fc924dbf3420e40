"""The public register: the list with its map, as files, as a feed, and small enough to embed."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, make_response, render_template
from flask.typing import ResponseReturnValue

from app.campaigns import exchange, measure_queries, register, register_counts, register_rows
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.foundation import clock
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone
from app.foundation.tables import Page, csv_of, narrowed, page_of
from app.foundation.web import CONTENT_SECURITY_POLICY

NEWEST = 30
"""Records in the feed."""


@blueprint.get("/campaigns/")
@allow(anyone)
@same_for_visitors
def listing() -> ResponseReturnValue:
    totals = register_counts.totals()
    return render_template(
        "campaigns/register.html",
        page=_page(totals),
        drawn=register_rows.drawn,
        totals=totals,
        today=clock.today(),
    )


@blueprint.get("/campaigns.csv")
@allow(anyone)
def as_csv() -> ResponseReturnValue:
    return csv_of(register.FILE, measure_queries.for_files())


@blueprint.get("/campaigns.json")
@allow(anyone)
def as_json() -> ResponseReturnValue:
    """Open Civic Data bills with their actions and votes; what has no word there is in extras."""
    wanted = narrowed(register.REGISTER, exchange.EVERYTHING)
    bills = exchange.as_ocd(public_only=True, wanted=wanted)
    return Response(bills, mimetype="application/json")


@blueprint.get("/campaigns.atom")
@allow(anyone)
def as_atom() -> ResponseReturnValue:
    measures = measure_queries.newest(NEWEST)
    updated = measures[0].updated_at if measures else clock.now()
    feed = render_template(
        "campaigns/feed.xml",
        measures=measures,
        updated=updated,
        words=words,
        site_name=current_app.config["SITE_NAME"],
    )
    return Response(feed, mimetype="application/atom+xml")


@blueprint.get("/campaigns/widget")
@allow(anyone)
@same_for_visitors
def widget() -> ResponseReturnValue:
    """A small list that other sites may show in a frame; it has neither forms nor cookies."""
    total = register_counts.totals().passed
    page = page_of(register.WIDGET, register_rows.passed(), scalars=False, total=total)
    response = make_response(render_template("campaigns/widget.html", page=page, words=words))
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    )
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _page(totals: register_counts.Totals) -> Page[Any]:
    query = register_rows.listed()
    return page_of(register.REGISTER, query, scalars=False, total=totals.listed)
