"""How an alliance answers the call of a day: accept the draft, or say why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.audit import audit
from app.events import actions, calls, plans
from app.events.call_models import AnswerState, EditionAnswer
from app.events.models import EventState
from app.foundation import clock
from app.foundation.db import db


class NothingDrafted(Exception):
    """The alliance did nothing last time, or threw its draft away."""


@dataclass(frozen=True)
class Offer:
    """Something else that an alliance did last time, drafted by a higher domain: a request for a
    proclamation, a renewal. `url` is where it is looked at and taken up."""

    title: str
    text: str
    url: str
    taken_up: bool = False
    declined: bool = False


Offers = Callable[[EditionAnswer], Sequence[Offer]]
_offerers: dict[str, Offers] = {}


def offer_by(name: str, offers: Offers) -> None:
    """Let a higher domain add its drafts to the page of an answer; it makes them when it hears
    `edition_opened`."""
    _offerers[name] = offers


def offers_to(answer: EditionAnswer) -> Sequence[Offer]:
    """What else is drafted for the alliance."""
    return [offer for offers in _offerers.values() for offer in offers(answer)]


def accept(answer: EditionAnswer, *, by_id: int | None, owner_id: int | None) -> None:
    """Publish the draft and begin its plan.

    Raises NothingDrafted, and what publishing raises: EventOver, NoWayIn.
    """
    if answer.event is None:
        raise NothingDrafted
    if answer.event.state == EventState.DRAFT:
        actions.publish(answer.event)
        plans.begin(answer.event, full=False, owner_id=owner_id)
    _answer(answer, AnswerState.ACCEPTED, "", by_id)


def answer_otherwise(edition_id: int, alliance_id: int, *, by_id: int | None) -> None:
    """An alliance without an event takes part by something of a higher domain, such as a renewal;
    why it holds no event stays said."""
    answer = db.scalars(
        select(EditionAnswer).where(
            EditionAnswer.edition_id == edition_id,
            EditionAnswer.alliance_id == alliance_id,
            EditionAnswer.state != AnswerState.ACCEPTED,
            EditionAnswer.event_id.is_(None),
        )
    ).first()
    if answer is not None:
        _answer(answer, AnswerState.ACCEPTED, answer.reason, by_id)


def decline(answer: EditionAnswer, reason: str, *, by_id: int | None) -> None:
    """No event this year, and why; the draft goes. What is published must be cancelled first.

    Who took up something else, such as a renewal, takes part all the same.
    """
    if answer.state == AnswerState.ACCEPTED:
        return
    draft = answer.event
    answer.event = None
    takes_part = any(offer.taken_up for offer in offers_to(answer))
    _answer(answer, AnswerState.ACCEPTED if takes_part else AnswerState.DECLINED, reason, by_id)
    if draft is not None and draft.state == EventState.DRAFT:
        actions.discard(draft)


def reconsider(answer: EditionAnswer) -> None:
    """The alliance takes part after all: it is called again, with a new draft."""
    if answer.state != AnswerState.DECLINED:
        return
    _answer(answer, AnswerState.CALLED, "", None)
    answer.told_at = clock.now()  # they are looking at it
    calls.draft_again(answer)
    db.flush()


def _answer(answer: EditionAnswer, state: AnswerState, reason: str, by_id: int | None) -> None:
    answer.state = state
    answer.reason = reason
    answer.answered_at = None if state == AnswerState.CALLED else clock.now()
    answer.answered_by_id = by_id
    db.flush()
    audit("events", f"call-{state}", answer.id)
