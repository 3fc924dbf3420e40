"""Taking everything elsewhere: a ZIP of CSV and JSON lines that says what is in it.

It leaves out what opens doors (passwords, sessions, links), what is the machine's own, and the
bodies of mails. An empty program that has the same SECRET_KEY becomes the same site from it.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table
from sqlalchemy.orm import Session

from app.campaigns import exchange
from app.foundation.db import Base
from app.foundation.tables import neutral
from app.upkeep import backup, restore, rows
from app.upkeep.restore import Head, Sections
from app.upkeep.rows import Tally
from app.upkeep.sealed import Unreadable

LEFT_OUT = frozenset(
    {
        *("credential", "sign_in_session", "email_link", "attempt", "spent_token"),
        *("batch", "lane", "tally", "heartbeat", "sending_hold"),
    }
)
LEFT_OUT_COLUMNS = {"message": frozenset({"text", "html", "attachments"})}
MANIFEST = "manifest.json"
CAMPAIGNS = "open-civic-data/bills.json"
AT_ONCE = 1 << 16
"""Bytes that are compressed in one go, since each line by itself costs as much again."""
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/webp": "webp", "image/png": "png"}


def write(path: Path) -> dict[str, Tally]:
    """Write everything to `path`; what each table holds."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with (
            zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out,
            backup.one_moment() as connection,
        ):
            unfinished.chmod(0o600)
            tallies = _write_all(out, connection)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return tallies


def read(path: Path) -> dict[str, Tally]:
    """Fill an empty program from an export. Raises Unreadable, NotEmpty, Damaged."""
    try:
        with zipfile.ZipFile(path) as source:
            manifest = json.loads(source.read(MANIFEST))
            head = restore.head_from(json.dumps(manifest).encode())
            return restore.fill(head, _sections(source, manifest["tables"]))
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}.") from None
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Unreadable(f"{path.name} is no export of this program: {error}.") from error


def head_of(path: Path) -> Head:
    """What an export says of itself."""
    with zipfile.ZipFile(path) as source:
        return restore.head_from(source.read(MANIFEST))


def kept_tables() -> Sequence[Table]:
    """What is exported, tables that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def kept_columns(table: Table) -> Sequence[str]:
    left_out = LEFT_OUT_COLUMNS.get(table.name, frozenset())
    return [c.name for c in rows.stored_columns(table) if c.name not in left_out]


def _write_all(out: zipfile.ZipFile, connection: Connection) -> dict[str, Tally]:
    tallies, told = {}, {}
    reflected = rows.reflected(connection, [table.name for table in kept_tables()])
    for table in kept_tables():
        names = kept_columns(table)
        tally = _write_table(out, connection, reflected[table.name], names)
        tallies[table.name] = tally
        told[table.name] = {"columns": names, **tally.as_json()}
    _write_files(out, connection, reflected["upload"])
    with Session(connection) as session:
        out.writestr(CAMPAIGNS, exchange.as_ocd(public_only=False, session=session))
    out.writestr("README.md", _readme(tallies))
    out.writestr(MANIFEST, json.dumps({**backup.head(connection), "tables": told}, indent=1))
    return tallies


def _write_table(
    out: zipfile.ZipFile, connection: Connection, table: Table, names: Sequence[str]
) -> Tally:
    """The table once as JSON lines, which are exact, and once as CSV, which people open."""
    tally = Tally()
    with (
        out.open(f"json/{table.name}.jsonl", "w", force_zip64=True) as file,
        io.BufferedWriter(file, AT_ONCE) as lines,
    ):
        for line in rows.lines(connection, table, names):
            tally.add(line)
            lines.write(line + b"\n")
    shown = [name for name in names if not isinstance(table.columns[name].type, LargeBinary)]
    with out.open(f"csv/{table.name}.csv", "w", force_zip64=True) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow(shown)
        for record in rows.records(connection, table, shown):
            writer.writerow([_cell(value) for value in record])
        text.flush()
        text.detach()
    return tally


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return neutral(value)
    if value is None or isinstance(value, int | float):
        return value
    is_nested = isinstance(value, list | dict)
    return json.dumps(value, ensure_ascii=False) if is_nested else rows.plain(value)


def _write_files(out: zipfile.ZipFile, connection: Connection, uploads: Table) -> None:
    """Pictures and documents once more, as files that open."""
    for number, content_type, content in connection.execute(
        uploads.select().with_only_columns(uploads.c.id, uploads.c.content_type, uploads.c.content)
    ):
        out.writestr(f"uploads/{number}.{ENDINGS.get(content_type, 'bin')}", bytes(content))


def _sections(source: zipfile.ZipFile, told: dict[str, Any]) -> Sections:
    for name, each in told.items():
        with source.open(f"json/{name}.jsonl") as lines:
            yield name, each["columns"], _stripped(lines)
    yield "end", told, iter(())


def _stripped(lines: Any) -> Iterator[bytes]:
    for line in lines:
        yield line.rstrip(b"\n")


def _readme(tallies: dict[str, Tally]) -> str:
    """What is in the file, from what the program says of its own tables."""
    said = {m.class_.__tablename__: m.class_.__doc__ for m in Base.registry.mappers}
    parts = [
        "# Everything of this site",
        "Each table is once in `json/`, one row a line in the order of the columns below, and once "
        "in `csv/` for spreadsheets, where text that begins like a formula has an apostrophe "
        "before it. Instants are UTC. Files are in `uploads/` under their number. Campaigns "
        f"are once more in `{CAMPAIGNS}`, as Open Civic Data bills with their actions, votes, "
        "sponsorships and sources. Left out: "
        f"{', '.join(sorted(LEFT_OUT))}, and the bodies of mails.",
    ]
    for table in kept_tables():
        described = " ".join((said.get(table.name) or "").split())
        columns = [f"- `{name}` {_kind(table, name)}" for name in kept_columns(table)]
        head = f"## {table.name} ({tallies[table.name].rows} rows)"
        parts.append("\n".join([head, "", described, "", *columns]))
    return "\n\n".join(parts) + "\n"


def _kind(table: Table, name: str) -> str:
    column = table.columns[name]
    refers = [f"the `id` of `{key.column.table.name}`" for key in column.foreign_keys]
    kind = refers[0] if refers else str(column.type.python_type.__name__)
    return f"({kind}{', may be empty' if column.nullable else ''})"
