"""Consent given elsewhere that waits for a second person, for the list of what waits for staff."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.accounts import approvals
from app.accounts.approvals import Waiting
from app.foundation.db import db
from app.moving import consents
from app.moving.models import ImportRun


def waiting() -> list[Waiting]:
    """Those that nobody confirmed yet; each is carried over by itself when its hour is over."""
    return [
        Waiting(
            title=_("Consent given elsewhere"),
            what=_describe(run),
            endpoint="moving.run",
            values={"run_id": run.id},
            since=asked_at,
            until=asked_at + consents.WAIT,
        )
        for run, asked_at in db.execute(
            select(ImportRun, ImportRun.consent_asked_at).where(*consents.WAITING)
        )
        if asked_at is not None
    ]


def _describe(run: ImportRun) -> str:
    number = consents.count_willing(run)
    return str(
        ngettext(
            "%(file)s: %(number)s person agreed to mail.",
            "%(file)s: %(number)s people agreed to mail.",
            number,
            file=run.file_name,
            number=f"{number:,}",
        )
    )


approvals.register(waiting)
