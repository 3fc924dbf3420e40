"""Reads of issues, and of how the mailing of one stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from app.alliances.models import PUBLIC, Alliance
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.db import db
from app.foundation.web import find_or_404
from app.mail.models import Delivery, Mailing, MailingState, SendState


@dataclass(frozen=True)
class Standing:
    """How many copies stand where; `in_doubt` counts some of the others again."""

    by_state: Mapping[SendState, int]
    in_doubt: int
    reasons: Mapping[tuple[SendState, str], int]

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def left(self) -> int:
        return self.of(SendState.WAITING) + self.of(SendState.SENDING)

    @property
    def done(self) -> int:
        return self.total - self.left

    def of(self, state: SendState) -> int:
        return self.by_state.get(state, 0)

    def why(self, state: SendState) -> Sequence[tuple[str, int]]:
        """The reasons of a state with their numbers, the most frequent first."""
        found = [(reason, n) for (of, reason), n in self.reasons.items() if of == state]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def issues() -> Select[Any]:
    """All issues with their mailings, for the list."""
    query = select(Issue, Mailing).outerjoin(Mailing, Mailing.id == Issue.mailing_id)
    return cast("Select[Any]", query)


def issue(issue_id: int) -> Issue:
    """An issue with its mailing, or 404."""
    query = select(Issue).where(Issue.id == issue_id).options(joinedload(Issue.mailing))
    return find_or_404(db.scalars(query).first())


def locked(issue_id: int) -> Issue:
    """An issue with its mailing, which nobody else changes until the transaction ends."""
    found = find_or_404(db.get(Issue, issue_id, with_for_update=True, populate_existing=True))
    if found.mailing_id is not None:
        db.get(Mailing, found.mailing_id, with_for_update=True, populate_existing=True)
    db.refresh(found, ["mailing"])
    return found


def is_waiting(mailing: Mailing) -> bool:
    """Whether nothing of it has gone out, so that it can still be taken back."""
    return mailing.state == MailingState.SCHEDULED


def is_under_way(mailing: Mailing) -> bool:
    """Whether it goes out, went out, or is about to."""
    return not is_waiting(mailing) or mailing.due_at <= clock.now()


def is_large(mailing: Mailing) -> bool:
    """Whether it goes to so many people that a second person looks at it."""
    return "large" in mailing.facts


def needs_second_person(mailing: Mailing) -> bool:
    """Whether a large issue waits for somebody else's yes, or for its hour to pass."""
    return is_waiting(mailing) and is_large(mailing) and "approved_by" not in mailing.facts


def standing(mailing: Mailing) -> Standing:
    """One statement whatever the number of copies."""
    doubts = func.sum(case((Delivery.in_doubt, 1), else_=0))
    rows = db.execute(
        select(Delivery.state, Delivery.reason, func.count(), doubts)
        .where(Delivery.mailing_id == mailing.id)
        .group_by(Delivery.state, Delivery.reason)
    ).all()
    by_state: dict[SendState, int] = {}
    for state, _reason, number, _doubts in rows:
        by_state[state] = by_state.get(state, 0) + number
    return Standing(
        by_state=by_state,
        in_doubt=sum(row[3] for row in rows),
        reasons={(state, reason): number for state, reason, number, _doubts in rows},
    )


def alliance_choices() -> Sequence[tuple[int, str]]:
    rows = db.execute(
        select(Alliance.id, Alliance.name)
        .where(Alliance.life_cycle.in_(PUBLIC))
        .order_by(Alliance.name)
    )
    return [(alliance_id, name) for alliance_id, name in rows]
