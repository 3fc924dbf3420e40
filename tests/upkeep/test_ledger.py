"""The ledger beside the backups: each wish stands there once, however long a list came in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.foundation import clock
from app.mail.models import SuppressionReason
from app.mail.suppression import suppress
from app.upkeep import ledger


def _stop(db: Session, *emails: str) -> None:
    for email in emails:
        suppress(email, SuppressionReason.ASKED)
    db.commit()


def test_a_list_longer_than_what_is_read_first_is_written_once(
    db: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "TAIL", 300)
    _stop(db, *(f"p{number}@example.org" for number in range(30)))

    assert ledger.write(tmp_path) == 30
    assert ledger.write(tmp_path) == 0
    _stop(db, "late@example.org")
    assert ledger.write(tmp_path) == 1
    assert len((tmp_path / ledger.NAME).read_bytes().splitlines()) == 31


def test_once_it_is_quiet_one_more_line_says_so_and_new_entries_are_found(
    db: Session, tmp_path: Path
) -> None:
    _stop(db, "ana@example.org")
    ledger.write(tmp_path)
    file = tmp_path / ledger.NAME

    with time_machine.travel(clock.now() + 2 * ledger.OVERLAP):
        assert ledger.write(tmp_path) == 0
        assert len(file.read_bytes().splitlines()) == 2
        assert ledger.write(tmp_path) == 0
        assert len(file.read_bytes().splitlines()) == 2
        _stop(db, "bo@example.org")
        assert ledger.write(tmp_path) == 1

    assert ledger.replay(tmp_path, clock.now() - timedelta(days=1)) == 2


@pytest.mark.parametrize("half", [b'{"at": "20', b"{"])
def test_a_line_that_a_stop_left_half_written_goes(
    db: Session, tmp_path: Path, half: bytes
) -> None:
    _stop(db, "ana@example.org")
    ledger.write(tmp_path)
    file = tmp_path / ledger.NAME
    whole = file.read_bytes()
    file.write_bytes(whole + half)
    assert ledger.replay(tmp_path, clock.now() - timedelta(days=1)) == 1

    assert ledger.write(tmp_path) == 0

    assert file.read_bytes() == whole
