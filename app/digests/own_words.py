"""What people typed into an issue or a letter, piece by piece, for the checks before sending."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from app.digests import arrangement, items, news_section, subjects
from app.digests.arrangement import Mode
from app.digests.models import Announcement, Issue


@dataclass(frozen=True)
class Words:
    """A piece of text and where staff find it; `marked` says that it is Markdown."""

    place: str
    text: str
    marked: bool = False


def of(issue: Issue) -> Iterator[Words]:
    """All of it in both languages, and the news that it tells."""
    yield Words(_("Subject"), issue.subject)
    yield Words(_("Subject in Spanish"), issue.subject_es)
    test = subjects.of(issue.id)
    for other in test.others if test else ():
        yield Words(_("Subject-line test"), other)
    yield Words(_("Introduction"), issue.introduction, marked=True)
    yield Words(_("Introduction in Spanish"), issue.introduction_es, marked=True)
    if news_section.SECTION in arrangement.of(issue, Mode.DROPPED):
        return
    for news in items.of(issue):
        place = _("News: %(title)s", title=news.title)
        yield from (Words(place, title) for title in (news.title, news.title_es))
        yield from (Words(place, body, marked=True) for body in (news.body, news.body_es))


def of_letter(letter: Announcement) -> Iterator[Words]:
    """A coordinator's letter in both languages."""
    yield Words(_("Subject"), letter.subject)
    yield Words(_("Subject in Spanish"), letter.subject_es)
    yield Words(_("Letter"), letter.body, marked=True)
    yield Words(_("Letter in Spanish"), letter.body_es, marked=True)
