"""Where staff see how the network does, with its trends, and take the report of a quarter along."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.alliances.words import LIFE_CYCLES
from app.foundation import documents
from app.foundation.policy import allow, staff
from app.foundation.tables import csv_response
from app.foundation.web import find_or_404
from app.pages import health, quarters, trends
from app.pages.blueprint import blueprint
from app.pages.health import Health


@blueprint.get("/staff/network")
@allow(staff)
def network() -> ResponseReturnValue:
    rows = health.rows()
    if request.args.get("format") == "csv":
        return _file(rows)
    return render_template(
        "pages/network.html",
        groups=[(LIFE_CYCLES[stage][0], health.at(rows, stage)) for stage in health.SEEN],
        well=sum(not row.missing for row in rows),
        total=len(rows),
        months=trends.months(),
        quarters=quarters.offered(),
    )


@blueprint.get("/staff/network/<name>.pdf")
@allow(staff)
def quarter_printed(name: str) -> ResponseReturnValue:
    told = quarters.report(find_or_404(quarters.named(name)))
    values = quarters.printed(told, current_app.config["SITE_NAME"])
    return documents.pdf_answer("pages/print/quarter.typ", values, f"network-{name}")


@blueprint.get("/staff/network/<name>.csv")
@allow(staff)
def quarter_file(name: str) -> ResponseReturnValue:
    told = quarters.report(find_or_404(quarters.named(name)))
    figures = [[words, number, "", "", "", ""] for words, number in told.figures]
    rows = [quarters.cells(line) for line in told.lines]
    return csv_response(f"network-{name}.csv", quarters.heads(), [*rows, *figures])


def _file(rows: Sequence[Health]) -> ResponseReturnValue:
    heads = [
        *(_("Alliance"), _("Stage"), _("Members")),
        *(_("Last event"), _("Next event"), _("What is missing")),
    ]
    return csv_response(
        "network.csv",
        heads,
        [
            [
                row.alliance.name,
                str(LIFE_CYCLES[row.alliance.life_cycle][0]),
                row.members,
                *(day.isoformat() if day else "" for day in (row.last_event, row.next_event)),
                "; ".join(row.missing),
            ]
            for row in rows
        ],
    )
