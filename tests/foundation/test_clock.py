"""Wall times and instants, over the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.foundation import clock


def test_a_wall_time_in_a_gap_becomes_the_first_valid_minute() -> None:
    found = clock.instant(datetime(2027, 3, 14, 2, 30), "America/New_York")

    assert found == datetime(2027, 3, 14, 7, 0, tzinfo=UTC)


def test_a_wall_time_that_happens_twice_is_the_first_one() -> None:
    found = clock.instant(datetime(2027, 11, 7, 1, 30), "America/New_York")

    assert found == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_a_half_hour_gap_ends_where_the_zone_says() -> None:
    found = clock.instant(datetime(2026, 10, 4, 2, 15), "Australia/Lord_Howe")

    assert found == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)


def test_a_typed_time_that_does_not_exist_is_refused() -> None:
    with pytest.raises(clock.NoSuchTime, match="2027-03-14 02:30 does not exist"):
        clock.checked_instant(datetime(2027, 3, 14, 2, 30), "America/New_York")
