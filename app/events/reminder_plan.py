"""The plan of an event's reminders: when each goes out, and the words that organizers chose.

An event without a plan of its own has the ordinary one. A plan is kept as JSON in the event and in
event templates, with the words of the letters after it (see `own_letters`); `read` takes from it
what makes sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any

from app.events import own_letters
from app.events.models import Event
from app.events.own_letters import OwnLetter, OwnWords
from app.foundation import clock

LONGEST_BEFORE = 60
MOST = 6
MORNING = "11:00"
_KEY = re.compile(r"(\d{1,2})([dh])")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, kw_only=True)
class PlannedReminder(OwnLetter):
    """One reminder: so many days before the event at a time of its clock, or so many hours."""

    days_before: int | None = None
    hours_before: int | None = None
    at: str | None = None

    def due_at(self, event: Event) -> datetime:
        if self.days_before is None:
            hours = 1 if event.link_opens_late else self.hours_before or 0  # with the link
            return event.starts_at - timedelta(hours=hours)
        return _on(event, self.days_before, self.at or MORNING)

    def expires_at(self, event: Event) -> datetime:
        """From when on it would come too late: halfway to the event, or as it begins."""
        if self.days_before is None:
            return event.starts_at
        if self.days_before > 1:
            return _on(event, (self.days_before + 1) // 2, self.at or MORNING)
        late = event.starts_at - timedelta(hours=4)
        return late if late > self.due_at(event) else event.starts_at


ORDINARY = (
    PlannedReminder("7d", days_before=7, at=MORNING),
    PlannedReminder("1d", days_before=1, at=MORNING),
    PlannedReminder("2h", hours_before=2),
)


def of(event: Event) -> Sequence[PlannedReminder]:
    """The plan of an event, the earliest first."""
    return ORDINARY if event.reminders is None else read(event.reminders)


def read(raw: Iterable[Mapping[str, Any]]) -> Sequence[PlannedReminder]:
    """A plan from JSON; what makes no sense is left out, and each time stands once."""
    found: dict[str, PlannedReminder] = {}
    for entry in raw:
        one = _one(entry)
        if one is not None:
            found[one.key] = one
    return sorted(found.values(), key=_order)[:MOST]


def kept(
    plan: Iterable[PlannedReminder], afterwards: Iterable[OwnLetter] = ()
) -> list[dict[str, Any]]:
    """A plan as it is kept, with the letters after the event."""
    return [asdict(one) for one in sorted(plan, key=_order)] + own_letters.kept(afterwards)


def planned(key: str, at: str, *words: str) -> PlannedReminder | None:
    """The reminder `7d` or `2h` with a time of day and own words; None for an odd key or time."""
    match = _KEY.fullmatch(key)
    number, unit = match.groups() if match else ("", "")
    if unit == "h":
        return PlannedReminder(key, *words, hours_before=int(number))
    if unit != "d" or int(number) > LONGEST_BEFORE or not _TIME.fullmatch(at or MORNING):
        return None
    return PlannedReminder(key, *words, days_before=int(number), at=at or MORNING)


def words_of(event: Event, key: str, spoken: str) -> OwnWords | None:
    """What the organizers wrote for one reminder in a language, as it stands now."""
    own = next((one for one in of(event) if one.key == key), None)
    return own.read_in(spoken) if own else None


def _one(entry: Mapping[str, Any]) -> PlannedReminder | None:
    days, hours = entry.get("days_before"), entry.get("hours_before")
    key = f"{days}d" if isinstance(days, int) else f"{hours}h"
    return planned(key, str(entry.get("at") or ""), *own_letters.words_in(entry).values())


def _order(one: PlannedReminder) -> tuple[int, str]:
    hours = (one.hours_before or 0) if one.days_before is None else one.days_before * 24 + 24
    return -hours, one.key


def _on(event: Event, days_before: int, at: str) -> datetime:
    day = event.wall_start.date() - timedelta(days=days_before)
    return clock.instant(datetime.combine(day, time.fromisoformat(at)), event.time_zone)
