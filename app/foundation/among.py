"""`column IN (many values)` as one parameter, for statements that are run again and again.

SQLAlchemy writes a list out, and then the driver reads the text anew each time: for 250 values
that takes longer than the answer.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    any_,
    column,
    func,
    literal,
    select,
)

from app.foundation.db import is_postgresql


def among(wanted: Any, values: Collection[int] | Collection[str]) -> ColumnElement[bool]:
    """Whether a wanted column is one of these values, which are of its type."""
    if is_postgresql():
        found: ColumnElement[bool] = wanted == any_(literal(list(values), ARRAY(wanted.type)))
        return found
    each = func.json_each(json.dumps(list(values))).table_valued("value")
    listed: ColumnElement[bool] = wanted.in_(select(each.c.value))
    return listed


def paired(left: Sequence[int], right: Sequence[int]) -> FromClause:
    """Pairs of numbers as a table whose columns are `left` and `right`, to update from."""
    if is_postgresql():
        lists = (literal(list(each), ARRAY(BigInteger)) for each in (left, right))
        columns = (column("left", BigInteger), column("right", BigInteger))
        return func.unnest(*lists).table_valued(*columns, name="pair").render_derived()
    each = func.json_each(json.dumps(list(zip(left, right, strict=True)))).table_valued("value")
    ends = (func.json_extract(each.c.value, f"$[{place}]") for place in (0, 1))
    return select(
        *(end.label(name) for end, name in zip(ends, ("left", "right"), strict=True))
    ).subquery("pair")
