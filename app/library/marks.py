"""A person's reading list: put something on it, mark it as read, take it off."""

from __future__ import annotations

from flask import abort

from app.foundation import clock
from app.foundation.db import db
from app.foundation.policy import Viewer
from app.library import reading_queries
from app.library.reading_models import Entry, ReadingMark


def change(person_id: int, entry_id: int, to: str) -> str | None:
    """Add, mark as read or remove; the key of the sentence that says so, None if it is not there.

    Doing the same twice changes nothing.
    """
    if db.get(Entry, entry_id) is None:
        return None
    mark = reading_queries.mark_of(person_id, entry_id)
    if to == "remove":
        if mark is not None:
            db.delete(mark)
        return "unmarked"
    if mark is None:
        mark = ReadingMark(person_id=person_id, entry_id=entry_id, marked_at=clock.now())
        db.add(mark)
    if to == "read":
        mark.read_at = mark.read_at or clock.now()
        return "marked-read"
    return "marked"


def reader_id(viewer: Viewer) -> int:
    """Whose list it is; only for who is signed in."""
    return viewer.person_id if viewer.person_id is not None else abort(401)
