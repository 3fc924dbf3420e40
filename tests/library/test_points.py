"""The message bank: what one can say, with source and day."""

from __future__ import annotations

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.foundation import clock
from tests.library.world import SourceFactory, TalkingPointFactory


def test_a_point_is_shown_with_its_source_and_its_day(client: FlaskClient, db: Session) -> None:
    report = SourceFactory(title="A Report on Justice")
    TalkingPointFactory(
        words="Justice pays.", source=report, section="p. 4", as_of=date(2026, 7, 17)
    )
    TalkingPointFactory(words="Nobody says this.", withdrawn_at=clock.now())

    page = client.get("/library/points").text

    assert "Justice pays." in page
    assert "A Report on Justice, p. 4" in page
    assert "As of Jul 17, 2026" in page
    assert "Nobody says this." not in page
