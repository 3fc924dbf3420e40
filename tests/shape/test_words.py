"""Pages speak plainly: jargon stays in the code, and every word goes through gettext."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shape.messages import translatable, untranslated
from tests.shape.sources import short, templates

JARGON = re.compile(
    r"\b(whip[ -]counts?|measures?|bod(?:y|ies)|editions?|kits?|lapsed|suppressed|in doubt)\b",
    re.IGNORECASE,
)
PLAIN = re.compile(r"[A-Za-z]{2,}")
NAMES = re.compile(
    r"\b(Whereas|Español|English|CSV|JSON|ICS|RFC|SMTP|PostgreSQL|SQLite|Redis|Celery|kB|KB|ZIP"
    r"|nbsp|amp|middot|mdash|ndash|rarr|larr|times|hellip|lt|gt|quot|shy)\b"
)
"""Words that are the same in each language."""
NOT_TRANSLATED = {"styleguide.html"}
"""Shown to developers only."""


def texts() -> list[Path]:
    """The templates that people read."""
    return [
        file
        for file in templates()
        if file.suffix in (".html", ".txt") and file.name not in NOT_TRANSLATED
    ]


def test_visible_texts_use_no_jargon() -> None:
    found = [(text.file, text.singular) for text in translatable() if JARGON.search(text.singular)]
    found += [(text.file, text.plural) for text in translatable() if JARGON.search(text.plural)]
    for file in texts():
        found += [(short(file), word) for word in JARGON.findall(untranslated(file.read_text()))]
    assert found == []


@pytest.mark.parametrize(
    "sentence", ["The whip count", "Two measures", "In doubt", "your kit", "This body meets"]
)
def test_jargon_is_noticed(sentence: str) -> None:
    assert JARGON.search(sentence)


@pytest.mark.parametrize("sentence", ["Everybody is in", "kitchen", "no doubt", "measured"])
def test_plain_words_pass(sentence: str) -> None:
    assert not JARGON.search(sentence)


def plain_words(source: str) -> list[str]:
    return PLAIN.findall(NAMES.sub(" ", untranslated(source)))


def test_each_word_of_a_template_goes_through_gettext() -> None:
    found = {short(file): words for file in texts() if (words := plain_words(file.read_text()))}
    assert found == {}


def test_a_word_outside_of_gettext_is_noticed() -> None:
    assert plain_words("<p>Hello {{ name }}</p>") == ["Hello"]
    assert plain_words('<img alt="A map">') == ["map"]
    assert plain_words('<a href="{{ x }}" class="btn">{{ _("Hello") }}</a>') == []
    assert plain_words("{% trans %}Hello{% endtrans %}") == []
