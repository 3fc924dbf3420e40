"""The desk's pages about whole texts: paste one, begin with a model, compare versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import clauses, comparing, model_texts, text_checks, text_papers, texts
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.campaign_forms import TextForm
from app.campaigns.comparing import Side
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.measure_models import Measure
from app.campaigns.texts import Draft
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import see_other

notices(campaign_text=_l("This version of the text is saved."))


@blueprint.route("/desk/<alliance>/campaigns/<int:measure_id>/text", methods=["GET", "POST"])
@allow(coordinates)
def text(alliance: str, measure_id: int) -> ResponseReturnValue:
    """The whole text in one piece: pasted from elsewhere, or as the council adopted it."""
    measure = campaign_or_404(alliance, measure_id)
    form = TextForm(data=_newest_words(measure))
    if not form.validate_on_submit():
        return _text_page(measure, form), 422 if form.errors else 200
    parts = text_checks.with_marks(form.parts, texts.version(measure.id))
    draft = Draft(typed(form.title), parts, typed(form.note))
    texts.save(measure, draft, by_id=viewer.person_id, adopted=bool(form.adopted.data))
    return see_other(
        "campaigns.manage", alliance=alliance, measure_id=measure_id, done="campaign-text"
    )


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/compare")
@allow(coordinates)
def compare(alliance: str, measure_id: int) -> ResponseReturnValue:
    """Two versions clause by clause; without numbers, the newest with the one before."""
    measure = campaign_or_404(alliance, measure_id)
    return render_template(
        "campaigns/compare.html",
        alliance=measure.alliance,
        measure=measure,
        compared=comparing.chosen_or_404(_sides(measure)),
        opening=clauses.opening,
    )


def _sides(measure: Measure) -> Sequence[Side]:
    """The versions, and last the model that the newest was begun from, as far as we can fill it."""
    versions = texts.versions(measure.id)
    sides = comparing.of_versions(versions)
    begun = versions[0].model_version_id if versions else None
    model = texts.by_id(begun) if begun else None
    if model is None:
        return sides
    values = model_texts.values_of(measure)
    title = clauses.filled(model.title, values)
    name = str(_("The coalition's model text"))
    return [*sides, Side(comparing.MODEL, name, title, texts.localized(model, values))]


def _newest_words(measure: Measure) -> dict[str, Any]:
    """The newest version, in one piece; the address may say that this one is adopted."""
    newest = texts.version(measure.id)
    if newest is None:
        return {"title": measure.title}
    written = (str(line) for line in text_papers.written(measure, newest))
    return {
        "title": newest.title,
        "words": "\n\n".join(written),
        "adopted": "adopted" in request.args,
    }


def _text_page(measure: Measure, form: TextForm) -> str:
    return render_template(
        "campaigns/text.html",
        alliance=measure.alliance,
        measure=measure,
        form=form,
        models=() if form.adopted.data else model_texts.for_instrument(measure.instrument),
        limits=text_checks.standing(measure, clauses.parse(form.words.data or "")),
        title=_("Text"),
        words=words,
    )
