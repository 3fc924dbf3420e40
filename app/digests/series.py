"""What staff decide about series: on or off, the day, the subject, the order of sections."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.audit import audit
from app.digests import rota, series_rows
from app.digests.models import Issue, Series, SeriesName
from app.foundation import clock, edge


class Stale(edge.Conflict):
    """Somebody else saved the series since the page was opened."""


@dataclass(frozen=True)
class Plan:
    """What staff decide about a series."""

    day: int
    subject: str
    subject_es: str
    sections: list[list[str]]


def switch(name: SeriesName, *, on: bool) -> None:
    """Switch a series on or off; what it had scheduled waits until it is on again."""
    series = series_rows.of(name, lock=True)
    if series.is_on == on:
        return
    series.is_on = on
    series.on_since = clock.now() if on else None
    audit("digests", "series on" if on else "series off", detail=name.value)
    if name in rota.EVERY:
        rota.unschedule(rota.coming(name))
        rota.arrange(name)


def save(name: SeriesName, plan: Plan, *, version: int) -> None:
    """Change the day, the subject and the usual order of sections; raises Stale.

    The issue that is scheduled moves to the new day and takes over what it had from the old plan.
    """
    series = series_rows.of(name, lock=True)
    if series.version != version:
        raise Stale(f"series {name} is at version {series.version}")
    issue = rota.coming(name)
    if issue is not None:
        _follow(issue, series, plan)
    moved = series.day != plan.day
    series.day, series.sections = plan.day, plan.sections
    series.subject, series.subject_es = plan.subject, plan.subject_es
    series.version += 1
    if moved:
        rota.unschedule(issue)
        rota.arrange(name)


def _follow(issue: Issue, series: Series, plan: Plan) -> None:
    """Let the coming issue follow a new plan where staff had not given it words of its own."""
    if issue.subject == series.subject:
        issue.subject = plan.subject
        if issue.mailing is not None:
            issue.mailing.title = plan.subject
    if issue.subject_es == series.subject_es:
        issue.subject_es = plan.subject_es
    if issue.sections == series.sections:
        issue.sections = plan.sections
    issue.version += 1
