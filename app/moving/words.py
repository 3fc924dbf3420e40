"""What kinds, states and outcomes of imports are called on pages."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.moving import headings, reports
from app.moving.models import ImportKind, ImportRun, ImportState, Outcome

KINDS = {
    ImportKind.DO_NOT_EMAIL: _l("Addresses we must not write to"),
    ImportKind.ALLIANCES: _l("Alliances"),
    ImportKind.PEOPLE: _l("People"),
    ImportKind.ORGANIZATIONS: _l("Organizations"),
    ImportKind.EVENTS: _l("Past events, and who was there"),
}
STATES = {
    ImportState.STAGING: (_l("Being read"), "due"),
    ImportState.STAGED: (_l("Say which column is what"), "due"),
    ImportState.JUDGING: (_l("Being looked through"), "due"),
    ImportState.JUDGED: (_l("Look at it, then import"), "due"),
    ImportState.APPLYING: (_l("Being imported"), "due"),
    ImportState.APPLIED: (_l("Imported"), "ok"),
    ImportState.UNDONE: (_l("Taken back"), "off"),
}
RECOGNIZED = (_l("The columns are recognized"), "due")
ASKED = (_l("Waits for staff"), "due")


def state_of(run: ImportRun) -> tuple[LazyString, str]:
    """Its word and tone; a list that waits for staff, or whose columns are known, says so."""
    if run.state == ImportState.JUDGED and run.approval_asked_at is not None:
        return ASKED
    if run.state == ImportState.STAGED and _is_recognized(run):
        return RECOGNIZED
    return STATES[run.state]


def _is_recognized(run: ImportRun) -> bool:
    """Whether something is taken from each column, and nothing is lacking."""
    return not (reports.passed_over(run) or any(headings.lacking(run.columns, run.kind)))


OUTCOMES = {
    Outcome.NEW: (_l("New"), "ok"),
    Outcome.CHANGED: (_l("Changed"), "due"),
    Outcome.SAME: (_l("Here already"), "off"),
    Outcome.REFUSED: (_l("Refused"), "no"),
}
OWN_OUTCOMES = {
    **OUTCOMES,
    Outcome.NEW: (_l("Valid"), "ok"),
    Outcome.CHANGED: (_l("Valid"), "ok"),
}
"""For coordinators: whether somebody is known elsewhere is not theirs to learn."""
