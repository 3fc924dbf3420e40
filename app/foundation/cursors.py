"""Results of psycopg as SQLAlchemy needs them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import psycopg


class Columns(Sequence[psycopg.Column]):
    """What a result says of its columns, looked up when somebody wants to know."""

    def __init__(self, look: Callable[[], list[psycopg.Column] | None]) -> None:
        self._look = look

    @cached_property
    def _found(self) -> Sequence[Any]:
        return self._look() or ()

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, place: Any) -> Any:
        return self._found[place]


class Cursor(psycopg.Cursor[Any]):
    """SQLAlchemy asks each result for its columns, but reads them once for each statement; of a
    page with one statement, making them was a tenth."""

    @property
    def description(self) -> Any:
        if self.pgresult is None or not self.pgresult.nfields:
            return super().description
        return Columns(lambda: super(Cursor, self).description)
