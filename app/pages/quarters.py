"""The report of a quarter: what the network did, in figures and alliance by alliance."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.alliances.models import Alliance, Membership, MembershipState
from app.alliances.organization_models import Organization, OrganizationState
from app.alliances.words import LIFE_CYCLES
from app.campaigns.measure_models import Measure, StageEntry
from app.campaigns.stages import Stage
from app.events.models import Event, EventState
from app.events.report_models import ReportBack
from app.foundation import clock, language, pagecontext
from app.foundation.db import db
from app.pages import health, trends
from app.pages.health import Health

_NAME = re.compile(r"(20\d\d)-q([1-4])")
OFFERED = 4


@dataclass(frozen=True)
class Quarter:
    """Three months: `2027-q1` begins on January 1."""

    year: int
    number: int

    @property
    def name(self) -> str:
        return f"{self.year}-q{self.number}"

    @property
    def title(self) -> str:
        return str(_("Quarter %(number)s of %(year)s", number=self.number, year=self.year))

    @property
    def first(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def next_first(self) -> date:
        return self.later(1).first

    def later(self, quarters: int) -> Quarter:
        count = self.year * 4 + self.number - 1 + quarters
        return Quarter(count // 4, count % 4 + 1)


@dataclass(frozen=True)
class Report:
    """What happened in a quarter; `figures` are pairs of words and numbers."""

    quarter: Quarter
    as_of: date
    figures: Sequence[tuple[str, int]]
    lines: Sequence[tuple[Health, int, int]]
    """Each alliance with its events and how many came, as far as its organizers reported."""


def named(name: str) -> Quarter | None:
    """A quarter that has begun, by its name in an address."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    quarter = Quarter(int(found[1]), int(found[2]))
    return quarter if quarter.first <= clock.today() else None


def offered() -> Sequence[Quarter]:
    """This quarter and those before it."""
    today = clock.today()
    current = Quarter(today.year, (today.month + 2) // 3)
    return [current.later(-back) for back in range(OFFERED)]


def report(quarter: Quarter) -> Report:
    start, end = (_midnight(day) for day in (quarter.first, quarter.next_first))
    held = _held(start, end)
    lines = [(row, *held.get(row.alliance.id, (0, 0))) for row in health.rows()]
    return Report(
        quarter=quarter,
        as_of=clock.today(),
        figures=_figures(quarter, start, end, held),
        lines=lines,
    )


def heads() -> list[str]:
    return [
        *(_("Alliance"), _("Stage"), _("Members"), _("Events in the quarter")),
        *(_("People who came"), _("What is missing")),
    ]


def cells(line: tuple[Health, int, int]) -> list[Any]:
    row, events, came = line
    stage = str(LIFE_CYCLES[row.alliance.life_cycle][0])
    return [row.alliance.name, stage, row.members, events, came, "; ".join(row.missing)]


def printed(told: Report, site: str) -> Mapping[str, Any]:
    """What the printed report says, as JSON can carry it."""
    return {
        "language": language.current(),
        "site": site,
        "heading": _("Report of a quarter"),
        "title": told.quarter.title,
        "as_of": _("As of %(date)s", date=pagecontext.short_date(told.as_of)),
        "figures": [[words, f"{number:,}"] for words, number in told.figures],
        "heads": heads(),
        "rows": [[str(cell) for cell in cells(line)] for line in told.lines],
        "note": _(
            "Members are counted once in each alliance they belong to. How many came is what "
            "organizers reported. What is missing stands as of the day above."
        ),
    }


def _figures(
    quarter: Quarter, start: datetime, end: datetime, held: Mapping[int, tuple[int, int]]
) -> list[tuple[str, int]]:
    before, after = trends.members_at([start, min(end, clock.now())])
    return [
        (_("Members at its beginning"), before),
        (_("Members at its end, or today"), after),
        (_("People who joined an alliance"), _joined(start, end)),
        (_("People who left one"), _left(start, end)),
        (_("Alliances approved"), _approved(start, end)),
        (_("Organizations that became members"), _organizations(start, end)),
        (_("Alliances that held an event"), len(held)),
        (_("Events"), sum(events for events, _came in held.values())),
        (_("People who came, as reported"), sum(came for _events, came in held.values())),
        (_("Resolutions that became final"), _final(quarter)),
    ]


def _held(start: datetime, end: datetime) -> dict[int, tuple[int, int]]:
    """Events that took place, and how many came, by alliance."""
    rows = db.execute(
        select(Event.alliance_id, func.count(), func.coalesce(func.sum(ReportBack.people), 0))
        .outerjoin(ReportBack, ReportBack.event_id == Event.id)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.starts_at >= start,
            Event.starts_at < min(end, clock.now()),
        )
        .group_by(Event.alliance_id)
    )
    return {alliance_id: (events, came or 0) for alliance_id, events, came in rows}


def _joined(start: datetime, end: datetime) -> int:
    was = Membership.state.in_((MembershipState.ACTIVE, MembershipState.LEFT))
    return _number(select(func.count()).where(was, *_within(Membership.since, start, end)))


def _left(start: datetime, end: datetime) -> int:
    left = Membership.state == MembershipState.LEFT
    return _number(select(func.count()).where(left, *_within(Membership.until, start, end)))


def _approved(start: datetime, end: datetime) -> int:
    return _number(
        select(func.count()).select_from(Alliance).where(*_within(Alliance.approved_at, start, end))
    )


def _organizations(start: datetime, end: datetime) -> int:
    member = Organization.state == OrganizationState.MEMBER
    return _number(
        select(func.count())
        .select_from(Organization)
        .where(member, *_within(Organization.decided_at, start, end))
    )


def _final(quarter: Quarter) -> int:
    """Resolutions of our own alliances that became final on a day or in a month of the quarter."""
    first, after = quarter.first.isoformat(), quarter.next_first.isoformat()
    return _number(
        select(func.count(func.distinct(StageEntry.measure_id)))
        .join(Measure, Measure.id == StageEntry.measure_id)
        .where(
            StageEntry.stage == Stage.FINAL,
            Measure.stage.in_((Stage.FINAL, Stage.TRANSMITTED, Stage.COMPLETED)),
            Measure.counted,
            func.length(StageEntry.on) >= len("2027-07"),
            StageEntry.on >= first[: len("2027-07")],
            StageEntry.on < after[: len("2027-07")],
        )
    )


def _within(column: Any, start: datetime, end: datetime) -> tuple[Any, Any]:
    return column >= start, column < end


def _number(query: Any) -> int:
    return db.scalar(query) or 0


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
