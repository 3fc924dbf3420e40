"""The desk's pages about texts: write, localize a model, compare versions, hand to the clerk."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import clauses, model_texts, text_checks, texts
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.campaign_forms import TextForm
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import TextVersion
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import see_other

notices(campaign_text=_l("This version of the text is saved."))


@blueprint.route("/desk/<alliance>/campaigns/<int:measure_id>/text", methods=["GET", "POST"])
@allow(coordinates)
def text(alliance: str, measure_id: int) -> ResponseReturnValue:
    """Write a version; the limits of the council are shown beside the form."""
    measure = campaign_or_404(alliance, measure_id)
    form = TextForm(data=_first_words(measure))
    if not form.validate_on_submit():
        return _text_page(measure, form), 422 if form.errors else 200
    previous = texts.versions(measure.id)
    parts = text_checks.with_marks(form.parts, previous)
    texts.save_version(
        measure, typed(form.title), parts, by_id=viewer.person_id, note=typed(form.note)
    )
    return see_other(
        "campaigns.manage", alliance=alliance, measure_id=measure_id, done="campaign-text"
    )


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/compare")
@allow(coordinates)
def compare(alliance: str, measure_id: int) -> ResponseReturnValue:
    """Two versions clause by clause; without numbers, the newest with the one before."""
    measure = campaign_or_404(alliance, measure_id)
    versions = texts.versions(measure.id)
    old, new = _pair(versions)
    return render_template(
        "campaigns/compare.html",
        alliance=measure.alliance,
        measure=measure,
        versions=versions,
        old=old,
        new=new,
        rows=clauses.compare(texts.parts_of(old), texts.parts_of(new)),
        opening=clauses.opening,
        words=words,
    )


def _pair(versions: Sequence[TextVersion]) -> tuple[TextVersion, TextVersion]:
    found = {version.number: version for version in versions}
    if len(found) < 2:
        abort(404)
    newest = max(found)
    old = request.args.get("old", newest - 1, type=int)
    new = request.args.get("new", newest, type=int)
    if old not in found or new not in found:
        abort(404)
    return found[old], found[new]


def _first_words(measure: Measure) -> dict[str, str]:
    """The newest version, or the model text that was chosen with what we know filled in."""
    versions = texts.versions(measure.id)
    if versions:
        return {
            "title": versions[0].title,
            "words": "\n\n".join(clauses.lines(texts.parts_of(versions[0]))),
        }
    return model_texts.first_words(measure, request.args.get("model", ""))


def _text_page(measure: Measure, form: TextForm) -> str:
    return render_template(
        "campaigns/text.html",
        alliance=measure.alliance,
        measure=measure,
        form=form,
        models=model_texts.for_instrument(measure.instrument),
        limits=text_checks.standing(measure, clauses.parse(form.words.data or "")),
        title=_("Text"),
    )
