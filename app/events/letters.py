"""What mails say of an event, compiled once for all who get the same.

People differ only in the slots: their name and their own links. Everything else is part of the
cache's key, so a changed event never meets an old text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from flask import current_app, render_template
from markupsafe import Markup, escape

from app.events import access, words
from app.events.models import Event, Part
from app.events.own_letters import OwnWords
from app.foundation import language, links, text
from app.mail import layout

SLOTS = (
    *("name", "cancel_url", "seat_url", "confirm_url", "code"),
    *("claim_url", "claim_until", "kept_for_you", "coming_url"),
)
BULK_SLOTS = (*SLOTS, "unsubscribe_url", "preferences_url")
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Facts:
    """An event as a mail in one language tells it."""

    title: str
    alliance: str
    when: str
    short_when: str
    how_soon: str
    place: str
    access: str
    online_link: str
    url: str
    cancel_reason: str
    has_door: bool


@dataclass(frozen=True)
class Was:
    """What the mail about a move calls the time and place that no longer hold; `told_place` is the
    place for those who know a private address."""

    when: str = ""
    place: str = ""
    told_place: str = ""
    time_moved: bool = False
    place_moved: bool = False

    def read_by(self, seat: Part | None) -> Was:
        """The same for a reader with such a seat."""
        return replace(self, place=self.told_place) if seat is Part.IN_PERSON else self


@dataclass(frozen=True)
class FilledWords:
    """The same for one event: a subject, and paragraphs for each of the two parts."""

    subject: str
    text: Sequence[str]
    html: Sequence[Markup]


PLACEHOLDERS = ("name", "title", "when", "place", "link", "alliance")
_PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")


@dataclass(frozen=True)
class Letter:
    """A mail with slots for what is each reader's own."""

    subject: str
    text: layout.Template
    html: layout.Template
    quoted_text: layout.QuotedTemplate
    quoted_html: layout.QuotedTemplate


def facts(event: Event, to_language: str, *, seat: Part | None = Part.IN_PERSON) -> Facts:
    """The facts of an event in a language; those who have a seat read the online link, once that is
    open, and a private address if they come there."""
    with language.speaking(to_language):
        return Facts(
            title=text.one_line(words.title(event)),
            alliance=text.one_line(event.alliance.name),
            when=words.when(event),
            short_when=words.short_when(event),
            how_soon=words.how_soon(event),
            place=words.place(event, told=seat is Part.IN_PERSON),
            access=access.in_words(event),
            online_link=event.online_link if seat and words.link_is_open(event) else "",
            url=links.absolute("events.event", language=to_language, slug=event.slug),
            cancel_reason=event.cancel_reason,
            has_door=not words.is_online_only(event),
        )


def letter(
    kind: str,
    to_language: str,
    event: Facts,
    was: Was | None = None,
    slots: tuple[str, ...] = SLOTS,
    own: OwnWords | None = None,
) -> Letter:
    """The mail `kind` about an event, from its three files; reminders have the BULK_SLOTS.

    `own` is what the organizers wrote instead of our sentence.
    """
    config = current_app.config
    whose = (config["SITE_NAME"], config["POSTAL_ADDRESS"])
    return _compiled(kind, to_language, event, was, slots, own, *whose)


@lru_cache(maxsize=300)
def _compiled(
    kind: str,
    to_language: str,
    event: Facts,
    was: Was | None,
    slot_names: tuple[str, ...],
    own: OwnWords | None,
    site_name: str,
    postal_address: str,
) -> Letter:
    marks = layout.Marks()
    slots = {name: marks.mark(name) for name in slot_names}
    shared: Mapping[str, object] = {
        "event": event,
        "was": was,
        "own": own and _filled(own, event, slots["name"]),
        "language": to_language,
        "site_name": site_name,
        "postal_address": postal_address,
    }
    base = f"events/mail/{kind}"
    with language.speaking(to_language):
        values = {**slots, **shared}
        subject = text.one_line(render_template(f"{base}.subject.txt", **values))
        plain = _GAPS.sub("\n\n", render_template(f"{base}.txt", **values)).strip() + "\n"
        html = render_template(f"{base}.html", **values)
    text_part = layout.compile_text(plain, marks)
    html_part = layout.compile_layout(html, marks)
    return Letter(subject, text_part, html_part, text_part.quoted(), html_part.quoted())


def _filled(own: OwnWords, event: Facts, name: Markup) -> FilledWords:
    """Put the facts where the organizers want them; anything else in braces stays as it is."""
    values = {
        "name": name,
        "title": event.title,
        "when": event.when,
        "place": event.place,
        "link": event.url,
        "alliance": event.alliance,
    }

    def plain(raw: str) -> str:
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), raw)

    def marked(raw: str) -> Markup:
        put = _PLACEHOLDER.sub(lambda found: escape(values[found[1]]), str(escape(raw)))
        return Markup(put.replace("\n", "<br>"))  # noqa: S704  escaped just above

    paragraphs = [part for part in re.split(r"\n\s*\n", own.text.strip()) if part]
    subject = plain(own.subject.replace("{name}", ""))
    return FilledWords(subject, [plain(p) for p in paragraphs], [marked(p) for p in paragraphs])
