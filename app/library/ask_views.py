"""Where national staff write asks with their local form, and situations with their timelines."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff
from app.foundation.web import find_or_404, see_other
from app.library import asking, indexing, partial, queries, reading_queries, words
from app.library.blueprint import blueprint
from app.library.models import Ask
from app.library.reading_models import Situation
from app.library.source_forms import AskForm, SituationForm, StepForm

notices(
    ask_written=_l("The request is saved."),
    situation_written=_l("The situation is saved."),
    step_added=_l("The timeline is longer by one line."),
)


@blueprint.get("/staff/library/asks/")
@allow(staff)
def asks() -> ResponseReturnValue:
    return render_template("library/asks.html", asks=queries.asks(), words=words)


@blueprint.route("/staff/library/asks/new", methods=["GET", "POST"])
@allow(staff)
def new_ask() -> ResponseReturnValue:
    form = _ask_form()
    if request.method == "GET":
        found = queries.recommendation(request.args.get("for", ""))
        form.recommendation.data = str(found.id) if found else ""
    return _saved_ask(form, None)


@blueprint.route("/staff/library/asks/<key>", methods=["GET", "POST"])
@allow(staff)
def edit_ask(key: str) -> ResponseReturnValue:
    ask = find_or_404(queries.ask(key))
    form = _ask_form(ask)
    if request.method == "GET":
        form.recommendation.data = str(ask.recommendation_id or "")
    return _saved_ask(form, ask)


@blueprint.route("/staff/library/situations/new", methods=["GET", "POST"])
@allow(staff)
def new_situation() -> ResponseReturnValue:
    form = SituationForm()
    if form.validate_on_submit():
        made = asking.write_situation(form.told())
        return see_other("library.situation", key=made.key, done="situation-written")
    return _situation_page(form, None)


@blueprint.route("/staff/library/situations/<key>", methods=["GET", "POST"])
@allow(staff)
def edit_situation(key: str) -> ResponseReturnValue:
    found = find_or_404(reading_queries.situation(key))
    form = SituationForm(obj=found)
    if form.validate_on_submit():
        asking.write_situation(form.told(), found)
        return see_other("library.situation", key=key, done="situation-written")
    return _situation_page(form, found)


@blueprint.route("/staff/library/situations/<key>/step", methods=["GET", "POST"])
@allow(staff)
def add_step(key: str) -> ResponseReturnValue:
    found = find_or_404(reading_queries.situation(key))
    form = StepForm()
    if form.validate_on_submit():
        try:
            asking.add_step(found, form.told())
            return see_other("library.situation", key=key, done="step-added")
        except asking.SameStep:
            form.add_error("on", _("The timeline has this step on this date already."))
    steps = reading_queries.steps_of(key)
    page = render_template(
        "library/step.html", situation=found, form=form, steps=steps, partial=partial, words=words
    )
    return page, 422 if form.errors else 200


def _ask_form(ask: Ask | None = None) -> AskForm:
    form = AskForm(obj=ask)
    form.offer((each.id, f"{each.code} {each.title}") for each in queries.main_recommendations())
    return form


def _saved_ask(form: AskForm, ask: Ask | None) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return render_template("library/edit_ask.html", form=form, ask=ask), (
            422 if form.errors else 200
        )
    saved = asking.write_ask(form.told(), ask)
    followed = queries.main_recommendations()
    code = next((each.code for each in followed if each.id == saved.recommendation_id), None)
    if code is None:
        return see_other("library.asks", done="ask-written")
    return see_other("library.recommendation", code=indexing.slug(code), done="ask-written")


def _situation_page(form: SituationForm, found: Situation | None) -> ResponseReturnValue:
    page = render_template("library/edit_situation.html", form=form, situation=found)
    return page, 422 if form.errors else 200
