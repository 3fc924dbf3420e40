"""What organizers add to an event once it stands: parts, privacy, access, Spanish, questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.accounts.audit import audit
from app.events import queries, reminders, seating, waiting
from app.events.actions import AlreadyCancelled, StaleVersion, TooFewSeats, locate, touch
from app.events.models import Event, EventState
from app.events.questions import Question, key_for, read, stored
from app.foundation import geo
from app.foundation.db import db
from app.people import places

MOST_QUESTIONS = 8
"""With more than that nobody signs up on a phone."""


class TooManyQuestions(Exception):
    """The form is long enough."""


@dataclass(frozen=True)
class Details:
    """How an event is held, for whom, and in which languages."""

    seats_at_place: int | None
    seats_online: int | None
    address_is_private: bool
    link_opens_late: bool
    accessibility: Mapping[str, str]
    languages: str
    title_es: str
    description_es: str


def save(event: Event, details: Details, *, version: int) -> None:
    """Change the details of an event that stands at `version`.

    Raises StaleVersion, AlreadyCancelled, TooFewSeats.
    """
    event = _locked(event)
    if event.version != version:
        raise StaleVersion
    _check_parts(event, details)
    for name, value in vars(details).items():
        setattr(event, name, value)
    event.accessibility = dict(details.accessibility)
    locate(event, _place(event))
    _done(event, "details")
    if event.state == EventState.PUBLISHED:
        reminders.follow(event)
    waiting.fill(event)


def ask(event: Event, question: Question) -> None:
    """Put one more question on the sign-up form. Raises AlreadyCancelled, TooManyQuestions."""
    event = _locked(event)
    asked = read(event.questions)
    if len(asked) >= MOST_QUESTIONS:
        raise TooManyQuestions
    key = key_for(question.label, [each.key for each in asked])
    event.questions = stored((*asked, replace(question, key=key)))
    _done(event, "question added")


def stop_asking(event: Event, key: str) -> None:
    """Take a question off the form; what people answered is kept. Raises AlreadyCancelled."""
    event = _locked(event)
    event.questions = stored(each for each in read(event.questions) if each.key != key)
    _done(event, "question removed")


def _place(event: Event) -> geo.Place | None:
    if not (event.venue and event.zip):
        return None
    return places.place_of(f"{event.zip} {event.city}, {event.us_state}")


def _locked(event: Event) -> Event:
    event = seating.lock(event.id)
    if event.state == EventState.CANCELLED:
        raise AlreadyCancelled
    return event


def _check_parts(event: Event, details: Details) -> None:
    counts = queries.count(event.id)
    taken = (counts.taken - counts.online, counts.online)
    for limit, number in zip((details.seats_at_place, details.seats_online), taken, strict=True):
        if limit is not None and limit < number:
            raise TooFewSeats(number)


def _done(event: Event, what: str) -> None:
    touch(event)
    db.flush()
    audit("events", what, event.id, version=event.version)
