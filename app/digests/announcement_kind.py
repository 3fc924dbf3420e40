"""Announcements as the mail engine knows them: who, why not after all, and what each copy says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, case, exists, literal, null, select

from app.accounts.models import NationalRole, Role
from app.alliances import mails as alliance_mails
from app.alliances.models import Alliance, CoordinatorTerm, Membership, MembershipState
from app.alliances.queries import serves
from app.digests import announcements, audience
from app.digests.models import Announcement
from app.events import words as event_words
from app.events.models import Event, SignUp, SignUpState
from app.foundation import clock, language, text
from app.foundation.db import db
from app.mail import layout, registry
from app.mail.layout import QuotedTemplate
from app.mail.models import Mailing
from app.mail.registry import Composer, Copy, Reader
from app.people.models import Person

GONE = "not_theirs"
NO_MORE = "not_coordinator"


@dataclass(frozen=True)
class Words:
    """What all copies share, apart from the database; `event` is empty for members.

    What ends in `_es` stands only where the organizers wrote it.
    """

    subject: str
    body: str
    alliance: str
    event: str = ""
    subject_es: str = ""
    body_es: str = ""
    event_es: str = ""


@dataclass(frozen=True)
class Frame:
    """The compiled mail in one language."""

    subject: str
    html: QuotedTemplate
    text: QuotedTemplate
    from_name: str


class AnnouncementKind:
    """A mailing whose subject is an announcement."""

    name = announcements.KIND

    def audience(self, mailing: Mailing) -> Select[Any]:
        found = db.get_one(Announcement, mailing.subject_id)
        return audience.due(announcements.whom(found), mailing)

    def refusal(self, mailing: Mailing) -> ColumnElement[Any]:
        found = db.get_one(Announcement, mailing.subject_id)
        if not _may_still_write(found):
            return literal(NO_MORE)
        refused = GONE if found.event_id is None else "not coming"
        return case((~_belongs(found), refused), else_=null())

    def composer(self, mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        words = words_of(db.get_one(Announcement, mailing.subject_id))
        by_language = {code: frame(words, code) for code in {r.language for r in readers}}

        def compose(reader: Reader) -> Copy:
            return copy_for(by_language[reader.language], reader)

        return compose


def words_of(found: Announcement) -> Words:
    alliance = db.get_one(Alliance, found.alliance_id)
    event = db.get(Event, found.event_id) if found.event_id else None
    words = Words(
        found.subject,
        found.body,
        alliance.name,
        subject_es=found.subject_es,
        body_es=found.body_es,
    )
    return replace(words, event=event.title, event_es=event.title_es) if event else words


def copy_for(compiled: Frame, reader: Reader) -> Copy:
    slots = {
        "name": reader.name,
        "unsubscribe_url": reader.unsubscribe_url,
        "preferences_url": reader.preferences_url,
    }
    text_part, html_part = compiled.text.fill(slots), compiled.html.fill(slots)
    return Copy(compiled.subject, text_part, html_part, compiled.from_name)


def frame(words: Words, to_language: str) -> Frame:
    return _compiled(words, to_language, current_app.config["SITE_NAME"])


@lru_cache(maxsize=64)
def _compiled(words: Words, to_language: str, site_name: str) -> Frame:
    marks = layout.Marks()
    with language.speaking(to_language):
        said = event_words.in_language(words.subject, words.subject_es)
        body = event_words.in_language(words.body, words.body_es)
        values = {
            "language": to_language,
            "subject": text.one_line(said),
            "heading": text.one_line(said),
            "greeting": _("Hi %(name)s,", name=marks.mark("name")),
            "preheader": text.excerpt(body, 110),
            "why": _why(words),
            "unsubscribe_url": marks.mark("unsubscribe_url"),
            "preferences_url": marks.mark("preferences_url"),
            "site_name": site_name,
            "postal_address": current_app.config["POSTAL_ADDRESS"],
        }
        base = "digests/mail/announcement"
        html = render_template(f"{base}.html", body=text.markdown(body), **values)
        plain = render_template(f"{base}.txt", body=text.plain(body), **values)
        subject = text.one_line(render_template(f"{base}.subject.txt", **values))
    return Frame(
        subject,
        layout.compile_layout(html, marks).quoted(),
        layout.compile_text(plain, marks).quoted(),
        alliance_mails.sender(words.alliance, to_language),
    )


def _why(words: Words) -> str:
    if words.event:
        event = event_words.in_language(words.event, words.event_es)
        return str(_("You get this because you signed up for %(event)s.", event=event))
    return str(
        _(
            "You get this because you are a member of %(alliance)s and agreed that its "
            "coordinators may write to you.",
            alliance=words.alliance,
        )
    )


def _belongs(found: Announcement) -> ColumnElement[bool]:
    """Whether somebody is a member still, or has a seat still."""
    if found.event_id is None:
        return exists().where(
            Membership.person_id == Person.id,
            Membership.alliance_id == found.alliance_id,
            Membership.state == MembershipState.ACTIVE,
        )
    return exists().where(
        SignUp.person_id == Person.id,
        SignUp.event_id == found.event_id,
        SignUp.state == SignUpState.CONFIRMED,
    )


def _may_still_write(found: Announcement) -> bool:
    """Whether whoever sent it coordinates the alliance today, or is national staff."""
    today = clock.today()
    leads = exists().where(
        CoordinatorTerm.person_id == found.author_id,
        CoordinatorTerm.alliance_id == found.alliance_id,
        serves(today),
    )
    staff = exists().where(
        NationalRole.person_id == found.author_id,
        NationalRole.role == Role.STAFF,
        NationalRole.since <= today,
        NationalRole.until.is_(None) | (NationalRole.until >= today),
    )
    return bool(db.scalar(select(leads | staff)))


registry.register(AnnouncementKind())
registry.explain(
    not_theirs=_l("No member any more"),
    not_coordinator=_l("Whoever wrote it does not coordinate any more"),
)
