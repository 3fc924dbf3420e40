"""The message bank: talking points with their sources, for whom they are, where they are used."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.alliances.organization_models import Constituency
from app.alliances.organization_words import CONSTITUENCIES
from app.foundation.db import db
from app.foundation.policy import allow, anyone, viewer
from app.foundation.web import find_or_404
from app.library import queries
from app.library.blueprint import blueprint

LONGEST_TAG = 40


@blueprint.get("/library/points")
@allow(anyone)
def points() -> ResponseReturnValue:
    audience = request.args.get("audience", "")
    tag = request.args.get("tag", "")[:LONGEST_TAG]
    wanted = Constituency(audience) if audience in list(Constituency) else None
    rows = db.scalars(queries.bank(wanted, tag)).all()
    return render_template(
        "library/points.html",
        points=rows,
        audiences=queries.audiences([row.id for row in rows]),
        constituencies=CONSTITUENCIES,
        audience=audience,
        tag=tag,
    )


@blueprint.get("/library/points/<key>")
@allow(anyone)
def point(key: str) -> ResponseReturnValue:
    """Where it is used is for those who use it: coordinators and staff."""
    found = find_or_404(queries.point_with_wordings(key))
    audiences = queries.audiences([found.id]).get(found.id, [])
    may_see_uses = viewer.is_staff or viewer.alliances_led
    return render_template(
        "library/point.html",
        point=found,
        audiences=[CONSTITUENCIES[each] for each in audiences],
        uses=queries.uses_seen_by(viewer, found.id) if may_see_uses else (),
    )
