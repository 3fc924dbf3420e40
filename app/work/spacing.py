"""When the steps of a plan are due: counted back from its day, spaced anew by who starts late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.work import working_days

A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Step:
    """One step of a plan.

    `days_before` the day it is due, negative afterwards; with fewer than `lead` days left it is
    not worth beginning. `small` ones are in the small plan too.
    """

    key: str
    title: Any
    days_before: int
    lead: int = 0
    office: bool = False
    small: bool = False


@dataclass(frozen=True)
class Spaced:
    """The due dates by the keys of the steps, and the steps that no longer fit."""

    due: Mapping[str, date]
    dropped: Sequence[Step]


def spaced(steps: Sequence[Step], day: date, today: date) -> Spaced:
    """Due dates of a plan for a day that is begun today; none is in the past."""
    left = (day - today).days
    fitting = [step for step in steps if _fits(step, left)]
    longest = max((step.days_before for step in fitting), default=0)
    scale = min(1.0, left / longest) if longest > 0 else 1.0
    due: dict[str, date] = {}
    for step in fitting:
        on = day - timedelta(days=_days_before(step, scale))
        on = working_days.nearest(on, from_day=today) if step.office else on
        if step.days_before <= 0 or on <= day:
            due[step.key] = on
    return Spaced(due, [step for step in steps if step.key not in due])


def shifted(due_on: date, by: timedelta, *, office: bool, today: date) -> date:
    """A due date after its day has moved; never in the past."""
    on = max(due_on + by, today)
    return working_days.nearest(on, from_day=today) if office else on


def later(due_on: date, day: date | None, *, office: bool, today: date) -> date | None:
    """A week later than something was due, or than today if that has passed; None if too late.

    What is meant for before the `day` stays before it: the day before is the latest. What is due
    on the day itself has no later one.
    """
    begin = max(due_on, today)
    latest = begin + A_WEEK
    if day is not None and due_on <= day:
        latest = min(latest, day - timedelta(days=1))
    on = working_days.nearest(latest, from_day=begin) if office else latest
    return on if begin < on <= latest else None


def _fits(step: Step, left: int) -> bool:
    return left >= step.lead if step.days_before > 0 else left >= step.days_before


def _days_before(step: Step, scale: float) -> int:
    if step.days_before <= 0:
        return step.days_before
    return max(step.lead, int(step.days_before * scale))
