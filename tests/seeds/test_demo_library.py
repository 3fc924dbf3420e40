"""What waits on the demo staff's desk."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.alliances import duplicates, organization_duplicates, partners
from app.alliances import organization_queries as organizations
from app.library import reading_queries
from app.library.reading_models import PressState
from seeds import commands, demo_library


def test_staff_find_the_press_a_paper_chapters_and_records_that_look_alike(db: Session) -> None:
    commands.make_demo()
    press = {
        item.state: (writer, item.correction != "") for item, writer in reading_queries.press()
    }
    assert press == {PressState.SEEN: (None, True), PressState.TAKEN: ("Jo Miller", True)}
    assert len(partners.newest(5)) == 1
    national = organizations.by_slug("veterans-for-justice")
    assert national is not None
    chapters = organizations.chapters(national.id)
    assert chapters
    assert all(organizations.alliances_of(chapter.id) for chapter in chapters)
    assert any(pair.first.name == pair.second.name for pair in duplicates.open_pairs())
    assert [pair.second.name for pair in organization_duplicates.open_pairs()] == [
        demo_library.TWICE
    ]
