"""Search: the same words found on both databases, marked where they stand, in good time."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.library import entries, search
from app.library.entries import Findable
from app.library.reading_models import Entry, EntryKind
from tests.library import many
from tests.statements import count_statements, plans

ITEMS = 3_000
INDEX = {"postgresql": "ix_library_entry_words", "sqlite": "VIRTUAL TABLE INDEX"}


def put(key: str, title: str, body: str = "", as_of: str = "2026") -> None:
    entries.put(Findable(EntryKind.ANALYSIS, key, title, body, f"/library/analyses/{key}", as_of))


def keys(typed: str) -> list[str]:
    return [hit.entry.key for hit in search.find(typed).hits]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Courts", "court"),
        ("court", "COURTS"),
        ("Atrocities", "atrocity"),
        ("the Court's judges", "courts judge"),
        ("Perú", "peru"),
        ("Straße", "STRASSE"),
        ("Hissène Habré", "hissene hab"),
        ("H.Res. 209", "res 209"),
        ("Право", "прав"),
        ("accountability", "account"),
        ("witnesses", "witness"),
        ("O’Brien", "O'Brien"),
        ("lawyers, judges", "judges lawyers"),
    ],
)
def test_words_are_found_in_any_form(db: Session, written: str, typed: str) -> None:
    put("one", "Title", written)
    db.flush()

    assert keys(typed) == ["one"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "'",
        '"',
        "%",
        "* OR a",
        "a & b | !c",
        "NEAR(x y)",
        "\\",
        "(:*",
        "ab:c",
        "−1",
        "x" * 5000,
    ],
)
def test_what_is_no_word_finds_nothing_and_breaks_nothing(db: Session, typed: str) -> None:
    put("one", "Justice")
    db.flush()

    assert keys(typed) == []


def test_all_words_must_be_there_and_titles_come_first(db: Session) -> None:
    put("text", "About something", "War crimes and justice", as_of="2026-07")
    put("title", "Justice for war crimes", as_of="2015")
    put("other", "Justice")
    db.flush()

    assert keys("war justice") == ["title", "text"]


def test_what_changes_is_found_as_it_is_now(db: Session) -> None:
    put("one", "Palestine")
    db.flush()
    put("one", "Ukraine")
    db.flush()

    assert (keys("palestine"), keys("ukraine")) == ([], ["one"])
    entries.drop(EntryKind.ANALYSIS, "one")
    assert keys("ukraine") == []


def test_found_words_are_marked_and_the_rest_is_escaped(client: FlaskClient, db: Session) -> None:
    body = "x " * 200 + "the <script>alert(1)</script> Courts decide " + "y " * 200
    put("one", "A <b>court</b> decides", body)

    page = client.get("/library/search?q=court").text

    assert "A &lt;b&gt;<mark>court</mark>&lt;/b&gt; decides" in page
    assert "<mark>Courts</mark> decide" in page
    assert "<script>alert" not in page
    assert "1 thing found" in page


def test_pages_of_what_was_found(client: FlaskClient, db: Session) -> None:
    for number in range(45):
        put(f"n{number:02}", f"Justice {number}")

    assert client.get("/library/search?q=justice").text.count("<mark>Justice</mark>") == 20
    assert client.get("/library/search?q=justice&page=3").text.count("<mark>Justice</mark>") == 5
    assert client.get("/library/search?q=justice&page=99999").status_code == 200
    assert "45 things found" in client.get("/library/search?q=justice&kind=analysis").text
    assert "Nothing found" in client.get("/library/search?q=justice&kind=debate").text


def test_many_items_are_searched_by_the_index_and_a_thousand_are_ranked(
    client: FlaskClient, db: Session
) -> None:
    db.execute(insert(Entry), list(many.entries(ITEMS)))
    db.commit()
    db.execute(text("ANALYZE library_entry"))

    for typed in ("number699", "kenya courts number12", "victims just"):
        with count_statements() as statements:
            assert search.find(typed).hits
        assert len(statements) == 2
    for typed in ("number699", "rare17 rare30"):
        with plans() as found:
            search.find(typed)
        assert any(INDEX[db.get_bind().dialect.name] in plan for plan in found), found
    everything = search.find("justice", number=50)
    assert (everything.is_more, everything.pages, len(everything.hits)) == (True, 50, 20)
    assert search.find("justice", number=51).hits == []
    assert "More than 1,000 things found." in client.get("/library/search?q=justice").text
