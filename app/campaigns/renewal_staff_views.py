"""National staff and the renewals of a year: each place that passed one, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, exists

from app.campaigns import measure_queries, renewal_queries, renewing
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.measure_models import Measure
from app.campaigns.renewal_models import Renewal, RenewalState
from app.campaigns.renewal_queries import Became
from app.events import call_staff, editions
from app.events.models import Edition
from app.foundation import geo
from app.foundation.db import db
from app.foundation.forms import FilterForm, Optional, SelectField, choices, line
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff
from app.foundation.tables import Column, Listing, csv_of, like, page_of
from app.foundation.web import find_or_404, see_other

notices(
    renewals_drafted=_l("Drafted. The alliances find them at their desks and in the call's page."),
    renewals_none=_l("Nothing was left to draft for this day."),
)

BECAME = {
    Became.LAPSED: (_l("Not renewed"), "no"),
    Became.DRAFTED: (_l("Drafted, not answered"), "due"),
    Became.RUNNING: (_l("Asked again"), "due"),
    Became.PASSED: (_l("Passed again"), "ok"),
    Became.EARLY: (_l("Passed already, ahead of the day"), "ok"),
    Became.ENDED: (_l("Asked again, did not pass"), "no"),
    Became.DECLINED: (_l("Not this year"), "off"),
}


class RenewalFilter(FilterForm):
    """The filters of the list of renewals."""

    q = line(_l("Words"), required=False, most=80)
    state = SelectField(
        _l("State"),
        validators=[Optional()],
        choices=choices([("", _l("All")), *geo.state_choices()]),
    )
    only = SelectField(
        _l("Show"),
        validators=[Optional()],
        choices=choices(
            [("", _l("All")), ("lapsed", _l("Not renewed")), ("declined", _l("Not this year"))]
        ),
    )


@blueprint.get("/staff/renewals/<int:year>")
@allow(staff)
def renewals(year: int) -> ResponseReturnValue:
    """Everything that passed in the year before."""
    query = renewal_queries.passed_in(year - 1)
    if request.args.get("format") == "csv":
        return csv_of(_listing(year, renewal_queries.became(db.scalars(query).all(), year)), query)
    page = page_of(_listing(year, {}), query, export=True)
    return render_template(
        "campaigns/renewals.html",
        year=year,
        page=page,
        became=renewal_queries.became(page.rows, year),
        reasons=renewal_queries.reasons([row.id for row in page.rows], year),
        awaiting=measure_queries.awaiting_agreement(),
        days=[each for each in call_staff.coming() if each.year == year and each.called_at],
        editions=editions,
        BECAME=BECAME,
        words=words,
    )


@blueprint.get("/staff/renewals")
@allow(staff)
def renewals_now() -> ResponseReturnValue:
    return see_other("campaigns.renewals", year=renewal_queries.year_to_open())


@blueprint.post("/staff/renewals/<int:year>/<int:edition_id>")
@allow(staff)
def draft_renewals(year: int, edition_id: int) -> ResponseReturnValue:
    """Draft the renewals of a day for all alliances at once, those called before among them."""
    edition = find_or_404(db.get(Edition, edition_id))
    number = renewing.draft_for(edition)
    done = "renewals-drafted" if number else "renewals-none"
    return see_other("campaigns.renewals", year=year, done=done)


def _listing(year: int, became: Mapping[int, Became]) -> Listing[Measure]:
    def narrow(query: Select[Measure], form: Any) -> Select[Measure]:
        if form.q.data:
            query = query.where(Measure.sought.like(like(form.q.data), escape="\\"))
        if form.state.data:
            query = query.where(Measure.us_state == form.state.data)
        if form.only.data:
            query = query.where(_only(form.only.data, year))
        return query

    return Listing(
        name="renewals",
        columns=(
            *_COLUMNS,
            Column("became", str(year), lambda m: _word(became.get(m.id))),
        ),
        sort="place",
        tie_break=Measure.id,
        filters=RenewalFilter,
        apply=narrow,
    )


def _word(became: Became | None) -> str:
    return str(BECAME[became][0]) if became else ""


def _only(which: str, year: int) -> ColumnElement[bool]:
    if which == Became.LAPSED:
        return renewal_queries.is_lapsed(year)
    return exists().where(
        Renewal.prior_id == Measure.id,
        Renewal.year == year,
        Renewal.state == RenewalState.DECLINED,
    )


_COLUMNS: Sequence[Column[Measure]] = (
    Column("place", _l("Place"), words.where, sort=Measure.place),
    Column("title", _l("Title"), lambda m: m.title),
    Column("kind", _l("Kind"), lambda m: words.INSTRUMENTS[m.instrument]),
    Column("alliance", _l("Alliance"), lambda m: m.alliance.name if m.alliance else ""),
)
