"""The one single mail of this domain: an issue as a test, to the person who asks for it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.digests import preview
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.db import db
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Address, Person

NAME = "digests/test"


class NothingToSend(Exception):
    """The person has no address, or their copy would be empty."""


def send_test(issue: Issue, person_id: int) -> str:
    """Send an issue to a person themselves, once a minute at most; the address it went to."""
    person = db.get_one(Person, person_id)
    address = db.get(Address, person.address_id) if person.address_id else None
    sheet = preview.sheet(issue, person, real_links=True)
    if sheet is None or address is None or address.email is None:
        raise NothingToSend
    notice = Notice(
        kind=NAME,
        subject=str(_("Test: %(subject)s", subject=sheet.subject)),
        text=sheet.text,
        html=sheet.html,
        person_id=person.id,
    )
    minute = int(clock.now().timestamp() // 60)
    once = f"{NAME}:{issue.id}:{issue.version}:{person.id}:{minute}"
    outbox.post(address, notice, once=once)
    return address.email
