"""National staff and the days: enter movable ones, call early, see who answered, nudge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.audit import audit
from app.alliances.models import Alliance
from app.events import call_mails, calls
from app.events.call_models import AnswerState, EditionAnswer
from app.events.models import Edition, EventState, Observance
from app.foundation import clock
from app.foundation.db import db

MOST_NUDGES = 3
REST = timedelta(days=7)
"""An alliance is nudged three times at most, and not twice in a week."""


@dataclass(frozen=True)
class Tally:
    """How many alliances have not answered, take part, do not."""

    called: int = 0
    accepted: int = 0
    declined: int = 0


def coming() -> Sequence[Edition]:
    """The coming days of all observances, soonest first."""
    return db.scalars(
        select(Edition)
        .where(Edition.on >= clock.today())
        .order_by(Edition.on, Edition.id)
        .options(joinedload(Edition.observance))
    ).all()


def movable() -> Sequence[Observance]:
    """The observances whose day is entered each year."""
    return db.scalars(
        select(Observance).where(Observance.month.is_(None)).order_by(Observance.key)
    ).all()


def tallies(edition_ids: Sequence[int]) -> Mapping[int, Tally]:
    """How each of these days stands, in one statement."""
    rows = db.execute(
        select(EditionAnswer.edition_id, EditionAnswer.state, func.count())
        .where(EditionAnswer.edition_id.in_(edition_ids))
        .group_by(EditionAnswer.edition_id, EditionAnswer.state)
    ).all()
    return {
        number: Tally(**{state.value: many for each, state, many in rows if each == number})
        for number in edition_ids
    }


def answers_to(edition_id: int) -> Sequence[EditionAnswer]:
    """Every alliance's answer: who has not given one comes first."""
    waits = EditionAnswer.state != AnswerState.CALLED
    return db.scalars(
        select(EditionAnswer)
        .join(EditionAnswer.alliance)
        .where(EditionAnswer.edition_id == edition_id)
        .order_by(waits, EditionAnswer.state, Alliance.name)
        .options(contains_eager(EditionAnswer.alliance), joinedload(EditionAnswer.event))
    ).all()


def edition(key: str, year: int) -> Edition | None:
    """One year of an observance, also one that is not open yet."""
    return db.scalars(
        select(Edition)
        .where(Edition.observance_key == key, Edition.year == year)
        .options(joinedload(Edition.observance))
    ).first()


def enter(key: str, on: date) -> Edition:
    """Enter the day of a movable observance and open its page, or correct it.

    Where the call has gone out, whoever has not answered is called anew, and their drafts move;
    those who take part hear of it, and what they have published stays.
    """
    found = edition(key, on.year)
    if found is None:
        found = Edition(observance_key=key, year=on.year, on=on)
        db.add(found)
    by, found.on = on - found.on, on
    if by and found.called_at is not None:
        _call_for_another_day(found, by)
        call_mails.day_corrected(found)
    found.opened_at = found.opened_at or clock.now()
    db.flush()
    audit("events", "day", found.id, on=on.isoformat())
    return found


def _call_for_another_day(found: Edition, by: timedelta) -> None:
    waiting = db.scalars(
        select(EditionAnswer)
        .where(EditionAnswer.edition_id == found.id, EditionAnswer.state == AnswerState.CALLED)
        .order_by(EditionAnswer.id)
        .options(joinedload(EditionAnswer.event))
    ).all()
    for answer in waiting:
        answer.called_at, answer.told_at = clock.now(), None
        draft = answer.event
        if draft is not None and draft.state == EventState.DRAFT:
            draft.wall_start += by
            draft.starts_at = clock.instant(draft.wall_start, draft.time_zone)
            draft.ends_at = draft.starts_at + timedelta(minutes=draft.minutes)
            draft.version += 1


def call_now(found: Edition) -> None:
    """Call every alliance today."""
    calls.call_now(found)
    audit("events", "call", found.id)


def may_be_nudged(answer: EditionAnswer) -> bool:
    """Whether an alliance that has not answered can be asked once more now."""
    if answer.state != AnswerState.CALLED or answer.nudges >= MOST_NUDGES:
        return False
    return max(answer.called_at, answer.nudged_at or answer.called_at) <= clock.now() - REST


def nudge(found: Edition, alliance_id: int | None = None) -> int:
    """Ask those who have not answered once more, or one of them; how many that were.

    The sweep writes the mails.
    """
    rested = clock.now() - REST
    wanted = (
        update(EditionAnswer)
        .where(
            EditionAnswer.edition_id == found.id,
            EditionAnswer.state == AnswerState.CALLED,
            EditionAnswer.nudges < MOST_NUDGES,
            EditionAnswer.called_at <= rested,
            or_(EditionAnswer.nudged_at.is_(None), EditionAnswer.nudged_at <= rested),
        )
        .values(nudges=EditionAnswer.nudges + 1, nudged_at=clock.now(), told_at=None)
        .returning(EditionAnswer.id)
        .execution_options(synchronize_session=False)
    )
    if alliance_id is not None:
        wanted = wanted.where(EditionAnswer.alliance_id == alliance_id)
    nudged = len(db.scalars(wanted).all())
    audit("events", "nudge", found.id, nudged=nudged)
    return nudged
