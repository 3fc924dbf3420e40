"""The whole mail around a digest's parts: compiled once for each issue and language."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, render_template
from flask_babel import gettext as _

from app.digests.models import Issue
from app.foundation import language, links, text
from app.mail import layout
from app.mail.layout import QuotedTemplate
from app.people.models import DigestEvery


@dataclass(frozen=True, slots=True)
class Written:
    """What staff wrote, apart from the database."""

    subject: str
    subject_es: str
    introduction: str
    introduction_es: str
    every: DigestEvery
    archive_id: int | None
    """The number of its page on the website, if it has one."""

    @classmethod
    def of(cls, issue: Issue) -> Written:
        return cls(
            subject=text.one_line(issue.subject),
            subject_es=text.one_line(issue.subject_es),
            introduction=issue.introduction,
            introduction_es=issue.introduction_es,
            every=issue.every,
            archive_id=None if issue.is_private else issue.id,
        )

    def subject_in(self, to_language: str) -> str:
        return (to_language == "es" and self.subject_es) or self.subject

    def introduction_in(self, to_language: str) -> str:
        return (to_language == "es" and self.introduction_es) or self.introduction


@dataclass(frozen=True, slots=True)
class Frame:
    """What all copies of an issue in one language share; slots stand where people differ."""

    subject: str
    html: QuotedTemplate
    text: QuotedTemplate


def frame(written: Written, to_language: str, *, has_city: bool) -> Frame:
    """Compile the mail of an issue.

    Slots: name, city (if any), pinned, sections, why and both links.
    """
    marks = layout.Marks()
    introduction = written.introduction_in(to_language)
    with language.speaking(to_language):
        values = {
            "language": to_language,
            "subject": written.subject_in(to_language),
            "heading": _heading(written.every, marks, has_city=has_city),
            "preheader": text.excerpt(introduction, 110),
            "archive_url": archive_url(written.archive_id, to_language),
            "pinned": marks.mark("pinned"),
            "sections": marks.mark("sections"),
            "why": marks.mark("why"),
            "unsubscribe_url": marks.mark("unsubscribe_url"),
            "preferences_url": marks.mark("preferences_url"),
            "site_name": current_app.config["SITE_NAME"],
            "postal_address": current_app.config["POSTAL_ADDRESS"],
        }
        parts = {
            "html": _part("html", introduction=text.markdown(introduction), **values),
            "txt": _part("txt", introduction=text.plain(introduction), **values),
            "subject": text.one_line(_part("subject.txt", **values)),
        }
    return Frame(
        subject=parts["subject"],
        html=layout.compile_layout(parts["html"], marks).quoted(),
        text=layout.compile_text(parts["txt"], marks).quoted(),
    )


def archive_url(issue_id: int | None, to_language: str) -> str:
    """Where everybody may read an issue once it started; empty where nobody may."""
    if issue_id is None:
        return ""
    return links.absolute("digests.archived", issue_id=issue_id, language=to_language)


def _part(part: str, **values: object) -> str:
    return render_template(f"digests/mail/issue.{part}", **values)


def _heading(every: DigestEvery, marks: layout.Marks, *, has_city: bool) -> str:
    name, city = marks.mark("name"), marks.mark("city")
    if every == DigestEvery.WEEKLY:
        if has_city:
            return str(_("Your week in %(city)s, %(name)s", city=city, name=name))
        return str(_("Your week, %(name)s", name=name))
    if has_city:
        return str(_("Your month in %(city)s, %(name)s", city=city, name=name))
    return str(_("Your month, %(name)s", name=name))
