"""What is different this year: who still sponsors it, which last days moved, who must be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.campaigns import deadlines, endorsement_queries, sponsors, text_checks, texts
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure
from app.campaigns.reckoning import Question, StepKind, Timeline
from app.campaigns.renewal_models import Renewal
from app.campaigns.sponsors import Sponsor
from app.campaigns.support_models import Endorsement
from app.campaigns.text_checks import Dated
from app.foundation.db import db


@dataclass(frozen=True)
class Moved:
    """One last day: a year ago, where that is known, and now."""

    kind: StepKind
    before: date | None
    now: date
    stale: bool


@dataclass(frozen=True)
class Endorser:
    """An organization that endorsed last year; `again` once it did so this year."""

    endorsement: Endorsement
    again: bool


@dataclass(frozen=True)
class Changes:
    """All that the coordinator of a renewal must look at."""

    sponsors: Sequence[Sponsor]
    days: Sequence[Moved]
    timeline: Timeline | None
    questions: Sequence[Question]
    dated: Dated
    limits: str
    endorsers: Sequence[Endorser]

    @property
    def has_stale(self) -> bool:
        return any(day.stale for day in self.days)


def of(renewal: Renewal, measure: Measure) -> Changes:
    prior = renewal.prior
    body = db.get_one(Body, measure.body_id)
    timeline = _timeline(body, measure)
    text = texts.current(measure.id)
    parts = texts.parts_of(text) if text else ()
    return Changes(
        sponsors=sponsors.of(prior),
        days=_days(timeline, _timeline(body, prior)),
        timeline=timeline,
        questions=timeline.questions if timeline else (),
        dated=text_checks.dated(text.title if text else "", parts, prior, measure),
        limits=text_checks.standing(measure, parts) if parts else "",
        endorsers=endorsers(prior.id, measure.id),
    )


def endorsers(prior_id: int, measure_id: int) -> Sequence[Endorser]:
    """Who endorsed the old record, and whether they endorse the new one."""
    rows = [each for each in endorsement_queries.of_measure(prior_id) if not each.is_proposed]
    again = set(
        db.scalars(
            select(Endorsement.organization_id).where(
                Endorsement.measure_id == measure_id, Endorsement.withdrawn_on.is_(None)
            )
        )
    )
    return [Endorser(row, row.organization_id in again) for row in rows]


def not_asked(prior_id: int, measure_id: int) -> Sequence[Endorsement]:
    """The old record's endorsers whom nobody asked again, and who did not come by themselves."""
    return [
        each.endorsement
        for each in endorsers(prior_id, measure_id)
        if not each.again and each.endorsement.asked_again_on is None
    ]


def _timeline(body: Body, measure: Measure) -> Timeline | None:
    if measure.target_on is None:
        return None
    return deadlines.of(body, measure.instrument, measure.target_on)


def _days(now: Timeline | None, before: Timeline | None) -> Sequence[Moved]:
    if now is None:
        return ()
    known: Mapping[StepKind, date] = {s.kind: s.day for s in before.steps} if before else {}
    return [Moved(step.kind, known.get(step.kind), step.day, step.stale) for step in now.steps]
