"""Who does how much in an alliance, for its coordinators; staff see numbers only."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.events import ladder
from app.events.blueprint import blueprint
from app.events.desk_views import alliance_or_404
from app.events.ladder import Rung
from app.foundation.policy import allow, viewer

RUNGS = {
    Rung.LEADER: (_l("Carries others"), "ok"),
    Rung.ACTIVE: (_l("Comes often"), "ok"),
    Rung.PARTICIPANT: (_l("Was there"), ""),
    Rung.SUPPORTER: (_l("Member"), ""),
    Rung.PROSPECT: (_l("Asked to join"), "due"),
}


@blueprint.get("/desk/<alliance>/taking-part")
@allow(coordinates)
def taking_part(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    leads = viewer.leads(ours.id)
    steps = ladder.steps(ours.id, discreet=leads)
    return render_template(
        "events/taking_part.html",
        alliance=ours,
        numbers=[(RUNGS[rung][0], number) for rung, number in ladder.numbers(steps).items()],
        steps=steps if leads else (),
        rungs=RUNGS,
    )
