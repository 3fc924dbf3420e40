"""Where staff bring a file: read it, look at what would happen, do it, take it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.audit import audit
from app.accounts.policy import require_fresh
from app.alliances.models import Alliance
from app.foundation import queue, tables
from app.foundation.db import db
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, takes_files, viewer
from app.foundation.web import find_or_404, see_other
from app.moving import (
    applying,
    consents,
    headings,
    mails,
    own,
    reading,
    reports,
    staging,
    undoing,
    words,
)
from app.moving.blueprint import blueprint
from app.moving.forms import BOUNCED, ApplyForm, FileForm, chosen_columns, columns_form
from app.moving.lists import ROWS, RUNS, rows_of
from app.moving.models import ImportKind, ImportRun, ImportState
from app.moving.progress import progress
from app.moving.reading import NotATable

notices(
    import_applied=_l("The import has begun."),
    import_undone=_l(
        "The import is taken back. Who did something since, or is in another list, stays."
    ),
    import_too_late=_l("It was too late for that: see how it stands now."),
    import_lists_first=_l(
        "First import the addresses we must not write to, or say there are none."
    ),
)


@blueprint.get("/staff/imports/")
@allow(staff)
def listing() -> ResponseReturnValue:
    return _list_page(FileForm())


@blueprint.post("/staff/imports/")
@allow(staff)
@takes_files
def bring() -> ResponseReturnValue:
    """Only reads the file: importing it asks who one is, and then no file must be chosen again."""
    form = FileForm()
    if not form.validate_on_submit():
        return _list_page(form), 422
    try:
        run = _brought(form)
    except NotATable as error:
        form.add_error("file", str(error))
        return _list_page(form), 422
    return see_other("moving.run", run_id=run.id)


def _brought(form: FileForm) -> ImportRun:
    """The run for what was sent, with its rows. Raises NotATable."""
    sent = form.file.data
    content = sent.read() if sent else (form.pasted.data or "").encode()
    table = reading.read(content)
    name = sent.filename if sent else _("pasted rows")
    kind = ImportKind.DO_NOT_EMAIL if form.kind.data == BOUNCED else ImportKind(form.kind.data)
    if form.kind.data == BOUNCED:
        content, table = staging.all_bounced(content, table)
    run = staging.begin(kind, content, table, file_name=str(name), by=viewer.person_id)
    staging.stage_at_once(run, table)
    if run.state == ImportState.JUDGED:
        run.state = ImportState.STAGED  # brought again: what was missing may be here by now
    audit("moving", "file brought", run.id)
    return run


@blueprint.get("/staff/imports/<int:run_id>")
@allow(staff)
def run(run_id: int) -> ResponseReturnValue:
    found = _found(run_id)
    if request.args.get("format") == "csv":
        require_fresh()
        return tables.csv_of(ROWS, rows_of(found))
    return _run_page(found)


@blueprint.get("/staff/imports/<int:run_id>/progress.json", endpoint="progress")
@allow(staff)
def progress_json(run_id: int) -> ResponseReturnValue:
    return jsonify(progress(_found(run_id)).as_json())


@blueprint.post("/staff/imports/<int:run_id>/columns")
@allow(staff)
def name_columns(run_id: int) -> ResponseReturnValue:
    found = _found(run_id)
    form = columns_form(found)
    if not form.validate_on_submit():
        return _run_page(found, form), 422
    if found.state not in (ImportState.STAGED, ImportState.JUDGED):
        return see_other("moving.run", run_id=run_id, done="import-too-late")
    staging.name_columns(found, chosen_columns(form))
    queue.after_commit("moving.judge", found.id)
    return see_other("moving.run", run_id=run_id)


@blueprint.post("/staff/imports/<int:run_id>/apply")
@allow(staff)
def apply(run_id: int) -> ResponseReturnValue:
    require_fresh()
    found = _found(run_id)
    found.lists_first = bool(ApplyForm().no_lists.data) or applying.has_lists()
    return _try(found, applying.begin, "import-applied")


@blueprint.post("/staff/imports/<int:run_id>/undo")
@allow(staff)
def undo(run_id: int) -> ResponseReturnValue:
    require_fresh()
    return _try(_found(run_id), undoing.undo, "import-undone")


def _try(found: ImportRun, act: Callable[[ImportRun], Any], done: str) -> ResponseReturnValue:
    """Do it and show the import, or say what stands in the way."""
    try:
        act(found)
    except applying.ListsFirst:
        done = "import-lists-first"
    except staging.NotNow:
        done = "import-too-late"
    return see_other("moving.run", run_id=found.id, done=done)


def _list_page(form: FileForm) -> str:
    page = tables.page_of(RUNS, select(ImportRun))
    return render_template("moving/imports.html", page=page, form=form, words=words)


def _run_page(found: ImportRun, form: Any = None) -> str:
    return render_template(
        "moving/import.html",
        run=found,
        progress=progress(found),
        columns=form or columns_form(found),
        page=tables.page_of(ROWS, rows_of(found), export=True),
        kept=reports.count_kept(found) if found.state == ImportState.UNDONE else 0,
        remarked=reports.count_remarked(found),
        lacking=headings.lacking(found.columns, found.kind),
        passed_over=reports.passed_over(found),
        apply_form=ApplyForm(formdata=None),
        has_lists=applying.has_lists(),
        willing=consents.count_willing(found),
        to_ask=0 if found.asked_at else mails.count_to_ask(found),
        may_confirm=consents.may_confirm(found, viewer.person_id),
        alliance=db.get(Alliance, found.alliance_id) if found.alliance_id else None,
        asked=own.is_asked(found),
        words=words,
    )


def _found(run_id: int) -> ImportRun:
    return find_or_404(db.get(ImportRun, run_id))
