"""The model texts, which staff keep for all alliances: write by clause, compare, retire."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.campaigns import clause_forms, clauses, comparing, model_texts, text_points, texts
from app.campaigns import measure_words as words
from app.campaigns.blueprint import blueprint
from app.campaigns.clause_forms import ClausesForm, ModelTextForm
from app.campaigns.model_texts import About
from app.campaigns.text_models import ModelText, TextVersion
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.web import find_or_404, see_other

notices(
    model_text_saved=_l("This version of the model text is saved."),
    model_text_retired=_l("It is offered no more. Texts that were begun from it stay."),
    model_text_back=_l("It is offered again."),
)


@blueprint.get("/staff/model-texts")
@allow(staff)
def kept_model_texts() -> ResponseReturnValue:
    return render_template("campaigns/model_texts.html", kept=model_texts.all_kept(), words=words)


@blueprint.route("/staff/model-texts/new", methods=["GET", "POST"])
@allow(staff)
def new_model_text() -> ResponseReturnValue:
    form = _form(None, None)
    if request.form.get("do") != "save" or not form.validate_on_submit():
        return _page(None, None, _shown(form)), 422 if form.errors else 200
    model = model_texts.write(_about(form), form.draft(), by_id=viewer.person_id)
    return see_other("campaigns.change_model_text", slug=model.slug, done="model-text-saved")


@blueprint.route("/staff/model-texts/<slug>", methods=["GET", "POST"])
@allow(staff)
def change_model_text(slug: str) -> ResponseReturnValue:
    """Every saving is a new version; pages that were opened before the newest are told."""
    model = find_or_404(model_texts.by_slug(slug))
    version = texts.version_of_model(model.id)
    form = _form(model, version)
    if request.form.get("do") != "save" or not form.validate_on_submit():
        return _page(model, version, _shown(form)), 422 if form.errors else 200
    try:
        model_texts.change(model, _about(form), form.draft(), by_id=viewer.person_id)
    except texts.NewerVersion as newer:
        return _page(model, version, form.told_of(newer)), 409
    return see_other("campaigns.change_model_text", slug=slug, done="model-text-saved")


@blueprint.get("/staff/model-texts/<slug>/compare")
@allow(staff)
def compare_model_text(slug: str) -> ResponseReturnValue:
    """Two versions clause by clause; without numbers, the newest with the one before."""
    model = find_or_404(model_texts.by_slug(slug))
    sides = comparing.of_versions(texts.versions_of_model(model.id))
    return render_template(
        "campaigns/compare_model_text.html",
        model=model,
        compared=comparing.chosen_or_404(sides),
        opening=clauses.opening,
    )


@blueprint.post("/staff/model-texts/<slug>/retire")
@allow(staff)
def retire_model_text(slug: str) -> ResponseReturnValue:
    model_texts.retire(find_or_404(model_texts.by_slug(slug)))
    return see_other("campaigns.kept_model_texts", done="model-text-retired")


@blueprint.post("/staff/model-texts/<slug>/back")
@allow(staff)
def bring_model_text_back(slug: str) -> ResponseReturnValue:
    model_texts.bring_back(find_or_404(model_texts.by_slug(slug)))
    return see_other("campaigns.change_model_text", slug=slug, done="model-text-back")


def _form(model: ModelText | None, version: TextVersion | None) -> ModelTextForm:
    points = text_points.offered(texts.parts_of(version) if version else ())
    if request.method == "POST":
        return clause_forms.sent(ModelTextForm, points)
    values = {"base": str(version.number) if version else "0"}
    if model and version:
        named = ("title", "instrument", "about", "source_title", "source_url")
        values |= {name: str(getattr(model, name)) for name in named}
    return clause_forms.opened(
        ModelTextForm, clause_forms.rows_of(version, points), points, **values
    )


def _shown(form: ModelTextForm) -> ModelTextForm:
    """What was typed, moved by one of the buttons, or with what is wrong."""
    if request.method == "POST" and request.form.get("do") != "save":
        return clause_forms.again(ModelTextForm, form)
    return form


def _about(form: ModelTextForm) -> About:
    return About(
        form.chosen_instrument(),
        typed(form.about),
        typed(form.source_title),
        typed(form.source_url),
    )


def _page(model: ModelText | None, version: TextVersion | None, form: ClausesForm) -> str:
    uses = text_points.uses(text_points.of_model(model)) if model else {}
    return render_template(
        "campaigns/model_text.html",
        model=model,
        version=version,
        form=form,
        names=clause_forms.NAMES,
        rows=form.typed_rows(),
        uses=uses,
        campaigns=model_texts.campaigns_of(model.id) if model else (),
        slots=clauses.SLOTS,
        title=model.title if model else _("Write a model text"),
    )
