"""What people are reminded of: their week on Monday morning, and what is due tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.foundation import language
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Person
from app.work import links, registry, words
from app.work.models import ToDo

WEEK = "to-dos-week"
TOMORROW = "to-dos-tomorrow"


@dataclass(frozen=True)
class Line:
    """One to-do as a mail tells it; `url` opens its page with the buttons."""

    title: str
    about: str
    alliance: str
    due: str
    url: str


def once(kind: str, person_id: int, day: date) -> str:
    """The key under which somebody gets one mail of a kind for a day."""
    return f"{kind}:{person_id}:{day.isoformat()}"


def post_week(person: Person, to_dos: Sequence[ToDo], today: date) -> None:
    """On Monday: what is due until Sunday, and what is late."""
    _post("work/week", WEEK, person, to_dos, today)


def post_tomorrow(person: Person, to_dos: Sequence[ToDo], today: date) -> None:
    """The day before something is due."""
    _post("work/tomorrow", TOMORROW, person, to_dos, today)


def _post(kind: str, key: str, person: Person, to_dos: Sequence[ToDo], today: date) -> None:
    if person.address is None:
        return
    lines = _lines(person, to_dos, today)
    subject, text, html = outbox.render(
        kind, to_language=person.language, name=person.name, lines=lines
    )
    notice = Notice(kind, subject, text, html, person_id=person.id)
    outbox.post(person.address, notice, once=once(key, person.id, today))


def _lines(person: Person, to_dos: Sequence[ToDo], today: date) -> Sequence[Line]:
    with language.speaking(person.language):
        abouts = registry.abouts(to_dos)
        return [
            Line(
                title=registry.title_of(to_do),
                about=abouts[to_do.id].title if to_do.id in abouts else "",
                alliance=to_do.alliance.name,
                due=words.when_due(to_do, today),
                url=links.url(to_do, person.id, person.language),
            )
            for to_do in to_dos
        ]
