"""The public list of alliances, as a page with a map and as a file."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.alliances import queries
from app.alliances.blueprint import blueprint
from app.alliances.lists import DIRECTORY, DIRECTORY_FILE
from app.alliances.words import LIFE_CYCLES, WAYS
from app.foundation.kept_pages import same_for_visitors
from app.foundation.policy import allow, anyone
from app.foundation.tables import csv_of, page_of


@blueprint.get("/alliances/")
@allow(anyone)
@same_for_visitors
def directory() -> ResponseReturnValue:
    if request.args.get("format") == "csv":
        return csv_of(DIRECTORY_FILE, queries.public())
    return render_template(
        "alliances/directory.html",
        page=page_of(DIRECTORY, queries.public(), export=True),
        by_state=queries.numbers_by_state(),
        stages=LIFE_CYCLES,
        ways=WAYS,
    )
