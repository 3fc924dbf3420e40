"""Digests as the mail engine knows them: who, why not after all, and what each copy says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, case, null

from app.digests import audience, composition, held, subject_words, subjects
from app.digests.models import Issue
from app.foundation import text
from app.foundation.db import db
from app.mail import registry
from app.mail.models import Mailing
from app.mail.registry import Composer, Copy, Reader
from app.people.models import Person

NAME = "digest"


class Digest:
    """A mailing whose subject is an issue; its facts hold the date (`on`) of a scheduled one.

    One of a `series` leaves late copies to staff.
    """

    name = NAME

    def audience(self, mailing: Mailing) -> Select[Any]:
        whom = audience.of(db.get_one(Issue, mailing.subject_id))
        test = subjects.of(mailing.subject_id)
        if test is not None:
            return subjects.due(test, whom, mailing)
        return audience.due(whom, mailing)

    def refusal(self, mailing: Mailing) -> ColumnElement[Any] | None:
        issue = db.get_one(Issue, mailing.subject_id)
        reasons = [(Person.digest_every != issue.every, audience.LeftOut.OTHER_RHYTHM.value)]
        if "series" in mailing.facts:
            reasons.append((held.is_late(), held.HELD))
        return case(*reasons, else_=null())

    def composer(self, mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        issue = db.get_one(Issue, mailing.subject_id)
        compose = composition.composer(issue, readers)
        test = subjects.of(issue.id)
        if test is None:
            return compose
        chosen = subjects.subjects_for(test, issue, [reader.person_id for reader in readers])

        def compose_with_subject(reader: Reader) -> Copy | None:
            copy = compose(reader)
            return copy and replace(copy, subject=text.one_line(chosen[reader.person_id]))

        return compose_with_subject


registry.register(Digest())
registry.says_why(NAME, subject_words.why_the_rest_waits)
registry.explain(other_rhythm=_l("Chose another rhythm meanwhile"))
