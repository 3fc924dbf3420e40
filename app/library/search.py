"""Search: words are normalised by us, so that PostgreSQL and SQLite find the same things.

PostgreSQL keeps them in a GIN index, SQLite in an FTS5 table; neither takes a word apart again.
The last word that somebody typed may be the beginning of one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, cast, literal_column, select, text
from sqlalchemy.dialects.postgresql import TSQUERY

from app.foundation.db import db, is_postgresql
from app.library.reading_models import Entry, EntryKind

PAGE = 20
MOST = 1000
"""So many of the newest that have the words are ranked; a word that is in all says little."""
MOST_TERMS = 8
LONGEST = 40
SNIPPET = 220
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass(frozen=True)
class Hit:
    """Something found: title and excerpt with the words marked."""

    entry: Entry
    title: Markup
    excerpt: Markup


@dataclass(frozen=True)
class Found:
    """One page of what was found, and how much there is in all; above `MOST` only that there is
    more.
    """

    terms: Sequence[str]
    total: int
    hits: Sequence[Hit]
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.total, MOST) // PAGE))

    @property
    def most(self) -> int:
        return MOST

    @property
    def is_more(self) -> bool:
        """Whether there is more than is ranked: the newest are shown."""
        return self.total > MOST


def words(raw: str) -> list[str]:
    """The words of a text in the form in which they are compared."""
    return [normal(found.group()) for found in _WORD.finditer(raw)]


@lru_cache(maxsize=20_000)
def normal(word: str) -> str:
    """One form for letter case, accents, the possessive and the plural."""
    plain = unicodedata.normalize("NFKD", re.sub(r"['\u2019]s$", "", word.casefold()))
    kept = "".join(letter for letter in plain if letter.isalnum())[:LONGEST]
    return _singular(kept) or "0"


def _singular(word: str) -> str:
    if len(word) <= len("laws") - 1 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


def find(typed: str, *, number: int = 1, kind: EntryKind | None = None) -> Found:
    """What has all the words that were typed; titles first, then the newest.

    A word that is in everything is not ranked beyond the newest thousand, so that a search takes
    as long as it takes to find those, however large the library is.
    """
    terms = words(typed)[:MOST_TERMS]
    if not terms:
        return Found((), 0, (), 1)
    found = _has(terms)
    if kind is not None:
        found &= Entry.kind == kind
    newest = db.execute(
        select(Entry.id, Entry.title_words)
        .where(found)
        .order_by(Entry.as_of.desc(), Entry.id.desc())
        .limit(MOST + 1)
    ).all()
    ranked = sorted(newest[:MOST], key=lambda row: not _in_title(terms, row.title_words))
    ids = [row.id for row in ranked[(number - 1) * PAGE : number * PAGE]]
    entries = {entry.id: entry for entry in db.scalars(select(Entry).where(Entry.id.in_(ids)))}
    return Found(terms, len(newest), [_hit(entries[each], terms) for each in ids], number)


def _has(terms: Sequence[str]) -> ColumnElement[bool]:
    *whole, last = terms
    if is_postgresql():
        asked = " & ".join([*(f"'{term}'" for term in whole), f"'{last}':*"])
        column: ColumnElement[Any] = literal_column("word_vector")
        return column.bool_op("@@")(cast(asked, TSQUERY))
    asked = " AND ".join([*(f'"{term}"' for term in whole), f'"{last}" *'])
    matching = text("SELECT rowid FROM library_entry_words WHERE words MATCH :asked")
    # the plus keeps SQLite on the index by day: it reads no more long rows than are asked for
    here: ColumnElement[int] = literal_column("+library_entry.id")
    return here.in_(matching.bindparams(asked=asked).columns(Entry.id))


def _in_title(terms: Sequence[str], title_words: str) -> bool:
    padded = f" {title_words} "
    *whole, last = terms
    return f" {last}" in padded and all(f" {term} " in padded for term in whole)


def _hit(entry: Entry, terms: Sequence[str]) -> Hit:
    return Hit(entry, marked(entry.title, terms), marked(_excerpt(entry.body, terms), terms))


def marked(raw: str, terms: Sequence[str]) -> Markup:
    """A text with the words that were found in `<mark>`."""
    pieces, at = [], 0
    for start, end in _places(raw, terms):
        pieces += [escape(raw[at:start]), Markup("<mark>{}</mark>").format(raw[start:end])]
        at = end
    return Markup("").join([*pieces, escape(raw[at:])])


def _places(raw: str, terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    *whole, last = terms
    for found in _WORD.finditer(raw):
        word = normal(found.group())
        if word in whole or word.startswith(last):
            yield found.span()


def _excerpt(body: str, terms: Sequence[str]) -> str:
    """So much of a text that the first word found is in its middle."""
    first = next((start for start, _end in _places(body, terms)), 0)
    start = max(0, first - SNIPPET // 2)
    if start:
        start = body.find(" ", start) + 1
    cut = body[start : start + SNIPPET]
    if start + SNIPPET < len(body):
        cut = cut.rsplit(" ", 1)[0] + "…"
    return ("…" if start else "") + cut
