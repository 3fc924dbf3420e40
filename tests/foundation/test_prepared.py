"""Statements that are run many times: planned seldom on PostgreSQL, and anew in each block."""

from __future__ import annotations

import pytest
from sqlalchemy import String, bindparam, func, select, text
from sqlalchemy.orm import Session

from app.foundation import clock, edge
from app.foundation.edge import Prepared, Statement
from app.mail.models import Suppression, SuppressionReason

BEFORE_A_PLAN_IS_KEPT = 10
"""The driver prepares after five times, and the server keeps a plan after five more."""
PLANS = """
SELECT custom_plans, generic_plans, name FROM pg_prepared_statements
WHERE position('FROM suppression' IN statement) > 0
"""
MANY = 20_000

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def asking() -> Statement:
    given = bindparam("given", type_=String)
    return Statement(
        select(func.count()).select_from(Suppression).where(Suppression.digest == given)
    )


def suppress(db: Session, digests: list[str]) -> None:
    asked = SuppressionReason.ASKED
    now = clock.now()
    db.add_all(Suppression(digest=each, masked="a", reason=asked, at=now) for each in digests)
    db.commit()


def how_planned(run: Prepared) -> tuple[int, int, str]:
    """How often it was planned, how often a plan was taken that was kept, and what it does."""
    ((made, kept, name),) = run(Statement(text(PLANS)))
    steps = run(Statement(text(f"EXPLAIN EXECUTE {name}('nobody')")))
    return made, kept, "\n".join(step for (step,) in steps)


def test_it_tells_what_is_there_now(db: Session) -> None:
    statement = asking()
    with edge.prepared() as run:
        assert run(statement, given="b")[0][0] == 0
        suppress(db, ["a", "b"])
        assert run(statement, given="b")[0][0] == 1


@on_postgresql
def test_a_statement_is_planned_a_few_times_only(db: Session) -> None:
    statement = asking()
    with edge.prepared() as run:
        for _ in range(BEFORE_A_PLAN_IS_KEPT):
            run(statement, given="b")
        before, kept, _steps = how_planned(run)
        for _ in range(7):
            run(statement, given="b")
        after, kept_after, _steps = how_planned(run)
    assert (after, kept_after) == (before, kept + 8)  # the explanation takes it as well


@on_postgresql
def test_a_plan_for_a_small_table_is_forgotten_with_the_block(db: Session) -> None:
    statement = asking()
    suppress(db, ["a", "b"])
    db.execute(text("ANALYZE suppression"))
    db.commit()
    with edge.prepared() as run:
        for _ in range(BEFORE_A_PLAN_IS_KEPT):
            run(statement, given="b")
        assert "Seq Scan" in how_planned(run)[2]
    suppress(db, [f"{nth:x}" for nth in range(16, MANY)])
    with edge.prepared() as run:
        run(statement, given="b")
        assert "Seq Scan" not in how_planned(run)[2]
