"""An announcement as one reader gets it: to look at, and as a test to whoever writes it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.digests import announcements
from app.digests.announcement_kind import copy_for, frame, words_of
from app.digests.models import Announcement
from app.digests.preview import Sheet, reader_of, sheet_of
from app.foundation import clock
from app.foundation.db import db
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Address, Person

TEST = "digests/letter_test"


def sheet(found: Announcement, person_id: int, *, real_links: bool) -> Sheet:
    """The copy of one person; without real links they lead nowhere."""
    purpose = announcements.whom(found).purpose
    reader = reader_of(db.get_one(Person, person_id), purpose, real_links=real_links)
    words = words_of(found)
    return sheet_of(copy_for(frame(words, reader.language), reader))


def send_test(found: Announcement, person_id: int) -> bool:
    """Send it to whoever writes it, once a minute at most; False without an address."""
    person = db.get_one(Person, person_id)
    address = db.get(Address, person.address_id) if person.address_id else None
    if address is None or address.email is None:
        return False
    copy = sheet(found, person_id, real_links=True)
    notice = Notice(
        kind=TEST,
        subject=str(_("Test: %(subject)s", subject=copy.subject)),
        text=copy.text,
        html=copy.html,
        person_id=person.id,
    )
    minute = int(clock.now().timestamp() // 60)
    once = f"{TEST}:{found.id}:{found.version}:{person.id}:{minute}"
    outbox.post(address, notice, once=once)
    return True
