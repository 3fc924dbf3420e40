"""Consent given elsewhere: one of staff asks to carry it over, another confirms or stops it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.policy import require_fresh
from app.foundation import queue, uploads
from app.foundation.db import db
from app.foundation.forms import chosen, typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, staff, takes_files, viewer
from app.foundation.web import find_or_404, see_other
from app.moving import consents, staging
from app.moving.blueprint import blueprint
from app.moving.consents import Record
from app.moving.forms import ConsentForm
from app.moving.models import ImportRun

notices(
    consent_asked=_l("Asked. It counts when a second person confirms, or in an hour."),
    consent_confirmed=_l("Carried over. These people get our mail from now on."),
    consent_stopped=_l("Stopped. Nothing is carried over."),
    consent_same_person=_l("A second person must confirm it, or the hour must pass."),
    permission_asked=_l("One mail goes to each of them, once."),
)


@blueprint.get("/staff/imports/<int:run_id>/consent")
@allow(staff)
def consent(run_id: int) -> ResponseReturnValue:
    require_fresh()
    return _page(_found(run_id), ConsentForm())


@blueprint.post("/staff/imports/<int:run_id>/consent")
@allow(staff)
@takes_files
def ask_consent(run_id: int) -> ResponseReturnValue:
    require_fresh()
    found, form = _found(run_id), ConsentForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    try:
        evidence = uploads.keep_document(form.evidence.data, by=viewer.person_id)
    except uploads.Refused as refused:
        form.add_error("evidence", str(refused.words))
        return _page(found, form), 422
    record = Record(typed(form.source), chosen(form.given_on), typed(form.wording), evidence.id)
    return _asked(found, record)


def _asked(found: ImportRun, record: Record) -> ResponseReturnValue:
    try:
        consents.ask(found, record, viewer.person_id)
    except consents.NothingAsked:
        return see_other("moving.run", run_id=found.id, done="import-too-late")
    return see_other("moving.run", run_id=found.id, done="consent-asked")


@blueprint.post("/staff/imports/<int:run_id>/consent/confirm")
@allow(staff)
def confirm_consent(run_id: int) -> ResponseReturnValue:
    require_fresh()
    try:
        consents.confirm(_found(run_id), viewer.person_id)
    except consents.SamePerson:
        return see_other("moving.run", run_id=run_id, done="consent-same-person")
    except consents.NothingAsked:
        return see_other("moving.run", run_id=run_id, done="import-too-late")
    return see_other("moving.run", run_id=run_id, done="consent-confirmed")


@blueprint.post("/staff/imports/<int:run_id>/consent/stop")
@allow(staff)
def stop_consent(run_id: int) -> ResponseReturnValue:
    try:
        consents.stop(_found(run_id))
    except consents.NothingAsked:
        return see_other("moving.run", run_id=run_id, done="import-too-late")
    return see_other("moving.run", run_id=run_id, done="consent-stopped")


@blueprint.get("/staff/imports/<int:run_id>/evidence")
@allow(staff)
def evidence(run_id: int) -> ResponseReturnValue:
    found = _found(run_id)
    kept = db.get(uploads.Upload, found.consent_evidence_id) if found.consent_evidence_id else None
    return uploads.answer(find_or_404(kept), f"evidence-{run_id}")


@blueprint.post("/staff/imports/<int:run_id>/ask")
@allow(staff)
def ask_permission(run_id: int) -> ResponseReturnValue:
    """One mail to each who may not be written to."""
    require_fresh()
    try:
        consents.ask_by_mail(_found(run_id))
    except staging.NotNow:
        return see_other("moving.run", run_id=run_id, done="import-too-late")
    queue.after_commit("moving.sweep")
    return see_other("moving.run", run_id=run_id, done="permission-asked")


def _page(found: ImportRun, form: ConsentForm) -> str:
    willing = consents.count_willing(found)
    return render_template("moving/consent.html", run=found, form=form, willing=willing)


def _found(run_id: int) -> ImportRun:
    return find_or_404(db.get(ImportRun, run_id))
