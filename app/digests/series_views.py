"""Pages on which staff switch series on and off and plan them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import require_fresh
from app.digests import arrangement, rota, series, series_forms, series_rows, words
from app.digests.blueprint import blueprint
from app.digests.models import SeriesName
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff
from app.foundation.web import find_or_404, see_other

SHOWN = 6

notices(
    series_on=_l("It is on. You see below what goes out next, and can change or skip it."),
    series_off=_l("It is off. Nothing goes out by itself."),
    series_saved=_l("Saved. What goes out next follows it."),
)


@blueprint.get("/staff/digests/series")
@allow(staff)
def all_series() -> ResponseReturnValue:
    rows = [(series_rows.of(name), rota.latest(name, SHOWN)) for name in rota.EVERY]
    welcome = series_rows.of(SeriesName.WELCOME)
    return render_template("digests/series.html", rows=rows, welcome=welcome, words=words)


@blueprint.post("/staff/digests/series/<name>/<any(on, off):to>")
@allow(staff)
def switch_series(name: str, to: str) -> ResponseReturnValue:
    require_fresh()
    series.switch(_name(name, *SeriesName), on=to == "on")
    return see_other("digests.all_series", done=f"series-{to}")


@blueprint.get("/staff/digests/series/<name>")
@allow(staff)
def plan_series(name: str) -> ResponseReturnValue:
    return _plan_page(_name(name))


@blueprint.post("/staff/digests/series/<name>")
@allow(staff)
def save_series(name: str) -> ResponseReturnValue:
    found = series_rows.of(_name(name))
    placed = arrangement.arranged(found.sections)
    form = series_forms.series_form(found, placed)
    if not form.validate_on_submit():
        return _plan_page(found.name, form), 422
    try:
        series.save(found.name, form.plan(placed), version=form.read_version())
    except series.Stale:
        return _plan_page(found.name, form, theirs=True), 409
    return see_other("digests.all_series", done="series-saved")


def _plan_page(name: SeriesName, form: object = None, *, theirs: bool = False) -> str:
    found = series_rows.of(name)
    placed = arrangement.arranged(found.sections)
    if theirs:
        form = series_forms.series_form(found, placed)
        form.version.data = str(found.version)  # type: ignore[attr-defined]
    return render_template(
        "digests/plan_series.html",
        series=found,
        placed=placed,
        form=form or series_forms.series_form(found, placed),
        theirs=theirs,
        words=words,
    )


def _name(raw: str, *known: SeriesName) -> SeriesName:
    """A series that is known, or else that makes issues; or 404."""
    return find_or_404(next((name for name in known or rota.EVERY if name == raw), None))
