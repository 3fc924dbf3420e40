"""Keeping the search index: what a search can find is written beside what it finds."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select

from app.foundation import text
from app.foundation.db import db
from app.library import search
from app.library.reading_models import Entry, EntryKind


@dataclass(frozen=True)
class Findable:
    """What a search shows of a thing, and all the words by which it is found."""

    kind: EntryKind
    key: str
    title: str
    body: str
    path: str
    as_of: str


def put(thing: Findable) -> Entry:
    """Let searches find a thing, or find it as it is now."""
    entry = db.scalars(
        select(Entry).where(Entry.kind == thing.kind, Entry.key == thing.key)
    ).first()
    if entry is None:
        entry = Entry(kind=thing.kind, key=thing.key)
        db.add(entry)
    body = text.one_line(text.plain(thing.body))
    entry.title, entry.body = thing.title, body
    entry.path, entry.as_of = thing.path, thing.as_of
    entry.title_words = " ".join(search.words(thing.title))
    entry.words = " ".join(search.words(f"{thing.title} {thing.key} {body}"))
    return entry


def drop(kind: EntryKind, key: str) -> None:
    db.execute(delete(Entry).where(Entry.kind == kind, Entry.key == key))
