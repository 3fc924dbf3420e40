"""Documents are made one at a time for the whole machine, and one that was made is kept."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.campaigns import turnouts
from app.campaigns.stages import Stage
from app.campaigns.turnouts import Told
from app.foundation import clock, presses
from tests.campaigns.world import campaign


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    Path(app.config["VAR_DIR"]).mkdir(parents=True, exist_ok=True)
    with app.app_context():
        yield


@pytest.fixture
def own() -> dict[str, str]:
    """What makes a test's orders its own: what was made stays with the process."""
    return {"of": uuid4().hex}


@contextmanager
def being_made(app: Flask) -> Iterator[None]:
    """Another process has its turn."""
    with (Path(app.config["VAR_DIR"]) / "documents.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_what_was_made_is_not_made_again(own: dict[str, str]) -> None:
    made = []
    for order in ({"words": "one"}, {"words": "one"}, {"words": "two"}):
        presses.once(own | order, lambda: made.append(1) or b"a document")
    assert len(made) == 2


def test_what_failed_is_made_again(own: dict[str, str]) -> None:
    def fail() -> bytes:
        raise LookupError

    with pytest.raises(LookupError):
        presses.once(own, fail)
    assert presses.once(own, lambda: b"made") == b"made"


def test_only_so_many_and_no_large_ones_are_kept(own: dict[str, str]) -> None:
    made = []

    def make(order: dict[str, int], size: int = 1) -> None:
        presses.once(own | order, lambda: made.append(1) or b"x" * size)

    for number in [*range(presses.MOST_KEPT + 1), 0]:
        make({"number": number})
    assert len(made) == presses.MOST_KEPT + 2
    for _again in range(2):
        make({"large": 1}, presses.MOST_BYTES + 1)
    assert len(made) == presses.MOST_KEPT + 4


def test_a_process_that_dies_gives_its_turn_back(app: Flask, own: dict[str, str]) -> None:
    file = Path(app.config["VAR_DIR"]) / "documents.lock"
    program = f"import fcntl, os; fcntl.flock(open({str(file)!r}, 'ab'), 2); os.abort()"
    subprocess.run([sys.executable, "-c", program], check=False)
    assert presses.once(own, lambda: b"made") == b"made"


def test_a_flood_of_documents_is_told_to_wait_and_pages_still_answer(
    app: Flask, client: FlaskClient, db: Session, own: dict[str, str]
) -> None:
    title = f"Flooded {own['of']}"
    measure = campaign(slug="justice", stage=Stage.SEEKING_SPONSOR, title=title)
    meeting = turnouts.begin(measure, Told(clock.today()))
    db.commit()
    url = f"/campaigns/justice/speak/{meeting.id}/brief.pdf"
    with being_made(app):
        refused = client.get(url)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert "Others are having documents made just now." in refused.text
        assert client.get("/campaigns/justice").status_code == 200
    assert client.get(url).data.startswith(b"%PDF")
    with being_made(app):
        assert client.get(url).data.startswith(b"%PDF")
