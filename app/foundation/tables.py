"""Lists: sorted, filtered, paged and exported by one mechanism.

A domain declares a `Listing` once; `page_of` turns a query and the address into what the template
macro `listing` draws, `csv_of` into a file whose cells no spreadsheet takes for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, get_template_attribute, request
from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.foundation import language
from app.foundation.db import db
from app.foundation.forms import FilterForm

Row = TypeVar("Row")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column: its label, what it shows, and what it sorts by (nothing: it does not sort)."""

    key: str
    label: Any
    value: Callable[[Row], Any]
    sort: ColumnElement[Any] | InstrumentedAttribute[Any] | None = None
    numeric: bool = False


@dataclass(frozen=True, eq=False)
class Listing(Generic[Row]):
    """A kind of list. `apply` narrows the query by a filter form without what was wrong; rows of
    the same place in the order stand by `then`, if there is one, and by `tie_break`. `before` comes
    before the order that was asked for, and is never turned round."""

    name: str
    columns: Sequence[Column[Row]]
    sort: str
    tie_break: ColumnElement[Any] | InstrumentedAttribute[Any]
    descending: bool = False
    filters: type[FilterForm] | None = None
    apply: Callable[[Any, Any], Any] | None = None
    size: int = 50
    then: Sequence[ColumnElement[Any]] = ()
    before: Sequence[ColumnElement[Any]] = ()


@dataclass(frozen=True)
class Head:
    """A column's heading as the template draws it."""

    key: str
    label: Any
    numeric: bool
    sorted: str | None
    sort_url: str | None


@dataclass
class Page(Generic[Row]):
    """One page of a list."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int
    columns: Sequence[Head]
    listing: Listing[Row]
    filters: FilterForm | None
    filtered: bool
    export_url: str | None
    previous_url: str | None
    next_url: str | None

    @property
    def empty(self) -> bool:
        return self.total == 0

    @property
    def asked(self) -> dict[str, Any]:
        """The filters that were chosen, for other addresses that take them."""
        chosen = self.filters.data if self.filters else {}
        return {name: value for name, value in chosen.items() if value}

    @cached_property
    def filter_form(self) -> Markup:
        """The filters as one form; before anything was chosen it is the same for everybody."""
        if self.filters is None:
            return Markup()
        if self.filtered or not self.filters.offers_always_the_same:
            return _drawn(self.filters, filtered=self.filtered)
        return _unfiltered(type(self.filters), language.current())  # type: ignore[arg-type]  # a class can be hashed

    def own_values(self, row: Row) -> Sequence[Any]:
        """What the columns say of a row by themselves."""
        return [column.value(row) for column in self.listing.columns]

    def cells(self, *values: Any) -> Markup:
        """The cells of one row, a value for each column; the first names the row."""
        return _cells(self._cell_starts, values)

    @cached_property
    def _cell_starts(self) -> Sequence[str]:
        return _starts(self.columns)


def drawn_cells(columns: Sequence[Column[Any]], *values: Any) -> Markup:
    """The cells of one row of a list that keeps its rows as they were drawn."""
    return _cells(_starts(columns), values)


def _starts(columns: Sequence[Column[Any]] | Sequence[Head]) -> Sequence[str]:
    right = {True: ' class="r"', False: ""}
    return [
        f'<td role="cell" data-label="{escape(column.label)}"{right[column.numeric]}>'
        for column in columns[1:]
    ]


def _cells(starts: Sequence[str], values: Sequence[Any]) -> Markup:
    drawn = [f'<th scope="row" role="rowheader">{escape(values[0])}</th>']
    for start, value in zip(starts, values[1:], strict=False):
        drawn.append(f"{start}{'' if value is None else escape(value)}</td>")
    return Markup("".join(drawn))  # noqa: S704  escaped


@lru_cache
def _unfiltered(filters: type[FilterForm], _language: str) -> Markup:
    return _drawn(filters(formdata=None), filtered=False)


def _drawn(filters: FilterForm, *, filtered: bool) -> Markup:
    macro: Callable[..., Markup] = get_template_attribute("macros/lists.html", "filter_form")
    return macro(filters, filtered)


def page_of(
    listing: Listing[Row],
    query: Select[Any],
    *,
    scalars: bool = True,
    export: bool = False,
    total: int | None = None,
) -> Page[Row]:
    """The page that the address asks for; two statements whatever the number of rows.

    `total` is how many the query has before it is filtered, from whoever knows it already.
    """
    form = _filter_form(listing)
    filtered = form is not None and any(form.data.values())
    query, key, descending = _narrowed(listing, query, form)
    if total is None or filtered:
        total = _count(query)
    pages = max(1, -(-total // listing.size))
    number = min(page_number(), pages)
    sliced = query.limit(listing.size).offset((number - 1) * listing.size)
    rows = _rows(sliced, scalars) if total else []
    return Page(
        rows=rows,
        number=number,
        pages=pages,
        total=total,
        columns=_heads(listing, key, descending),
        listing=listing,
        filters=form,
        filtered=filtered,
        export_url=_here(format="csv") if export else None,
        previous_url=_here(page=number - 1) if number > 1 else None,
        next_url=_here(page=number + 1) if number < pages else None,
    )


def csv_of(listing: Listing[Row], query: Select[Any], *, scalars: bool = True) -> Response:
    """All rows that the filters leave, as UTF-8 CSV with a byte-order mark for spreadsheets."""
    query, _, _ = _narrowed(listing, query, _filter_form(listing))
    rows = _rows(query, scalars)
    return csv_response(
        f"{listing.name}.csv",
        [str(column.label) for column in listing.columns],
        [[column.value(row) for column in listing.columns] for row in rows],
    )


def narrowed(listing: Listing[Any], query: Select[Any]) -> Select[Any]:
    """What the filters in the address leave of a query that is shown in another way."""
    return _left_by(listing, query, _filter_form(listing))


def csv_response(name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> Response:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return Response(
        "\ufeff" + out.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def neutral(cell: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def restored(cell: str) -> str:
    """A cell as it was before `neutral`."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


