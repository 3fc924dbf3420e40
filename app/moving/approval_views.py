"""Where staff say no to a coordinator's list; they say yes by importing it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.foundation.db import db
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff
from app.foundation.web import find_or_404, see_other
from app.moving import own, staging
from app.moving.blueprint import blueprint
from app.moving.forms import NotApprovedForm
from app.moving.models import ImportRun

notices(list_declined=_l("Not imported. The coordinators got your reason by mail."))


@blueprint.get("/staff/imports/<int:run_id>/decline")
@allow(staff)
def decline_list(run_id: int) -> ResponseReturnValue:
    return _page(_found(run_id), NotApprovedForm())


@blueprint.post("/staff/imports/<int:run_id>/decline")
@allow(staff)
def do_decline_list(run_id: int) -> ResponseReturnValue:
    found, form = _found(run_id), NotApprovedForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        own.decline(found, typed(form.reason))
    except staging.NotNow:
        return see_other("moving.run", run_id=run_id, done="import-too-late")
    return see_other("moving.run", run_id=run_id, done="list-declined")


def _page(found: ImportRun, form: NotApprovedForm) -> str:
    return render_template("moving/decline_list.html", run=found, form=form)


def _found(run_id: int) -> ImportRun:
    return find_or_404(db.get(ImportRun, run_id, with_for_update=True))
