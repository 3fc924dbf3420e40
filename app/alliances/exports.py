"""The list of members as a file: noted for each of them, in the audit, and told to staff."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _
from sqlalchemy import insert

from app.accounts.audit import audit
from app.accounts.queries import staff
from app.alliances import mails, queries
from app.alliances.models import Alliance
from app.foundation import clock
from app.foundation.db import db
from app.foundation.policy import viewer
from app.foundation.tables import csv_response
from app.people.models import Disclosure


def members_file(alliance: Alliance, *, role: str) -> Response:
    """Active members as CSV, without those known only to the coordinator."""
    found = queries.exported(alliance.id)
    if found:
        db.execute(
            insert(Disclosure),
            [
                {
                    "person_id": membership.person_id,
                    "viewer_id": viewer.person_id,
                    "role": role,
                    "what": f"list of members, {alliance.name}",
                    "at": clock.now(),
                }
                for membership in found
            ],
        )
    audit("alliances", "members exported", alliance.id, number=len(found))
    mails.exported(alliance, viewer.person_name, role, len(found), staff())
    heads = [_("Name"), _("E-mail address"), _("Phone"), _("City"), _("State"), _("Since")]
    rows = [
        [
            membership.person.name,
            membership.person.address.email if membership.person.address else "",
            membership.person.phone,
            membership.person.city,
            membership.person.state,
            membership.since.date().isoformat(),
        ]
        for membership in found
    ]
    return csv_response(f"members-{alliance.slug}.csv", heads, rows)
