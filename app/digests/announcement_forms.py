"""What a coordinator types to write to people."""

from __future__ import annotations

from dataclasses import fields

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.digests.announcements import Draft
from app.digests.forms import VersionedForm
from app.digests.models import Announcement
from app.foundation.forms import ValidationError, line, lines, typed


class AnnouncementForm(VersionedForm):
    """A subject and a text, once more in Spanish if wanted."""

    subject = line(_l("Subject"), most=150)
    body = lines(
        _l("What do you want to say?"),
        required=True,
        hint=_l("Markdown: **bold**, [words](https://…), lists. It begins with the reader's name."),
        rows=12,
    )
    subject_es = line(_l("Subject in Spanish"), required=False, most=150)
    body_es = lines(
        _l("What it says in Spanish"),
        hint=_l("Left empty, readers in Spanish get the words above."),
        rows=8,
    )

    @classmethod
    def of(cls, found: Announcement) -> AnnouncementForm:
        words = {each.name: getattr(found, each.name) for each in fields(Draft)}
        return cls(**words, version=str(found.version))

    def draft(self) -> Draft:
        return Draft(
            subject=typed(self.subject),
            body=self.body.data or "",
            subject_es=typed(self.subject_es),
            body_es=typed(self.body_es),
        )

    def validate_subject_es(self, _field: object) -> None:
        if bool(typed(self.subject_es)) != bool(typed(self.body_es)):
            raise ValidationError(_("In Spanish, too, a letter has a subject and a text."))
