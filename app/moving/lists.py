"""The lists of imports and of their rows, for staff and for coordinators."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from app.foundation import clock
from app.foundation.pagecontext import local_date
from app.foundation.tables import Column, Listing
from app.moving import words
from app.moving.filters import OwnRowFilter, RowFilter, narrowed
from app.moving.models import ImportRow, ImportRun, Outcome

_FILE = Column[ImportRun]("file", _l("File"), lambda run: run.file_name, sort=ImportRun.file_name)
_STATE = Column[ImportRun](
    "state", _l("State"), lambda run: words.state_of(run)[0], sort=ImportRun.state
)
_AT = Column[ImportRun](
    "at", _l("When"), lambda run: local_date(run.created_at, clock.HOME_ZONE), ImportRun.created_at
)
RUNS: Listing[ImportRun] = Listing(
    name="imports",
    columns=(
        _FILE,
        Column("kind", _l("What it is"), lambda run: words.KINDS[run.kind], sort=ImportRun.kind),
        _STATE,
        _AT,
    ),
    sort="at",
    descending=True,
    tie_break=ImportRun.id,
)
OWN_RUNS: Listing[ImportRun] = Listing(
    name="imports", columns=(_FILE, _STATE, _AT), sort="at", descending=True, tie_break=ImportRun.id
)
_ROW = Column[ImportRow](
    "row", _l("Row"), lambda row: row.number, sort=ImportRow.number, numeric=True
)
_CELLS = Column[ImportRow](
    "cells", _l("What it says"), lambda row: " · ".join(filter(None, row.cells))
)
ROWS: Listing[ImportRow] = Listing(
    name="rows",
    columns=(
        _ROW,
        _CELLS,
        Column(
            "outcome",
            _l("Outcome"),
            lambda row: words.OUTCOMES[row.outcome][0] if row.outcome else "",
            sort=ImportRow.outcome,
        ),
        Column("reason", _l("Why"), lambda row: row.reason, sort=ImportRow.reason),
    ),
    sort="row",
    tie_break=ImportRow.id,
    filters=RowFilter,
    apply=lambda query, form: narrowed(query, form.outcome.data),
    size=50,
)


def _own_outcome(row: ImportRow) -> LazyString | str:
    return words.OWN_OUTCOMES[row.outcome][0] if row.outcome else ""


OWN_ROWS: Listing[ImportRow] = Listing(
    name="rows",
    columns=(
        _ROW,
        _CELLS,
        Column("outcome", _l("Outcome"), _own_outcome),
        Column("reason", _l("Why"), lambda row: row.reason),
    ),
    sort="row",
    tie_break=ImportRow.id,
    filters=OwnRowFilter,
    apply=lambda query, form: (
        query.where(ImportRow.outcome == Outcome.REFUSED) if form.outcome.data else query
    ),
    size=50,
)
"""Neither sorted nor filtered by what would tell who is known elsewhere."""


def rows_of(run: ImportRun) -> Select[ImportRow]:
    return select(ImportRow).where(ImportRow.run_id == run.id)
