"""Where national staff write the library: talking points, outcomes, analyses, statements."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.foundation import forms as fields
from app.foundation.forms import choices, typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, viewer
from app.foundation.uploads import Refused
from app.foundation.web import find_or_404, see_other
from app.library import actions, checks, points, queries, reading_queries
from app.library.blueprint import blueprint
from app.library.forms import AnalysisForm, CorrectionForm, OutcomeForm, PointForm, StatementForm
from app.library.reading_models import Analysis

notices(
    point_written=_l("It is in the message bank."),
    point_corrected=_l("Corrected; whoever uses the old wording was told."),
    point_withdrawn=_l("Withdrawn."),
    outcome_added=_l("The outcome is noted."),
    analysis_saved=_l("The analysis is saved."),
    statement_added=_l("The statement is noted."),
)


@blueprint.get("/staff/library/")
@allow(staff)
def desk() -> ResponseReturnValue:
    return render_template("library/desk.html", findings=checks.findings())


@blueprint.get("/staff/library/points/new")
@allow(staff)
def new_point() -> ResponseReturnValue:
    return render_template("library/new_point.html", form=_point_form())


@blueprint.post("/staff/library/points/new")
@allow(staff)
def write_point() -> ResponseReturnValue:
    form = _point_form()
    if not form.validate_on_submit():
        return render_template("library/new_point.html", form=form), 422
    point = points.write(form.answers())
    return see_other("library.point", key=point.key, done="point-written")


@blueprint.get("/staff/library/points/<key>")
@allow(staff)
def correct_point(key: str) -> ResponseReturnValue:
    point = find_or_404(queries.point(key))
    form = CorrectionForm(words=point.words)
    return render_template("library/correct.html", point=point, form=form)


@blueprint.post("/staff/library/points/<key>")
@allow(staff)
def do_correct_point(key: str) -> ResponseReturnValue:
    point = find_or_404(queries.point(key))
    form = CorrectionForm()
    if not form.validate_on_submit():
        return render_template("library/correct.html", point=point, form=form), 422
    points.correct(point, typed(form.words), typed(form.why), fields.chosen(form.as_of))
    return see_other("library.point", key=key, done="point-corrected")


@blueprint.post("/staff/library/points/<key>/withdraw")
@allow(staff)
def withdraw_point(key: str) -> ResponseReturnValue:
    points.withdraw(find_or_404(queries.point(key)))
    return see_other("library.point", key=key, done="point-withdrawn")


@blueprint.get("/staff/library/recommendations/<code>")
@allow(staff)
def outcome(code: str) -> ResponseReturnValue:
    found = find_or_404(queries.recommendation(code))
    return render_template("library/outcome.html", recommendation=found, form=OutcomeForm())


@blueprint.post("/staff/library/recommendations/<code>")
@allow(staff)
def add_outcome(code: str) -> ResponseReturnValue:
    found, form = find_or_404(queries.recommendation(code)), OutcomeForm()
    if form.validate_on_submit():
        try:
            state = form.chosen_state()
            actions.add_outcome(found, state, typed(form.on), typed(form.note), typed(form.link))
            return see_other("library.recommendation", code=code, done="outcome-added")
        except actions.SameOutcome:
            form.add_error("on", _("This outcome stands there on this date already."))
    return render_template("library/outcome.html", recommendation=found, form=form), 422


@blueprint.get("/staff/library/analyses/new")
@allow(staff)
def new_analysis() -> ResponseReturnValue:
    return render_template("library/edit_analysis.html", form=_analysis_form(), analysis=None)


@blueprint.post("/staff/library/analyses/new")
@allow(staff)
def write_analysis() -> ResponseReturnValue:
    return _save_analysis(None)


@blueprint.get("/staff/library/analyses/<slug>")
@allow(staff)
def edit_analysis(slug: str) -> ResponseReturnValue:
    found = find_or_404(reading_queries.analysis(slug))
    form = _analysis_form(found)
    return render_template("library/edit_analysis.html", form=form, analysis=found)


@blueprint.post("/staff/library/analyses/<slug>")
@allow(staff)
def change_analysis(slug: str) -> ResponseReturnValue:
    return _save_analysis(slug)


@blueprint.get("/staff/library/statements/new")
@allow(staff)
def new_statement() -> ResponseReturnValue:
    return render_template("library/new_statement.html", form=StatementForm())


@blueprint.post("/staff/library/statements/new")
@allow(staff)
def add_statement() -> ResponseReturnValue:
    form = StatementForm()
    if not form.validate_on_submit():
        return render_template("library/new_statement.html", form=form), 422
    actions.add_statement(
        actions.StatementText(
            *(typed(form[name]) for name in actions.StatementText.__dataclass_fields__)
        )
    )
    return see_other("library.statements", done="statement-added")


def _save_analysis(slug: str | None) -> ResponseReturnValue:
    found = find_or_404(reading_queries.analysis(slug)) if slug else None
    form = _analysis_form()
    if form.validate_on_submit():
        try:
            saved = _saved(form, found)
            return see_other("library.analysis", slug=saved.slug, done="analysis-saved")
        except Refused as refused:
            form.add_error("document", str(refused.words))
    return render_template("library/edit_analysis.html", form=form, analysis=found), 422


def _saved(form: AnalysisForm, found: Analysis | None) -> Analysis:
    told = actions.AnalysisText(
        title=typed(form.title),
        teaser=typed(form.teaser),
        topics=typed(form.topics),
        situation_key=form.situation_key.data or None,
        as_of=typed(form.as_of),
        link=typed(form.link),
    )
    saved = actions.write_analysis(told, found)
    if form.correction.data:
        actions.correct_analysis(saved, typed(form.correction))
    if form.document.data:
        name = typed(form.document_name) or saved.title or saved.topics
        actions.attach(saved, form.document.data, name, by=viewer.person_id)
    return saved


def _analysis_form(found: Analysis | None = None) -> AnalysisForm:
    form = AnalysisForm(obj=found)
    none = [("", _l("None"))]
    form.situation_key.choices = choices(
        none + [(each.key, each.name) for each in reading_queries.situations()]
    )
    return form


def _point_form() -> PointForm:
    form, asks = PointForm(), queries.asks()
    none = [("", _l("None"))]
    form.source_key.choices = choices(none + [(each.key, each.title) for each in queries.sources()])
    form.ask_id.choices = choices(
        none + [(each.id, f"{code}: {each.title}" if code else each.title) for each, code in asks]
    )
    return form
