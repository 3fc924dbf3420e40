"""Analyses and their feed, situations, statements, and a person's reading list."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.foundation import clock, uploads
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in, viewer
from app.foundation.web import find_or_404, see_other
from app.library import marks, partial, reading_queries, words
from app.library.blueprint import blueprint
from app.library.reading_models import EntryKind

LONGEST_TOPIC = 60
IN_FEED = 30

notices(
    marked=_l("It is on your reading list."),
    marked_read=_l("Marked as read."),
    unmarked=_l("Taken off your reading list."),
)


@blueprint.get("/library/analyses")
@allow(anyone)
def analyses() -> ResponseReturnValue:
    topic = request.args.get("topic", "")[:LONGEST_TOPIC]
    return render_template(
        "library/analyses.html",
        analyses=db.scalars(reading_queries.analyses(topic)).all(),
        topic=topic,
        partial=partial,
    )


@blueprint.get("/library/analyses/<slug>")
@allow(anyone)
def analysis(slug: str) -> ResponseReturnValue:
    found = find_or_404(reading_queries.analysis(slug))
    return render_template(
        "library/analysis.html",
        analysis=found,
        attachments=reading_queries.attachments(found.id),
        entry=reading_queries.entry(EntryKind.ANALYSIS, slug) if viewer.is_signed_in else None,
        partial=partial,
        words=words,
    )


@blueprint.get("/library/analyses/<slug>/<int:number>.pdf")
@allow(anyone)
def attachment(slug: str, number: int) -> ResponseReturnValue:
    found = find_or_404(reading_queries.analysis(slug))
    kept = {each.id: each for each in reading_queries.attachments(found.id)}
    wanted = find_or_404(kept.get(number))
    return uploads.answer(wanted.upload, wanted.name)


@blueprint.get("/library/analyses.atom")
@allow(anyone)
def feed() -> ResponseReturnValue:
    newest = db.scalars(reading_queries.analyses().limit(IN_FEED)).all()
    updated = max((each.updated_at for each in newest), default=clock.now())
    page = render_template("library/analyses.xml", analyses=newest, updated=updated)
    return Response(page, mimetype="application/atom+xml")


@blueprint.get("/library/situations")
@allow(anyone)
def situations() -> ResponseReturnValue:
    return render_template(
        "library/situations.html", situations=reading_queries.situations(), words=words
    )


@blueprint.get("/library/situations/<key>")
@allow(anyone)
def situation(key: str) -> ResponseReturnValue:
    return render_template(
        "library/situation.html",
        situation=find_or_404(reading_queries.situation(key)),
        steps=reading_queries.steps_of(key),
        analyses=db.scalars(reading_queries.analyses(situation=key)).all(),
        partial=partial,
        words=words,
    )


@blueprint.get("/library/statements")
@allow(anyone)
def statements() -> ResponseReturnValue:
    return render_template(
        "library/statements.html", statements=reading_queries.statements(), partial=partial
    )


@blueprint.get("/me/reading-list")
@allow(signed_in)
def reading_list() -> ResponseReturnValue:
    return render_template(
        "library/reading_list.html",
        marks=reading_queries.reading_list(marks.reader_id(viewer)),
        words=words,
    )


@blueprint.post("/me/reading-list/<int:entry>")
@allow(signed_in)
def mark(entry: int) -> ResponseReturnValue:
    done = marks.change(marks.reader_id(viewer), entry, request.form.get("to", "add"))
    return see_other("library.reading_list", done=find_or_404(done))
