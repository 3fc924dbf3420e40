"""`flask campaigns import|export`: records in and out, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import IntegrityError

from app.campaigns import cases, exchange, importing
from app.campaigns.importing import Line, Outcome
from app.foundation import edge

TRIES = 3
"""So often an import looks anew at what is here when somebody else writes meanwhile."""


class _Undo(Exception):
    """Something was wrong: keep nothing."""

    def __init__(self, wrong: Sequence[Line]) -> None:
        super().__init__(f"{len(wrong)} rows are wrong")
        self.wrong = wrong


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def load(file: Path) -> None:
    """Import records from FILE: JSON, or CSV with the same columns. All or nothing."""
    try:
        raw = file.read_text(encoding="utf-8-sig")
        rows = cases.rows_of_csv(raw) if file.suffix == ".csv" else cases.rows_of_json(raw)
        lines = _loaded(rows)
    except (cases.WrongCase, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    except _Undo as undo:
        _tell(undo.wrong)
        raise click.ClickException("nothing was imported") from None
    except (IntegrityError, edge.Conflict):
        busy = "others keep writing what these rows say; nothing was imported, please try again"
        raise click.ClickException(busy) from None
    _tell(lines)


@click.command("export")
@click.option("--format", "form", type=click.Choice(["json", "csv", "ocd"]), default="json")
@with_appcontext
def export(form: str) -> None:
    """Print all records: json and csv can be imported again, ocd is Open Civic Data."""
    if form == "ocd":
        click.echo(exchange.as_ocd(public_only=False))
        return
    rows = exchange.as_cases(public_only=False)
    text = cases.as_csv(rows) if form == "csv" else cases.as_json(rows)
    click.echo(text, nl=form != "csv")


def _loaded(rows: Sequence[Mapping[str, Any]]) -> Sequence[Line]:
    """Import in one transaction; raises _Undo, which ends it, where a row is wrong.

    Where somebody takes a number, an address or a council meanwhile, it begins again, and the row
    that meets it says so.
    """
    for _try in range(TRIES - 1):
        with suppress(IntegrityError, edge.Conflict):
            return _at_once(rows)
    return _at_once(rows)


def _at_once(rows: Sequence[Mapping[str, Any]]) -> Sequence[Line]:
    with edge.step():
        lines = importing.load(rows)
        if wrong := [line for line in lines if line.outcome == Outcome.WRONG]:
            raise _Undo(wrong)
    return lines


def _tell(lines: Sequence[Line]) -> None:
    for line in lines:
        words = f" ({line.words})" if line.words else ""
        click.echo(f"row {line.row} {line.id}: {line.outcome}{words}")
