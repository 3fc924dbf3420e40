"""The message bank: talking points with their sources."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.foundation.db import db
from app.foundation.policy import allow, anyone
from app.library import queries
from app.library.blueprint import blueprint


@blueprint.get("/library/points")
@allow(anyone)
def points() -> ResponseReturnValue:
    return render_template("library/points.html", points=db.scalars(queries.bank()).all())
