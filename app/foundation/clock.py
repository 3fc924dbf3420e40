"""The one door to the time. The demo may move its clock; tests move it with time-machine.

Workers on several machines go by the database's clock (`go_by`), so that one whose own clock is
wrong neither takes the others' leases for lost ones nor writes instants that are hours away.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from flask import current_app, has_app_context

HOME_ZONE = "America/New_York"
"""Whose days are the coalition's own."""
ZONES = frozenset(available_timezones())
TOLERATED = timedelta(seconds=2)
"""A difference that the way to the database explains, and nothing here depends on."""


_ahead = [timedelta()]


class NoSuchTime(ValueError):
    """A wall time that the clocks of its zone skip, such as 02:30 on a spring night."""


def machine() -> datetime:
    """What this machine's clock says, right or wrong."""
    return datetime.now(UTC)


def now() -> datetime:
    """This instant, in UTC."""
    return machine() - _ahead[0] + offset()


def go_by(theirs: datetime) -> timedelta:
    """Go by another clock from now on; how far our machine's is ahead of it."""
    ahead = machine() - theirs
    _ahead[0] = ahead if abs(ahead) > TOLERATED else timedelta()
    return _ahead[0]


def today(zone: str = HOME_ZONE) -> date:
    """The date in a zone; the coalition's own days are New York's."""
    return now().astimezone(ZoneInfo(zone)).date()


def offset() -> timedelta:
    """How far the demo's clock was moved; zero elsewhere."""
    if not has_app_context() or not current_app.config["DEMO"]:
        return timedelta()
    try:
        return timedelta(seconds=float(_offset_file().read_text()))
    except FileNotFoundError:
        return timedelta()


def advance(by: timedelta) -> datetime:
    """Move the demo's clock forward and return its new time."""
    file = _offset_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    moved = file.with_suffix(".new")
    moved.write_text(str((offset() + by).total_seconds()))
    moved.replace(file)  # who reads it meanwhile finds a whole number
    return now()


def _offset_file() -> Path:
    return Path(current_app.config["VAR_DIR"]) / "clock-offset"


def instant(wall: datetime, zone: str) -> datetime:
    """The UTC instant of a wall time; in a gap the first valid minute, in a fold the first."""
    tz = ZoneInfo(zone)
    exact = wall.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if exact.astimezone(tz).replace(tzinfo=None) == wall:
        return exact
    return _end_of_gap(exact, tz)


def _end_of_gap(exact: datetime, tz: ZoneInfo) -> datetime:
    """The second at which the clocks jumped, sought in the three hours before `exact`."""
    start = exact - timedelta(hours=3)
    offset_before = start.astimezone(tz).utcoffset()
    low, high = 0, 3 * 3600
    while high - low > 1:
        middle = (low + high) // 2
        if (start + timedelta(seconds=middle)).astimezone(tz).utcoffset() == offset_before:
            low = middle
        else:
            high = middle
    return start + timedelta(seconds=high)


def checked_instant(wall: datetime, zone: str) -> datetime:
    """The UTC instant of a wall time that somebody typed; raises NoSuchTime in a gap."""
    exact = instant(wall, zone)
    if exact.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise NoSuchTime(f"{wall:%Y-%m-%d %H:%M} does not exist in {zone}")
    return exact
