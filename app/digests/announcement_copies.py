"""An announcement as one reader gets it: to look at, and as a test to whoever writes it."""

from __future__ import annotations

from app.digests import announcements, mails
from app.digests.announcement_kind import copy_for, frame, words_of
from app.digests.models import Announcement
from app.digests.preview import Sheet, reader_of, sheet_of
from app.foundation.db import db
from app.people.models import Person

TEST = "digests/letter_test"


def sheet(found: Announcement, person_id: int, *, real_links: bool, to_language: str = "") -> Sheet:
    """The copy of one person, in their own language if none is named; without real links they
    lead nowhere."""
    purpose = announcements.whom(found).purpose
    reader = reader_of(db.get_one(Person, person_id), purpose, real_links=real_links)
    words = words_of(found)
    return sheet_of(copy_for(frame(words, to_language or reader.language), reader))


def send_test(found: Announcement, person_id: int) -> bool:
    """Send it to whoever writes it, once a minute at most; False without an address."""
    copy = sheet(found, person_id, real_links=True)
    person = db.get_one(Person, person_id)
    return mails.post_test(TEST, f"{found.id}:{found.version}", copy, person) is not None
