"""The papers of a campaign's text: files for the clerk and the sponsor, boxes to copy from."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.alliances.policy import coordinates
from app.campaigns import clauses, text_checks, text_papers, texts
from app.campaigns.blueprint import blueprint
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import TextVersion
from app.foundation.documents import docx_answer, pdf_answer
from app.foundation.policy import allow
from app.foundation.web import find_or_404

PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/papers")
@allow(coordinates)
def papers(alliance: str, measure_id: int) -> ResponseReturnValue:
    """Every file of a version, and its WHEREAS lines to copy."""
    measure = campaign_or_404(alliance, measure_id)
    version = _version_or_404(measure)
    parts = texts.parts_of(version)
    return render_template(
        "campaigns/papers.html",
        alliance=measure.alliance,
        measure=measure,
        version=version,
        numbers=texts.numbers(measure.id),
        whereas=text_papers.whereas(version),
        open_slots=clauses.open_slots(version.title, parts),
        limits=text_checks.standing(measure, parts),
    )


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/text.pdf")
@allow(coordinates)
def text_pdf(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    version = _version_or_404(measure)
    with_sources = "sources" in request.args
    values = text_papers.printed(measure, version, sources=with_sources)
    called = text_papers.name(measure, version)
    named = _("%(title)s with sources", title=called) if with_sources else called
    return pdf_answer(text_papers.PAPER, values, named)


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/text.docx")
@allow(coordinates)
def text_docx(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    version = _version_or_404(measure)
    manuscript = text_papers.manuscript(measure, version)
    return docx_answer(manuscript, text_papers.name(measure, version))


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/text.txt")
@allow(coordinates)
def text_plain(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    return text_papers.plain(measure, _version_or_404(measure)), 200, PLAIN


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/whereas.txt")
@allow(coordinates)
def whereas_plain(alliance: str, measure_id: int) -> ResponseReturnValue:
    """One WHEREAS on each line and nothing else, as the boxes of proclamation forms take it."""
    measure = campaign_or_404(alliance, measure_id)
    return f"{text_papers.whereas(_version_or_404(measure))}\n", 200, PLAIN


def _version_or_404(measure: Measure) -> TextVersion:
    """The version that the address names, or the newest; no text has a billion of them."""
    number = request.args.get("version", type=int)
    return find_or_404(texts.version(measure.id, number and min(number, 10**9)))
