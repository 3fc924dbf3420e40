"""When councils meet as a rule: reading "second and fourth Tuesday 10:00", and the days it means.

The grammar: `[every | ORDINALS] WEEKDAYS TIME [in MONTHS | except MONTHS]`, several of them with
semicolons between. `1st`, `first`, `last`, `10:00`, `6:30 pm` and `noon` are understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from app.work import working_days

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
LAST = -1
ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "last": LAST,
}
NOISE = {"and", "every", "each", "the", "of", "at", "on", "month", "day", "&", "to"}
CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


class UnreadablePattern(ValueError):
    """A rule of meetings that cannot be read; its argument is the word that was not understood."""


class UnreadableSpan(ValueError):
    """A recess that is no pair of days."""


@dataclass(frozen=True)
class Part:
    """One weekly or monthly rhythm; no ordinals means every week, no months every month."""

    weekdays: tuple[int, ...]
    at: time
    ordinals: tuple[int, ...] = ()
    months: tuple[int, ...] = ()

    def falls_on(self, day: date) -> bool:
        if day.weekday() not in self.weekdays or (self.months and day.month not in self.months):
            return False
        if not self.ordinals:
            return True
        is_last = (day + A_WEEK).month != day.month
        return (day.day - 1) // 7 + 1 in self.ordinals or (is_last and LAST in self.ordinals)


@dataclass(frozen=True)
class Pattern:
    """All rhythms of one body."""

    parts: tuple[Part, ...]

    def at(self, day: date) -> time | None:
        """When the meeting of a day begins; None if the rule has none."""
        times = [part.at for part in self.parts if part.falls_on(day)]
        return min(times) if times else None


@dataclass(frozen=True)
class Span:
    """From a day to a day, both of them in it; without a year each year."""

    first: str
    last: str

    def holds(self, day: date) -> bool:
        written = day.isoformat()
        if len(self.first) == len(written):
            return self.first <= written <= self.last
        month_day = written[5:]
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last


def span(raw: str) -> Span:
    """`2027-07-01/2027-08-10` or, for every year, `07-01/08-10`."""
    first, _, last = (part.strip() for part in raw.partition("/"))
    last = last or first
    for one in (first, last):
        if not re.fullmatch(r"(\d{4}-)?\d{2}-\d{2}", one) or len(first) != len(last):
            raise UnreadableSpan(raw)
        try:
            date.fromisoformat(one if len(one) == 10 else f"2028-{one}")
        except ValueError:
            raise UnreadableSpan(raw) from None
    if len(first) == 10 and first > last:
        raise UnreadableSpan(raw)
    return Span(first, last)


def read(rule: str) -> Pattern:
    """The pattern that somebody wrote; raises UnreadablePattern."""
    parts = [_part(part) for part in re.split(r"[;\n]", rule) if part.strip()]
    if not parts:
        raise UnreadablePattern(rule.strip())
    return Pattern(tuple(parts))


def _part(raw: str) -> Part:
    words, months = _months(raw.strip().casefold().rstrip("."))
    words, at = _time(words)
    ordinals: list[int] = []
    weekdays: list[int] = []
    for word in re.split(r"[,\s]+", words):
        if word in ORDINALS:
            ordinals.append(ORDINALS[word])
        elif weekday := _named(word, WEEKDAYS):
            weekdays.append(weekday - 1)
        elif word and word not in NOISE:
            raise UnreadablePattern(word)
    if not weekdays:
        raise UnreadablePattern(raw.strip())
    return Part(tuple(sorted(set(weekdays))), at, tuple(dict.fromkeys(ordinals)), months)


def _months(raw: str) -> tuple[str, tuple[int, ...]]:
    """What stands before `in …` or `except …`, and the months that this leaves."""
    match = re.search(r"\b(in|except)\b(.*)$", raw)
    if not match:
        return raw, ()
    named = []
    for word in re.split(r"[,\s]+", match[2].strip()):
        month = _named(word, MONTHS)
        if month:
            named.append(month)
        elif word and word not in NOISE:
            raise UnreadablePattern(word)
    if match[1] == "except":
        named = [month for month in range(1, 13) if month not in named]
    return raw[: match.start()], tuple(sorted(set(named)))


def _time(raw: str) -> tuple[str, time]:
    """What stands beside the time, and the time."""
    raw = re.sub(r"\bnoon\b", "12:00", re.sub(r"\b([ap])\.m\b\.?", r"\1m", raw))
    for match in CLOCK.finditer(raw):
        before, after = raw[: match.start()], raw[match.end() :]
        if re.match(r"(st|nd|rd|th)\b", after) or not (match[2] or match[3]):
            continue
        hour, minute = int(match[1]), int(match[2] or 0)
        if match[3]:
            hour = hour % 12 + (12 if match[3].startswith("p") else 0)
        try:
            return f"{before} {after}", time(hour, minute)
        except ValueError:
            raise UnreadablePattern(match[0].strip()) from None
    raise UnreadablePattern(raw.strip())


def _named(word: str, names: Sequence[str]) -> int:
    """The number of a weekday or month by its name or at least three of its letters; else 0."""
    word = word.rstrip(".")
    found = [n for n, name in enumerate(names, 1) if word in (name, f"{name}s")]
    found += [n for n, name in enumerate(names, 1) if len(word) >= 3 and name.startswith(word)]
    return found[0] if found else 0


@dataclass(frozen=True)
class Sitting:
    """A meeting on a day: wall time; `known` says that somebody entered it, not only the rule,
    which somebody looked at on the day `checked_on`."""

    wall_start: datetime
    known: bool = False
    checked_on: date | None = None

    @property
    def day(self) -> date:
        return self.wall_start.date()


_A_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Calendar:
    """When a body or a committee holds regular meetings."""

    pattern: Pattern | None = None
    recess: tuple[Span, ...] = ()
    exceptions: frozenset[date] = frozenset()
    entered: tuple[Sitting, ...] = ()
    cancelled: frozenset[date] = frozenset()
    checked_on: date | None = None

    @property
    def is_known(self) -> bool:
        return self.pattern is not None or bool(self.entered)

    def reaches(self, day: date) -> bool:
        """Whether meetings are known up to a day: without a pattern only as far as they were
        entered, and no longer after the last one than there is between two."""
        if self.pattern is not None or not self.entered:
            return self.pattern is not None
        days = sorted(one.day for one in self.entered)
        gaps = [two - one for one, two in pairwise(days)]
        return day <= days[-1] + max(gaps, default=_A_MONTH)

    def sitting(self, day: date) -> Sitting | None:
        """The regular meeting of a day. One that was entered outranks the pattern's, which has
        none on federal holidays: councils skip or move those, and only the clerk knows whither."""
        for one in self.entered:
            if one.day == day:
                return one
        if self.pattern is None or day in self.cancelled or day in self.exceptions:
            return None
        if any(span.holds(day) for span in self.recess):
            return None
        at = self.pattern.at(day)
        if at is None or working_days.is_holiday(day):
            return None
        return Sitting(datetime.combine(day, at), checked_on=self.checked_on)

    def backwards(self, last: date, days: int = 400) -> Iterator[Sitting]:
        """Regular meetings up to and with `last`, newest first."""
        for back in range(days):
            found = self.sitting(last - back * A_DAY)
            if found:
                yield found

    def onwards(self, first: date, days: int = 400) -> Iterator[Sitting]:
        """Regular meetings from `first` on."""
        for ahead in range(days):
            found = self.sitting(first + ahead * A_DAY)
            if found:
                yield found
