"""Which letters documents cannot show: those that are drawn like one that does not exist."""

from __future__ import annotations

import fcntl
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from app.foundation import documents, lettering, presses

UNASSIGNED = "\U0001f8ff"


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which letters the typesetter was asked about."""
    seen: list[str] = []
    draw = documents.svg

    def noted(template: str, values: Mapping[str, Any]) -> bytes:
        seen.append("".join(values["letters"][1:]))
        return draw(template, values)

    monkeypatch.setattr(documents, "svg", noted)
    return seen


def test_letters_that_no_font_has_are_told_once(app: Flask) -> None:
    assert lettering.lacking([f"José {UNASSIGNED}", f"☐ {UNASSIGNED} →"]) == UNASSIGNED


def test_usual_letters_and_what_joins_them_cost_nothing(app: Flask, orders: list[str]) -> None:
    assert lettering.lacking(["José Ñandú’s Łódź – Ελλάδα, Київ €5", "e\u0301\u200d\ufe0f\n"]) == ""
    assert orders == []


def test_the_usual_letters_are_in_the_fonts_that_come_along(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = [chr(code) for code in range(0x2200) if lettering.USUAL.match(chr(code))]
    visible = [each for each in usual if unicodedata.category(each)[0] not in "CMZ"]
    monkeypatch.setattr(lettering, "_is_usual", lambda letter: letter == lettering.MARK)
    assert len(visible) > 1_000
    assert lettering.lacking(visible) == ""


def test_a_page_that_only_warns_does_not_wait_for_the_press(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presses, "LONGEST_WAIT", 0)
    monkeypatch.setattr(presses, "_made", OrderedDict())
    app.config["VAR_DIR"].mkdir(exist_ok=True)
    with (app.config["VAR_DIR"] / presses.LOCK).open("ab") as others:
        fcntl.flock(others, fcntl.LOCK_EX)
        with app.app_context():
            assert lettering.lacking([UNASSIGNED]) == ""
    assert lettering.lacking([UNASSIGNED]) == UNASSIGNED
