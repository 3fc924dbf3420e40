"""The call of a day: each alliance is asked what it holds, with a draft of what it did last time.

A day's page opens thirteen months ahead (see editions); its call goes out by itself when the first
to-dos of a plan would be due, or when staff say so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import contains_eager, joinedload

from app.alliances.models import Alliance, LifeCycle
from app.events import cloning, editions
from app.events.call_models import AnswerState, EditionAnswer
from app.events.models import Edition, Event, EventState
from app.events.report_models import ReportBack
from app.foundation import clock, signals
from app.foundation.db import db, upsert

CALL_AHEAD = timedelta(days=150)
"""A month before the first to-do of the full plan is due."""
AT_ONCE = 200
CALLED = (LifeCycle.FORMING, LifeCycle.ACTIVE)
"""Who is called: an alliance that sleeps answers nobody."""


def due() -> Sequence[int]:
    """The days whose call is due, and those that some alliance has not heard of yet."""
    today = clock.today()
    soon = Edition.called_at.is_not(None) | (Edition.on <= today + CALL_AHEAD)
    return db.scalars(
        select(Edition.id)
        .where(
            Edition.opened_at.is_not(None),
            Edition.on > today,
            soon,
            exists().where(Alliance.life_cycle.in_(CALLED), ~_is_called()),
        )
        .order_by(Edition.on, Edition.id)
    ).all()


def call(edition_id: int) -> int:
    """Call alliances that were not yet, some hundred at a time, and draft for each what it did
    last time; how many those were."""
    edition = db.get_one(Edition, edition_id)
    edition.called_at = edition.called_at or clock.now()
    wanted = (
        select(Alliance.id)
        .join(Edition, Edition.id == edition_id)
        .where(Alliance.life_cycle.in_(CALLED), ~_is_called())
        .order_by(Alliance.id)
        .limit(AT_ONCE)
    )
    alliance_ids = db.scalars(wanted).all()
    if alliance_ids:
        _ask(edition, alliance_ids)
        signals.edition_opened.send(edition, alliance_ids=alliance_ids)
    return len(alliance_ids)


def call_now(edition: Edition) -> None:
    """Staff open a day and call everybody, however far it is."""
    edition.opened_at = edition.opened_at or clock.now()
    db.flush()
    while call(edition.id) == AT_ONCE:
        pass


def draft_again(answer: EditionAnswer) -> None:
    """Draft once more what an alliance did last time; nothing where it did nothing."""
    like = last_of(answer.edition, [answer.alliance_id]).get(answer.alliance_id)
    answer.like_id = like.id if like else None
    answer.event_id = _draft(answer.edition, like).id if like else None


def last_of(edition: Edition, alliance_ids: Collection[int]) -> Mapping[int, Event]:
    """What each alliance held on this day the last time that it held anything."""
    events = db.scalars(
        select(Event)
        .join(Event.edition)
        .where(
            Event.alliance_id.in_(alliance_ids),
            Event.state == EventState.PUBLISHED,
            Edition.observance_key == edition.observance_key,
            Edition.year < edition.year,
        )
        .order_by(Event.starts_at, Event.id)
        .options(contains_eager(Event.edition))
    )
    return {event.alliance_id: event for event in events}


def take_up(event: Event) -> None:
    """The event is published: so its alliance has answered the call of its day."""
    if event.edition_id is None:
        return
    db.execute(
        update(EditionAnswer)
        .where(
            EditionAnswer.edition_id == event.edition_id,
            EditionAnswer.alliance_id == event.alliance_id,
            or_(EditionAnswer.state != AnswerState.ACCEPTED, EditionAnswer.event_id.is_(None)),
        )
        .values(state=AnswerState.ACCEPTED, event_id=event.id, answered_at=clock.now(), reason="")
        .execution_options(synchronize_session="fetch")
    )


def answer_of(
    alliance_slug: str, key: str, year: int, *, lock: bool = False
) -> EditionAnswer | None:
    """What an alliance answered to the call of a day, with all that its page shows."""
    query = (
        select(EditionAnswer)
        .join(EditionAnswer.edition)
        .join(EditionAnswer.alliance)
        .where(Alliance.slug == alliance_slug, Edition.observance_key == key, Edition.year == year)
        .options(
            contains_eager(EditionAnswer.edition).joinedload(Edition.observance),
            contains_eager(EditionAnswer.alliance),
            joinedload(EditionAnswer.event).joinedload(Event.alliance),
            joinedload(EditionAnswer.like).joinedload(Event.edition),
        )
    )
    return db.scalars(query.with_for_update(of=EditionAnswer) if lock else query).first()


def report_of(event: Event) -> ReportBack | None:
    """How it was last time, in its organizers' own words."""
    return db.scalars(select(ReportBack).where(ReportBack.event_id == event.id)).first()


def of_alliance(alliance_id: int, *states: AnswerState) -> Sequence[EditionAnswer]:
    """The calls of coming days to an alliance, soonest first."""
    return db.scalars(
        select(EditionAnswer)
        .join(EditionAnswer.edition)
        .where(
            EditionAnswer.alliance_id == alliance_id,
            EditionAnswer.state.in_(states or AnswerState),
            Edition.on >= clock.today(),
        )
        .order_by(Edition.on, EditionAnswer.id)
        .options(
            contains_eager(EditionAnswer.edition).joinedload(Edition.observance),
            joinedload(EditionAnswer.event),
            joinedload(EditionAnswer.like),
        )
    ).all()


def _ask(edition: Edition, alliance_ids: Sequence[int]) -> None:
    last = last_of(edition, alliance_ids)
    rows = [
        {
            "edition_id": edition.id,
            "alliance_id": alliance_id,
            "state": AnswerState.CALLED,
            "called_at": clock.now(),
            "like_id": last[alliance_id].id if alliance_id in last else None,
        }
        for alliance_id in alliance_ids
    ]
    once = [EditionAnswer.edition_id, EditionAnswer.alliance_id]
    made = db.execute(
        upsert(EditionAnswer)
        .values(rows)
        .on_conflict_do_nothing(index_elements=once)
        .returning(EditionAnswer.id, EditionAnswer.alliance_id)
    ).all()
    holds = _who_holds(edition.id)
    for number, alliance_id in made:
        if alliance_id in holds:
            _answered(number, holds[alliance_id])
        elif alliance_id in last:
            draft = _draft(edition, last[alliance_id])
            db.execute(
                update(EditionAnswer).where(EditionAnswer.id == number).values(event_id=draft.id)
            )


def _who_holds(edition_id: int) -> Mapping[int, int]:
    """Alliances that announced an event before they were called, with its number."""
    rows = db.execute(
        select(Event.alliance_id, Event.id).where(
            Event.edition_id == edition_id, Event.state == EventState.PUBLISHED
        )
    )
    return dict(rows.all())


def _answered(number: int, event_id: int) -> None:
    db.execute(
        update(EditionAnswer)
        .where(EditionAnswer.id == number)
        .values(
            state=AnswerState.ACCEPTED,
            event_id=event_id,
            answered_at=clock.now(),
            told_at=clock.now(),
        )
    )


def _draft(edition: Edition, like: Event) -> Event:
    on = editions.day_like(edition, like)
    return cloning.clone(like, on, edition_id=edition.id, by_id=None)


def _is_called() -> ColumnElement[bool]:
    return (
        exists()
        .where(EditionAnswer.edition_id == Edition.id, EditionAnswer.alliance_id == Alliance.id)
        .correlate(Edition, Alliance)
    )
