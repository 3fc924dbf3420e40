"""Limits: how often somebody may try, and what a refused try costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.limits import Attempt, Limit, TooMany
from tests.statements import count_statements

TWICE = Limit("tries", 2, timedelta(hours=1))


def attempts(db: Session) -> int | None:
    return db.scalar(select(func.count()).select_from(Attempt))


def test_what_is_left_is_taken_and_then_refused(db: Session) -> None:
    TWICE.take("ana")
    TWICE.take("ana")

    with pytest.raises(TooMany) as refused:
        TWICE.take("ana")

    assert timedelta(minutes=59) < refused.value.wait <= timedelta(hours=1)
    assert attempts(db) == 2


def test_each_key_and_each_kind_has_its_own_count(db: Session) -> None:
    other = Limit("other tries", 2, timedelta(hours=1))
    for limit, key in ((TWICE, "ana"), (TWICE, "ben"), (other, "ana")):
        limit.take(key)
        limit.take(key)

    assert attempts(db) == 6


def test_an_attempt_is_forgotten_after_the_window(db: Session) -> None:
    TWICE.take("ana")
    TWICE.take("ana")
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1)):
        TWICE.take("ana")

    assert attempts(db) == 3


def test_taking_what_is_left_is_one_statement(db: Session) -> None:
    with count_statements() as statements:
        TWICE.take("ana")

    assert len(statements) == 1


def test_the_key_is_not_kept(db: Session) -> None:
    TWICE.take("ana@example.org")

    assert db.scalars(select(Attempt.key_digest)).one() not in ("", "ana@example.org")