def like(raw: str) -> str:
    """A LIKE pattern that finds the typed text anywhere; wildcards in it stand for themselves.

    Use with `escape="\\\\"`.
    """
    escaped = raw.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped.lower()}%"


def _count(query: Select[Any]) -> int:
    return db.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _rows(query: Select[Any], scalars: bool) -> Sequence[Any]:
    """ORM objects where the query is of one entity, else named tuples."""
    return db.scalars(query).all() if scalars else db.execute(query).all()


def _filter_form(listing: Listing[Any]) -> FilterForm | None:
    """The filters as the address has them; before anything was chosen they are made once for all,
    because making a form is a tenth of a page's work."""
    filters = listing.filters
    if filters is None:
        return None
    if filters.offers_always_the_same and not any(hasattr(filters, name) for name in request.args):
        return _blank(filters)  # type: ignore[arg-type]  # a class can be hashed
    return filters.of(request.args)


@lru_cache
def _blank(filters: type[FilterForm]) -> FilterForm:
    return filters.of({})


def _check(form: FilterForm) -> None:
    """What nobody typed cannot be wrong."""
    if form is not _blank(type(form)):  # type: ignore[arg-type]  # a class can be hashed
        form.leave_out_wrong()


def _left_by(listing: Listing[Any], query: Select[Any], form: FilterForm | None) -> Select[Any]:
    if form is None or listing.apply is None:
        return query
    _check(form)
    left: Select[Any] = listing.apply(query, form)
    return left


def _narrowed(
    listing: Listing[Any], query: Select[Any], form: FilterForm | None
) -> tuple[Select[Any], str, bool]:
    query = _left_by(listing, query, form)
    key, descending = _wanted_sort(listing)
    column = next(c for c in listing.columns if c.key == key)
    if column.sort is None:
        raise ValueError(f"{listing.name} cannot be sorted by {key}")
    order = column.sort.desc() if descending else column.sort.asc()
    orders = (*listing.before, order, *listing.then, listing.tie_break)
    return query.order_by(None).order_by(*orders), key, descending


def _wanted_sort(listing: Listing[Any]) -> tuple[str, bool]:
    asked = request.args.get("sort", "")
    sortable = {c.key for c in listing.columns if c.sort is not None}
    if asked.lstrip("-") in sortable:
        return asked.lstrip("-"), asked.startswith("-")
    return listing.sort, listing.descending


def _heads(listing: Listing[Any], key: str, descending: bool) -> Sequence[Head]:
    labels = _labels(listing, language.current())
    columns = zip(listing.columns, labels, strict=True)
    return [_head(column, label, key, descending) for column, label in columns]


@lru_cache
def _labels(listing: Listing[Any], _language: str) -> Sequence[str]:
    """Each is said in every row."""
    return [str(column.label) for column in listing.columns]


def _head(column: Column[Any], label: str, key: str, descending: bool) -> Head:
    is_sorted = column.key == key
    turned = f"-{column.key}" if is_sorted and not descending else column.key
    return Head(
        key=column.key,
        label=label,
        numeric=column.numeric,
        sorted=("desc" if descending else "asc") if is_sorted else None,
        sort_url=_here(sort=turned, page=None) if column.sort is not None else None,
    )


def page_number() -> int:
    """The page of a list that the address asks for."""
    raw = request.args.get("page", "1")
    if not raw.isdecimal() or len(raw) > 6:
        abort(404)
    return max(1, int(raw))


def _here(**changes: Any) -> str:
    """This address with some of its arguments changed; None takes one away."""
    args = {**request.args.to_dict(), **changes}
    kept = {key: value for key, value in args.items() if value not in (None, "")}
    return f"{request.script_root}{request.path}" + (f"?{urlencode(kept)}" if kept else "")
