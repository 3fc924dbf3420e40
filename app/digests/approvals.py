"""Digests to many people that wait for a second person, for the list of what waits for staff."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts import approvals
from app.accounts.approvals import Waiting
from app.digests import kind, queries
from app.digests.models import Issue
from app.foundation.db import db
from app.mail.models import Mailing, MailingState


def waiting() -> list[Waiting]:
    """Those that nobody approved yet; each goes by itself in the end."""
    rows = db.execute(
        select(Issue, Mailing)
        .join(Mailing, Mailing.id == Issue.mailing_id)
        .where(Mailing.state == MailingState.SCHEDULED, Mailing.kind == kind.NAME)
    )
    return [
        Waiting(
            title=issue.subject,
            what=_("A digest to %(number)s people.", number=f"{mailing.facts['people']:,}"),
            endpoint="digests.issue",
            values={"issue_id": issue.id},
            since=mailing.created_at,
            until=mailing.due_at,
        )
        for issue, mailing in rows
        if queries.needs_second_person(mailing)
    ]


approvals.register(waiting)
