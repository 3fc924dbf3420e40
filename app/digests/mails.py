"""The one single mail of this domain: a copy as a test, to the person who asks for it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.digests import preview
from app.digests.models import Issue
from app.digests.preview import Sheet
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
    sheet = preview.sheet(issue, person, real_links=True)
    sent_to = post_test(NAME, f"{issue.id}:{issue.version}", sheet, person) if sheet else None
    if sent_to is None:
        raise NothingToSend
    return sent_to


def post_test(kind: str, what: str, sheet: Sheet, person: Person) -> str | None:
    """Post a copy as a test, once a minute at most; the address, or None without one."""
    address = db.get(Address, person.address_id) if person.address_id else None
    if address is None or address.email is None:
        return None
    notice = Notice(
        kind=kind,
        subject=str(_("Test: %(subject)s", subject=sheet.subject)),
        text=sheet.text,
        html=sheet.html,
        person_id=person.id,
    )
    minute = int(clock.now().timestamp() // 60)
    outbox.post(address, notice, once=f"{kind}:{what}:{person.id}:{minute}")
    return address.email
