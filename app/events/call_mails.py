"""The mails by which coordinators hear that a day calls, the nudge, and that it was corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.alliances import queries as alliances
from app.events import answers, editions, letters
from app.events.call_models import AnswerState, EditionAnswer
from app.events.models import Edition, Event, EventState
from app.foundation import clock, language, links, pagecontext
from app.foundation.db import db
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Person

AT_ONCE = 100


@dataclass(frozen=True)
class Line:
    """One day as the mail tells it."""

    title: str
    day: str
    last: str
    drafted: Sequence[str]
    url: str


def tell() -> int:
    """Post the mails of calls that nobody was told of, one for each coordinator; how many calls."""
    called = db.scalars(
        select(EditionAnswer)
        .join(EditionAnswer.edition)
        .where(
            EditionAnswer.told_at.is_(None),
            EditionAnswer.state == AnswerState.CALLED,
            Edition.on > clock.today(),
        )
        .order_by(EditionAnswer.alliance_id, Edition.on)
        .limit(AT_ONCE)
        .options(
            contains_eager(EditionAnswer.edition).joinedload(Edition.observance),
            joinedload(EditionAnswer.alliance),
            joinedload(EditionAnswer.like),
        )
    ).all()
    for alliance_id, ours in groupby(called, key=lambda answer: answer.alliance_id):
        calls = list(ours)
        for person in alliances.coordinators(alliance_id):
            _post(person, calls)
        for answer in calls:
            answer.told_at = clock.now()
    return len(called)


def _post(person: Person, calls: Sequence[EditionAnswer]) -> None:
    if person.address is None:
        return
    newest = max(answer.id for answer in calls)
    nudges = max(answer.nudges for answer in calls)
    called = max(answer.called_at for answer in calls).timestamp()
    parts = outbox.render(
        "events/called",
        to_language=person.language,
        name=person.name,
        alliance=calls[0].alliance.name,
        lines=[_line(answer, person.language) for answer in calls],
        again=nudges > 0,
    )
    notice = Notice("events/called", *parts, person_id=person.id)
    outbox.post(person.address, notice, once=f"event-called:{person.id}:{newest}:{nudges}:{called}")


def day_corrected(edition: Edition) -> None:
    """Tell those who take part that the day is another one, and that their events stay.

    For each event to come that has been published; the organizers decide whether it moves.
    """
    taking_part = db.scalars(
        select(EditionAnswer)
        .join(EditionAnswer.event)
        .where(
            EditionAnswer.edition_id == edition.id,
            EditionAnswer.state == AnswerState.ACCEPTED,
            Event.state == EventState.PUBLISHED,
            Event.starts_at > clock.now(),
        )
        .order_by(EditionAnswer.id)
        .options(contains_eager(EditionAnswer.event).joinedload(Event.alliance))
    ).all()
    for answer in taking_part:
        if answer.event is not None:
            for person in alliances.coordinators(answer.alliance_id):
                _post_corrected(person, edition, answer.event)


def _post_corrected(person: Person, edition: Edition, event: Event) -> None:
    if person.address is None:
        return
    with language.speaking(person.language):
        observance, day = editions.title_of(edition), pagecontext.long_date(edition.on)
    parts = outbox.render(
        "events/day_corrected",
        to_language=person.language,
        name=person.name,
        observance=observance,
        day=day,
        event=letters.facts(event, person.language, seat=None),
        url=links.absolute(
            "events.edit",
            language=person.language,
            alliance=event.alliance.slug,
            event_id=event.id,
        ),
    )
    notice = Notice("events/day_corrected", *parts, person_id=person.id)
    once = f"event-day-corrected:{event.id}:{person.id}:{clock.now().timestamp()}"
    outbox.post(person.address, notice, once=once)


def _line(answer: EditionAnswer, to_language: str) -> Line:
    edition = answer.edition
    with language.speaking(to_language):
        return Line(
            title=editions.title_of(edition),
            day=pagecontext.long_date(edition.on),
            last=answer.like.title_in(to_language) if answer.like else "",
            drafted=[
                offer.title
                for offer in answers.offers_to(answer)
                if not (offer.taken_up or offer.declined)
            ],
            url=links.absolute(
                "events.call",
                language=to_language,
                alliance=answer.alliance.slug,
                key=edition.observance_key,
                year=edition.year,
            ),
        )
