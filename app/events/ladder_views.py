"""Who does how much in an alliance, for its coordinators; staff see numbers only."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import column, func

from app.alliances.policy import coordinates
from app.events import ladder
from app.events.blueprint import blueprint
from app.events.desk_views import alliance_or_404
from app.events.ladder import Rung, Step
from app.foundation.policy import allow, viewer
from app.foundation.tables import Column, Listing, Page, page_of

RUNGS = {
    Rung.LEADER: (_l("Carries others"), "ok"),
    Rung.ACTIVE: (_l("Comes often"), "ok"),
    Rung.PARTICIPANT: (_l("Was there"), ""),
    Rung.SUPPORTER: (_l("Member"), ""),
    Rung.PROSPECT: (_l("Asked to join"), "due"),
}


STEPS: Listing[Step] = Listing(
    name="taking-part",
    columns=[
        Column("name", _l("Name"), lambda row: row.name, sort=func.lower(column("name"))),
        Column("rung", _l("How far"), lambda row: RUNGS[Rung(row.rung)][0], sort=column("rung")),
        Column(
            "events",
            _l("Events in 90 days"),
            lambda row: row.events,
            sort=column("events"),
            numeric=True,
        ),
    ],
    sort="rung",
    descending=True,
    then=(column("events").desc(), func.lower(column("name"))),
    tie_break=column("id"),
    size=25,
)


@blueprint.get("/desk/<alliance>/taking-part")
@allow(coordinates)
def taking_part(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    leads = viewer.leads(ours.id)
    numbers = ladder.numbers(ours.id, discreet=leads)
    return render_template(
        "events/taking_part.html",
        alliance=ours,
        numbers=[(RUNGS[rung][0], number) for rung, number in numbers.items()],
        page=_page(ours.id, sum(numbers.values())) if leads else None,
        rungs=RUNGS,
    )


def _page(alliance_id: int, total: int) -> Page[Step]:
    return page_of(STEPS, ladder.steps(alliance_id, discreet=True), scalars=False, total=total)
