"""The facts that sources get wrong: the day is July 17, and a figure stands with its day."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.library.models import TalkingPoint
from seeds import library

ROOT = Path(__file__).parents[2]
WRONG = re.compile(r"June\s+17|17\s+de\s+junio|Jun\.?\s+17", re.IGNORECASE)
WRITTEN = ("*.html", "*.txt", "*.typ", "*.po", "*.toml", "*.json", "*.py")
PAGES = (
    *("/library/", "/library/recommendations/", "/library/points", "/library/analyses"),
    *("/library/statements", "/library/situations", "/library/debates/", "/library/sources"),
    *("/library/recommendations/asil-b1", "/library/search?q=justice", "/library/analyses.atom"),
)


def test_no_page_mail_print_or_seed_says_june_17() -> None:
    folders = (ROOT / "app", ROOT / "seeds")
    files = [file for folder in folders for kind in WRITTEN for file in folder.rglob(kind)]
    assert len(files) > 500
    assert [file for file in files if WRONG.search(file.read_text())] == []


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_the_library_says_it(client: FlaskClient, db: Session, path: str) -> None:
    library.seed()
    db.commit()

    page = client.get(path)

    assert page.status_code == 200
    assert WRONG.search(page.text) is None


def test_each_figure_stands_with_the_day_it_is_of(client: FlaskClient, db: Session) -> None:
    library.seed()
    db.commit()
    points = [each for each in db.scalars(select(TalkingPoint)) if re.search("[0-9]", each.words)]
    assert points

    for point in points:
        page = client.get(f"/library/points/{point.key}").text
        assert "<dt>As of</dt>" in page, point.key
    cards = client.get("/library/points").text.split("<article")[1:]
    assert [card for card in cards if "As of " not in card] == []
    found = client.get("/library/search?q=states").text.split("<li><h2>")[1:]
    assert found
    assert [hit for hit in found if "As of " not in hit] == []
    page = client.get("/library/recommendations/asil-b1").text
    said = page.partition("What to say</summary><ul>")[2].partition("</ul>")[0].split("<li>")[1:]
    assert said
    assert [line for line in said if "As of " not in line] == []
    for path in ("/", "/library/"):
        assert "A look at what its articles say. <span" in client.get(path).text


def test_seeding_again_leaves_what_staff_wrote(db: Session) -> None:
    library.seed()
    ask = library.Ask
    first = db.scalars(select(ask).order_by(ask.id)).first()
    situation = db.scalars(select(library.Situation)).first()
    assert first is not None
    assert situation is not None
    first.local_form, situation.summary = "In our own words.", "Shorter."
    db.flush()
    library.seed()

    assert (first.local_form, situation.summary) == ("In our own words.", "Shorter.")
