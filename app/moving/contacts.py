"""Whom a cell of an imported row tells how to reach."""

from __future__ import annotations

from collections.abc import Iterator

from app.foundation import text
from app.foundation.tables import restored
from app.people import phones


def contact_in(cell: str) -> Iterator[str]:
    """The address or the number that a cell holds, as we compare them."""
    said = restored(cell).strip()
    if "@" in said:
        yield text.canonical_email(said.removeprefix("mailto:"))
        return
    try:
        yield phones.canonical(said)
    except phones.WrongPhone:
        return
