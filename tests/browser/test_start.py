"""What somebody reads in the terminal who starts the demo for the first time."""

from __future__ import annotations

from pathlib import Path

from tests.browser import site as demo


def test_the_first_thing_one_reads_is_where_the_site_is(tmp_path: Path) -> None:
    with demo.running(tmp_path, log_level="INFO") as site:
        first = (tmp_path / "demo.log").read_text().strip().splitlines()[0]
    assert first == f"Whereas is at {site.url}"
