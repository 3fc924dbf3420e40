"""`column IN (many values)` as one parameter, for statements that are run again and again.

SQLAlchemy writes a list out, and then the driver reads the text anew each time: for 250 values
that takes longer than the answer.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, any_, func, literal, select

from app.foundation.db import is_postgresql


def among(column: Any, values: Collection[int] | Collection[str]) -> ColumnElement[bool]:
    """Whether a column is one of these values, which are of its type."""
    if is_postgresql():
        found: ColumnElement[bool] = column == any_(literal(list(values), ARRAY(column.type)))
        return found
    each = func.json_each(json.dumps(list(values))).table_valued("value")
    listed: ColumnElement[bool] = column.in_(select(each.c.value))
    return listed
