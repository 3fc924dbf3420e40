"""The library's first page, its search, and where all of it comes from."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.alliances import partners
from app.foundation.db import db
from app.foundation.policy import allow, anyone
from app.library import partial, queries, reading_queries, search, words
from app.library.blueprint import blueprint
from app.library.reading_models import EntryKind

NEWEST = 4
LONGEST_SEARCH = 200


@blueprint.get("/library/")
@allow(anyone)
def front() -> ResponseReturnValue:
    debates, counts = reading_queries.debates_and_how_much()
    return render_template(
        "library/front.html",
        counts=counts,
        newest=db.scalars(reading_queries.analyses().limit(NEWEST)).all(),
        debates=debates,
        shared=partners.newest(NEWEST),
        partial=partial,
    )


@blueprint.get("/library/search")
@allow(anyone)
def found() -> ResponseReturnValue:
    typed = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    kind = request.args.get("kind", "")
    return render_template(
        "library/search.html",
        typed=typed,
        kind=kind,
        found=search.find(
            typed,
            number=_page(),
            kind=EntryKind(kind) if kind in list(EntryKind) else None,
        ),
        partial=partial,
        words=words,
    )


@blueprint.get("/library/sources")
@allow(anyone)
def sources() -> ResponseReturnValue:
    return render_template("library/sources.html", sources=queries.sources(), partial=partial)


def _page() -> int:
    raw = request.args.get("page", "1")
    return max(1, int(raw)) if raw.isascii() and raw.isdecimal() and len(raw) < len("10000") else 1
