"""Wall times and instants, over the days on which clocks change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.foundation import clock
from app.foundation.db import clock_there
from app.foundation.web import Whereas


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


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Puts the machine's clock wrong by so many seconds."""

    def put(seconds: float) -> None:
        monkeypatch.setattr(
            clock, "machine", lambda: datetime.now(UTC) + timedelta(seconds=seconds)
        )

    yield put
    clock.go_by(clock.machine())


def seconds_off() -> float:
    return (clock.now() - datetime.now(UTC)).total_seconds()


@pytest.mark.parametrize("seconds", [-7200, 7200])
def test_a_wrong_clock_goes_by_the_databases(
    seconds: float, wrong: Callable[[float], None], app: Whereas
) -> None:
    wrong(seconds)
    with app.app_context():
        assert seconds_off() == pytest.approx(seconds, abs=1)
        assert clock.go_by(clock_there()).total_seconds() == pytest.approx(seconds, abs=2)
        assert seconds_off() == pytest.approx(0, abs=2)


def test_a_clock_that_is_set_right_goes_by_itself_again(
    wrong: Callable[[float], None], app: Whereas
) -> None:
    wrong(7200)
    with app.app_context():
        clock.go_by(clock_there())
        wrong(0)
        assert clock.go_by(clock_there()) == timedelta()
        assert seconds_off() == pytest.approx(0, abs=0.5)


def test_the_way_to_the_database_is_no_difference(wrong: Callable[[float], None]) -> None:
    wrong(1.5)
    assert clock.go_by(datetime.now(UTC)) == timedelta()


def test_who_reads_the_demos_clock_while_it_is_moved_finds_a_whole_time(
    app: Whereas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "DEMO", True)
    monkeypatch.setitem(app.config, "VAR_DIR", str(tmp_path))
    with app.app_context():
        clock.advance(timedelta(hours=1))
        with (tmp_path / "clock-offset").open() as reader:
            clock.advance(timedelta(hours=1))
            assert reader.read() == "3600.0"
        assert clock.offset() == timedelta(hours=2)
