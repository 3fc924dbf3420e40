"""Text cleaned, shortened, and shown safely."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation import text


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Maria@Example.ORG", "maria@example.org"),
        ("  maria@example.org ", "maria@example.org"),
        ("ｍaria@example.org", "maria@example.org"),
        ("MARİA@example.org".replace("İ", "I"), "maria@example.org"),
    ],
)
def test_all_ways_to_write_an_address_are_one(typed: str, canonical: str) -> None:
    assert text.canonical_email(typed) == canonical


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x00", "\x85"])
def test_a_line_stays_one_line(breaks: str) -> None:
    line = text.one_line(f"Maria{breaks}Bcc: all@example.org")

    assert line.replace(" ", "") == "MariaBcc:all@example.org"
    assert breaks not in line


@given(st.text())
def test_no_control_character_survives(raw: str) -> None:
    assert not [c for c in text.clean(raw) if ord(c) < 32 and c not in "\n\t\r"]


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![pixel](https://tracker.example.org/p.gif)",
        "<a href='x' onclick='alert(1)'>y</a>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_markdown_runs_nothing_and_loads_nothing(attack: str) -> None:
    html = text.markdown(attack)

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert "<a href='x' onclick" not in html


def test_markdown_headings_stand_below_the_pages_own() -> None:
    assert text.markdown("# One\n\n## Two") == "<h2>One</h2>\n<h3>Two</h3>\n"


def test_template_marks_stay_literal() -> None:
    assert "{{7*7}} {0.x} ${x}" in text.markdown("{{7*7}} {0.x} ${x}")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Film evening, São Paulo!", "film-evening-sao-paulo"),
        ("正義", "item"),
        ("  --  ", "item"),
        ("x" * 99, "x" * 60),
        (f"{'word ' * 12}last", "-".join(["word"] * 12)),
        (f"{'word ' * 11}longest", "-".join(["word"] * 11)),
    ],
)
def test_slugs_are_short_plain_words(title: str, slug: str) -> None:
    assert text.slug(title) == slug


def test_a_taken_slug_gets_a_number() -> None:
    assert text.free_slug("panel", {"panel", "panel-2"}) == "panel-3"


def test_a_masked_address_tells_nothing_but_its_domain() -> None:
    assert text.mask_email("maria@example.org") == "m…@example.org"


@pytest.mark.parametrize("turn", ["\u202e", "\u2066", "\u202a", "\x9b"])
def test_what_turns_the_words_that_follow_is_taken_out(turn: str) -> None:
    assert text.one_line(f"Ana {turn}Díaz") == "Ana Díaz"
    assert text.clean(f"Ana\n{turn}Díaz") == "Ana\nDíaz"


def test_an_excerpt_reads_a_page_of_brackets_once() -> None:
    assert text.excerpt("[" * 500_000, 10) == "[" * 9 + "…"
    assert text.excerpt("[a](" * 200_000, 10) == "[a]([a]([…"
    assert text.excerpt("![a](https://x.org/b_(c)) and [d](e)") == "a and d"


def test_an_excerpt_ends_at_a_word() -> None:
    assert text.excerpt("**Come** and [meet](https://x.org) all the neighbors", 20) == (
        "Come and meet all…"
    )
