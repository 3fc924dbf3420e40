"""The reference data: counted, twice loaded without a change, and its facts right."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.foundation.db import Base
from app.library import checks, points, queries
from app.library.models import (
    Ask,
    OutcomeState,
    Recommendation,
    Source,
    TalkingPoint,
)
from app.library.reading_models import (
    Analysis,
    Argument,
    Debate,
    DebateLink,
    LinkRole,
    Position,
    Situation,
    Statement,
)
from seeds import library
from tests.kept import Kept

ROOT = Path(__file__).parents[2]
OLD = checks.Finding("point states-parties", "is as of 2025-01-01", old=True)

LIBRARY = Kept(library.seed)


@pytest.fixture
def seeded(db: Session) -> Session:
    LIBRARY.write(db)
    return db


def count(db: Session, query: Select[tuple[object]]) -> int:
    return db.scalar(select(func.count()).select_from(query.subquery())) or 0


def of_set(key: str, *, items: bool = False) -> Select[tuple[object]]:
    is_item = Recommendation.parent_id.is_not(None)
    return select(Recommendation.id).where(
        Recommendation.set_key == key, is_item if items else ~is_item
    )


def test_recommendations_are_as_many_as_the_sources_make(seeded: Session) -> None:
    assert count(seeded, of_set("asil-b")) == 18
    assert count(seeded, of_set("blueprint-6")) == 5
    assert count(seeded, of_set("just-security")) == 9
    items = seeded.execute(
        select(Recommendation.code)
        .where(Recommendation.parent_id.is_not(None))
        .order_by(Recommendation.position)
    ).scalars()
    assert [code.partition(".")[0] for code in items] == ["JS-1"] * 9 + ["JS-8"] * 7


def test_each_recommendation_addresses_somebody_and_names_its_source(seeded: Session) -> None:
    whole = [row for row in queries.recommendations() if row.parent_id is None]

    assert len(whole) == 32
    assert [row.code for row in whole if not row.actors] == []
    assert [row.code for row in whole if not row.set.source.published] == []
    assert [row.code for row in whole if not row.summary] == []


def test_analyses_are_sixteen_with_a_title_and_one_without(seeded: Session) -> None:
    assert count(seeded, select(Analysis.id)) == 17
    assert count(seeded, select(Analysis.id).where(Analysis.title == "")) == 1
    assert sorted(seeded.scalars(select(Situation.key))) == [
        *("afghanistan", "colombia", "darfur", "flotilla", "kenya", "palestine", "ukraine"),
    ]


def test_five_reasons_and_one_statement(seeded: Session) -> None:
    reasons = select(TalkingPoint.id).where(TalkingPoint.key.startswith("reason-"))
    assert count(seeded, reasons) == 5
    [statement] = seeded.scalars(select(Statement))
    assert (statement.organization, statement.on) == ("American Bar Association", "2015-07-17")
    assert points.count_words(statement.quotation) <= 40


def test_one_question_with_three_arguments_three_key_resources_and_seven_links(
    seeded: Session,
) -> None:
    debate = seeded.scalars(select(Debate).where(Debate.predecessor_id.is_not(None))).one()
    of_debate = select(Argument.position).where(Argument.debate_id == debate.id)
    positions = list(seeded.scalars(of_debate))
    roles = list(seeded.scalars(select(DebateLink.role).order_by(DebateLink.place)))

    assert count(seeded, select(Debate.id)) == 2  # the question, and the one before it
    assert len(positions) == 3
    assert positions.count(Position.AGAINST) == 1
    assert len(roles) == 7
    assert roles.count(LinkRole.KEY_RESOURCE) == 3
    assert roles.count(LinkRole.PREDECESSOR) == 1


def test_loading_again_changes_nothing(seeded: Session) -> None:
    def rows() -> dict[str, int]:
        return {t.name: count(seeded, select(t)) for t in Base.metadata.sorted_tables}

    before = rows()
    assert before["ask"] == 8
    assert library.seed() == library.seed()
    seeded.commit()
    assert rows() == before


def test_a_correction_of_staff_outlives_loading_again(seeded: Session) -> None:
    point = queries.point("reason-voice")
    assert point is not None
    points.correct(point, "Whoever takes part writes the law.", "Shorter.", point.as_of)

    library.seed()
    seeded.expire_all()

    assert point.words == "Whoever takes part writes the law."


def test_points_have_at_most_forty_words_and_a_source(seeded: Session) -> None:
    rows = seeded.scalars(queries.bank()).all()
    assert len(rows) == 15
    assert [row.key for row in rows if points.count_words(row.words) > 40] == []
    assert [row.key for row in rows if row.source is None] == []


def test_only_the_number_of_states_is_old(seeded: Session) -> None:
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC)):
        assert checks.findings() == [OLD]


def test_each_of_the_five_sources_says_what_was_taken(seeded: Session) -> None:
    sources = queries.sources()
    assert [source.key for source in sources] == [
        *("amicc", "asil", "blueprint", "just-security", "arguendo"),
    ]
    assert all(source.taken for source in sources)


def test_sanctions_were_revoked_and_came_back(seeded: Session) -> None:
    found = queries.recommendation("js-8")
    assert found is not None
    assert found.state == OutcomeState.REVERSED
    assert [(each.on, each.state) for each in queries.outcomes(found.id)] == [
        ("2025-02-06", OutcomeState.REVERSED),
        ("2021-04-01", OutcomeState.PARTLY),
    ]


def test_every_ask_belongs_to_a_recommendation(seeded: Session) -> None:
    assert count(seeded, select(Ask.id).where(Ask.recommendation_id.is_(None))) == 0
    assert count(seeded, select(Source.key)) == 5


@pytest.mark.parametrize("folder", ["app", "seeds"])
def test_nothing_calls_the_day_june_17(folder: str) -> None:
    wrong = re.compile(r"june 17|17 de junio", re.IGNORECASE)
    texts = [
        file
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".py", ".html", ".txt", ".toml", ".po", ".typ", ".xml"}
    ]
    assert len(texts) > 10
    assert [str(file) for file in texts if wrong.search(file.read_text())] == []
