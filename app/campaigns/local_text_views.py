"""Making a text one's own at the desk: fill in the place, add clauses, keep within the limits."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.campaigns import (
    clause_forms,
    clauses,
    model_texts,
    text_checks,
    text_points,
    texts,
)
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.clause_forms import LocalTextForm
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.measure_models import Measure
from app.campaigns.text_models import TextVersion
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other

notices(campaign_clauses=_l("This version of the text is saved. Here are its papers."))


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/text/clauses", methods=["GET", "POST"]
)
@allow(coordinates)
def text_clauses(alliance: str, measure_id: int) -> ResponseReturnValue:
    """The newest version or a model text by clause; buttons change the page, only one saves."""
    measure = campaign_or_404(alliance, measure_id)
    form, do = _form(measure), request.form.get("do", "")
    if do == "look":
        return _standing(measure, form)
    if do != "save" or not form.validate_on_submit():
        return _page(measure, form, do), 422 if form.errors else 200
    try:
        _save(measure, form)
    except texts.NewerVersion as newer:
        return _page(measure, form.told_of(newer), do), 409
    return see_other(
        "campaigns.papers", alliance=alliance, measure_id=measure_id, done="campaign-clauses"
    )


def _form(measure: Measure) -> LocalTextForm:
    newest = texts.version(measure.id)
    if request.method == "POST":
        points = text_points.offered(texts.parts_of(newest) if newest else ())
        return clause_forms.sent(LocalTextForm, points)
    base = str(newest.number) if newest else "0"
    slug = request.args.get("model")
    if slug is not None:
        return _from_model(measure, _offered_or_404(slug), base)
    points = text_points.offered(texts.parts_of(newest) if newest else ())
    rows = clause_forms.rows_of(newest, points)
    title = newest.title if newest else measure.title
    return clause_forms.opened(LocalTextForm, rows, points, title=title, base=base)


def _from_model(measure: Measure, version: TextVersion, base: str) -> LocalTextForm:
    """A model text with what we know of the campaign filled in."""
    values = model_texts.values_of(measure)
    points = text_points.offered(texts.parts_of(version))
    rows = clause_forms.filled(clause_forms.rows_of(version, points), values)
    return clause_forms.opened(
        LocalTextForm,
        rows,
        points,
        title=clauses.filled(version.title, values),
        base=base,
        model_version=str(version.id),
    )


def _offered_or_404(slug: str) -> TextVersion:
    model = find_or_404(model_texts.offered(slug))
    return find_or_404(texts.version_of_model(model.id))


def _save(measure: Measure, form: LocalTextForm) -> None:
    begun = model_texts.version_with(form.model_version_id())
    texts.save(
        measure,
        form.draft(),
        by_id=viewer.person_id,
        adopted=bool(form.adopted.data),
        model_version_id=begun,
    )


def _standing(measure: Measure, form: LocalTextForm) -> str:
    draft = form.draft()
    return render_template(
        "campaigns/_limits.html", limits=text_checks.standing(measure, draft.parts)
    )


def _page(measure: Measure, form: LocalTextForm, do: str) -> str:
    shown = clause_forms.again(LocalTextForm, form) if do not in ("", "save") else form
    title, parts = shown.title.data or "", shown.parts()
    return render_template(
        "campaigns/text_clauses.html",
        alliance=measure.alliance,
        measure=measure,
        form=shown,
        names=clause_forms.NAMES,
        rows=shown.typed_rows(),
        uses=text_points.uses(text_points.of_measure(measure)),
        slots=[name.strip("[]") for name in clauses.open_slots(title, parts)],
        limits=text_checks.standing(measure, parts),
        own=True,
        words=words,
    )
