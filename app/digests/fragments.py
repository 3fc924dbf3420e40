"""The parts of a digest that many readers share, rendered once for each section and language.

A part is kept as it stands on the wire: its style put on each element, and quoted-printable, so
that one person's copy is a join of bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import escape

from app.digests.deadlines import Deadlines
from app.digests.upcoming import Coming
from app.events.queries import Counts
from app.foundation import language, links
from app.mail import sections
from app.mail.quoted import Quoted, join, quote
from app.mail.sections import Fragment, Local
from app.people.models import DigestEvery

BETWEEN = Quoted(b"\r\n\r\n")
"""Two empty lines between the parts of a text mail."""


NO_FRAGMENT = Fragment(quote(""), quote(""))


@dataclass(frozen=True, slots=True)
class Turnout:
    """A coordinator's own event and who comes."""

    event: Coming
    counts: Counts


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at a coordinator's desk."""

    asking: int
    turnouts: tuple[Turnout, ...]
    due: Deadlines

    def __bool__(self) -> bool:
        return bool(self.asking or self.turnouts or self.due)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of news in the words of staff; Spanish ones are optional."""

    title: str
    title_es: str
    body: str
    body_es: str
    link: str

    def title_in(self, to_language: str) -> str:
        return (to_language == "es" and self.title_es) or self.title

    def body_in(self, to_language: str) -> str:
        return (to_language == "es" and self.body_es) or self.body


def above(parts: Sequence[Fragment]) -> Fragment:
    """What stands before the introduction: nothing, or parts and the space after them."""
    if not parts:
        return NO_FRAGMENT
    part = joined(parts)
    return Fragment(part.html, join((part.text, BETWEEN)))


def joined(parts: Sequence[Fragment]) -> Fragment:
    """One part of several; an empty one of none."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return NO_FRAGMENT
    texts = [parts[0].text]
    for part in parts[1:]:
        texts += (BETWEEN, part.text)
    return Fragment(join([part.html for part in parts]), join(texts))


def of_alliance(local: Local, events: Sequence[Coming], more: int, to_language: str) -> Fragment:
    """The coming events of one of the reader's alliances."""
    with language.speaking(to_language):
        title = _("Coming up: %(alliance)s", alliance=local.name)
        url = links.absolute("pages.alliance", slug=local.slug, language=to_language)
        return _rendered("events", to_language, title=title, events=events, more=more, more_url=url)


def near(events: Sequence[Coming], more: int, to_language: str) -> Fragment:
    """The coming events of other alliances near the reader."""
    with language.speaking(to_language):
        title = _("Near you")
        url = links.absolute("events.listing", language=to_language)
        return _rendered("events", to_language, title=title, events=events, more=more, more_url=url)


def desk(local: Local, waiting: Waiting, to_language: str) -> Fragment:
    """What a coordinator's desk waits for."""
    with language.speaking(to_language):
        url = links.absolute("pages.desk", alliance=local.slug, language=to_language)
        return _rendered("desk", to_language, alliance=local, waiting=waiting, url=url)


def news(local: Local | None, pieces: Sequence[Piece], to_language: str) -> Fragment:
    """What staff wrote for everybody, or for the members of an alliance."""
    with language.speaking(to_language):
        title = (
            _("For members of %(alliance)s", alliance=local.name)
            if local
            else _("News from %(name)s", name=current_app.config["SITE_NAME"])
        )
        return _rendered("news", to_language, title=title, pieces=pieces)


def quiet(to_language: str) -> Fragment:
    """What stands instead of events where nothing is planned."""
    with language.speaking(to_language):
        url = links.absolute("events.listing", language=to_language)
        return _rendered("quiet", to_language, url=url)


def why(alliances: Sequence[Local], every: DigestEvery, to_language: str) -> Fragment:
    """The sentence in the foot that says why the reader gets this."""
    with language.speaking(to_language):
        names = format_list([local.name for local in alliances], locale=get_locale())
        sentence = _why(names, every)
    return Fragment(quote(str(escape(sentence))), quote(sentence))


def _why(names: str, every: DigestEvery) -> str:
    if every == DigestEvery.WEEKLY:
        if names:
            return str(_("You get this every week because you joined %(names)s.", names=names))
        return str(_("You get this every week because you signed up with us."))
    if names:
        return str(_("You get this once a month because you joined %(names)s.", names=names))
    return str(_("You get this once a month because you signed up with us."))


def _rendered(name: str, to_language: str, **values: Any) -> Fragment:
    return sections.rendered(f"digests/mail/_{name}", to_language, **values)
