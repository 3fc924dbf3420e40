"""Where coordinators bring a small list for their alliance, see what it says, and ask staff."""

from __future__ import annotations

from collections.abc import Callable

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.policy import require_fresh
from app.alliances import queries as alliances
from app.alliances.models import Alliance
from app.alliances.policy import coordinates
from app.foundation import queue, tables
from app.foundation.forms import Form
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, takes_files, viewer
from app.foundation.web import find_or_404, see_other
from app.moving import headings, own, reading, staging, words
from app.moving.blueprint import blueprint
from app.moving.forms import OwnFileForm, chosen_columns, columns_form
from app.moving.lists import OWN_ROWS, OWN_RUNS, rows_of
from app.moving.models import ImportRun, ImportState
from app.moving.own import Brought, OwnProgress
from app.moving.reading import NotATable
from app.moving.reports import counts

notices(
    list_asked=_l("Staff are asked. You get a mail when they have decided."),
    list_taken_back=_l("Staff are not asked any more. You may change it now."),
)


@blueprint.get("/desk/<alliance>/imports/")
@allow(coordinates)
def own_lists(alliance: str) -> ResponseReturnValue:
    return _list_page(_alliance(alliance), OwnFileForm())


@blueprint.post("/desk/<alliance>/imports/")
@allow(coordinates)
@takes_files
def bring_own(alliance: str) -> ResponseReturnValue:
    found, form = _alliance(alliance), OwnFileForm()
    if not form.validate_on_submit():
        return _list_page(found, form), 422
    try:
        run = own.bring(found, _read(form), viewer.person_id)
    except NotATable as error:
        form.add_error("file", str(error))
        return _list_page(found, form), 422
    return see_other("moving.own_list", alliance=alliance, run_id=run.id)


def _read(form: OwnFileForm) -> Brought:
    sent = form.file.data
    content = sent.read() if sent else (form.pasted.data or "").encode()
    name = sent.filename if sent else _("pasted rows")
    return Brought(str(name), content, reading.read(content))


@blueprint.get("/desk/<alliance>/imports/<int:run_id>")
@allow(coordinates)
def own_list(alliance: str, run_id: int) -> ResponseReturnValue:
    found = _alliance(alliance)
    run = _run(found, run_id)
    if request.args.get("format") == "csv":
        require_fresh()
        return tables.csv_of(OWN_ROWS, rows_of(run))
    return _run_page(found, run)


@blueprint.get("/desk/<alliance>/imports/<int:run_id>/progress.json")
@allow(coordinates)
def own_progress(alliance: str, run_id: int) -> ResponseReturnValue:
    run = _run(_alliance(alliance), run_id)
    return jsonify(OwnProgress(run, counts(run)).as_json())


@blueprint.post("/desk/<alliance>/imports/<int:run_id>/columns")
@allow(coordinates)
def name_own_columns(alliance: str, run_id: int) -> ResponseReturnValue:
    found = _alliance(alliance)
    run = _run(found, run_id, lock=True)
    form = columns_form(run)
    if not form.validate_on_submit():
        return _run_page(found, run, form), 422
    if run.state not in (ImportState.STAGED, ImportState.JUDGED) or own.is_asked(run):
        return see_other("moving.own_list", alliance=alliance, run_id=run_id, done=TOO_LATE)
    staging.name_columns(run, chosen_columns(form))
    queue.after_commit("moving.judge", run.id)
    return see_other("moving.own_list", alliance=alliance, run_id=run_id)


TOO_LATE = "import-too-late"


@blueprint.post("/desk/<alliance>/imports/<int:run_id>/ask")
@allow(coordinates)
def ask_staff(alliance: str, run_id: int) -> ResponseReturnValue:
    return _try(alliance, run_id, own.ask, "list-asked")


@blueprint.post("/desk/<alliance>/imports/<int:run_id>/take-back")
@allow(coordinates)
def ask_no_longer(alliance: str, run_id: int) -> ResponseReturnValue:
    return _try(alliance, run_id, own.take_back, "list-taken-back")


def _try(
    alliance: str, run_id: int, act: Callable[[ImportRun], None], done: str
) -> ResponseReturnValue:
    try:
        act(_run(_alliance(alliance), run_id, lock=True))
    except staging.NotNow:
        done = TOO_LATE
    return see_other("moving.own_list", alliance=alliance, run_id=run_id, done=done)


def _list_page(alliance: Alliance, form: OwnFileForm) -> str:
    page = tables.page_of(OWN_RUNS, own.of_alliance(alliance.id))
    return render_template(
        "moving/own_lists.html", alliance=alliance, page=page, form=form, words=words, own=own
    )


def _run_page(alliance: Alliance, run: ImportRun, form: Form | None = None) -> str:
    return render_template(
        "moving/own_list.html",
        alliance=alliance,
        run=run,
        progress=OwnProgress(run, counts(run)),
        columns=form or columns_form(run),
        page=tables.page_of(OWN_ROWS, rows_of(run), export=True),
        words=words,
        lacking=headings.lacking(run.columns, run.kind),
        asked=own.is_asked(run),
    )


def _alliance(slug: str) -> Alliance:
    return find_or_404(alliances.by_slug(slug))


def _run(alliance: Alliance, run_id: int, *, lock: bool = False) -> ImportRun:
    return find_or_404(own.one_of(alliance.id, run_id, lock=lock))
