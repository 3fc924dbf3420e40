"""How the site does, in sentences, for staff and administrators."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.foundation.findings import Level
from app.foundation.policy import allow, staff_or_admin
from app.upkeep import doing
from app.upkeep.blueprint import blueprint

TONES = {Level.OK: "ok", Level.WARN: "due", Level.FAIL: "no"}


@blueprint.get("/staff/health")
@allow(staff_or_admin)
def health() -> ResponseReturnValue:
    findings = list(doing.running())
    troubles = sum(finding.level != Level.OK for finding in findings)
    return render_template("upkeep/health.html", findings=findings, troubles=troubles, tones=TONES)
