"""Who signed up, as a file: noted for each of them and in the audit."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _
from sqlalchemy import insert

from app.accounts.audit import audit
from app.events import door, queries, words
from app.events.models import Event
from app.foundation import clock
from app.foundation.db import db
from app.foundation.policy import viewer
from app.foundation.tables import csv_response
from app.people.models import Disclosure


def sign_ups_file(event: Event, *, role: str) -> Response:
    """People with a seat or in line as CSV, without those known only to the coordinator."""
    found = queries.exported(event.id)
    if found:
        shared = {
            "viewer_id": viewer.person_id,
            "role": role,
            "what": f"sign-ups, {event.title}",
            "at": clock.now(),
        }
        db.execute(insert(Disclosure), [{"person_id": own.person_id, **shared} for own in found])
    audit("events", "sign-ups exported", event.id, number=len(found))
    came = door.let_in(event.id)
    rows = [
        [
            own.person.name,
            own.person.address.email if own.person.address else "",
            str(words.standing(own, event, came)[0]),
            own.place,
            own.seats,
            ", ".join(own.guests),
            "; ".join(f"{each['question']} {each['answer']}" for each in own.answers),
            _("yes") if own.no_photo else "",
        ]
        for own in found
    ]
    heads = [_("Name"), _("E-mail address"), _("Status"), _("Order")]
    heads += [_("Seats"), _("Guests"), _("Answers"), _("No photos")]
    return csv_response(f"sign-ups-{event.slug}.csv", heads, rows)
