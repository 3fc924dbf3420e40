"""What a coordinator types to write to people."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app.digests.announcements import Draft
from app.digests.forms import VersionedForm
from app.digests.models import Announcement
from app.foundation.forms import Form, line, lines, typed


class AnnouncementForm(VersionedForm):
    """A subject and a text."""

    subject = line(_l("Subject"), most=150)
    body = lines(
        _l("What do you want to say?"),
        required=True,
        hint=_l("Markdown: **bold**, [words](https://…), lists. It begins with the reader's name."),
        rows=12,
    )

    @classmethod
    def of(cls, found: Announcement) -> AnnouncementForm:
        return cls(subject=found.subject, body=found.body, version=str(found.version))

    def draft(self) -> Draft:
        return Draft(subject=typed(self.subject), body=self.body.data or "")


class SendLetterForm(Form):
    """The number of people that stood on the page when somebody pressed Send."""

    people = HiddenField()

    def number(self) -> int:
        raw = str(self.people.data)
        return int(raw) if raw.isdecimal() and len(raw) < 10 else 0
