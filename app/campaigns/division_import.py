"""`flask campaigns import-divisions`: the official list of jurisdictions and its aliases.

Takes the files of opencivicdata/ocd-division-ids as they are, packed or not: a row with `sameAs` is
another id for the same place. All or nothing; again changes nothing.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update

from app.campaigns import divisions
from app.campaigns.place_models import Division, DivisionAlias
from app.foundation.db import db

MOST_REFUSED = 20


class RefusedFile(ValueError):
    """The file cannot be taken; its lines say why."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass
class Report:
    """What an import did."""

    divisions: int = 0
    added: int = 0
    changed: int = 0
    aliases: int = 0
    left_out: int = 0
    refused: list[str] = field(default_factory=list)


def import_divisions(file: Path) -> Report:
    """Take the whole file or raise RefusedFile; the caller's transaction keeps it."""
    report = Report()
    rows, aliases = _read(file, report)
    if report.refused:
        raise RefusedFile(report.refused)
    known_aliases = {*divisions.KNOWN_ALIASES, *aliases, *db.scalars(select(DivisionAlias.id))}
    _keep_divisions(rows, known_aliases, report)
    _keep_aliases(aliases, report)
    return report


def _read(file: Path, report: Report) -> tuple[dict[str, str], dict[str, str]]:
    """Names by id, and the ids that aliases stand for."""
    names: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for number, row in _rows(file):
        if len(report.refused) == MOST_REFUSED:
            break
        try:
            division_id = divisions.checked_id(row["id"] or "")
            same_as = (row.get("sameAs") or "").strip()
            if divisions.names_no_state(division_id):
                report.refused.append(f"line {number}: {division_id}: there is no such state")
            elif same_as:
                aliases[division_id] = divisions.checked_id(same_as)
            elif not (row.get("name") or "").strip():
                report.refused.append(f"line {number}: {division_id} has no name")
            else:
                names[division_id] = str(row["name"]).strip()
        except divisions.MalformedDivision as refusal:
            report.refused.append(f"line {number}: not a division id: {str(refusal)[:80]!r}")
    return names, aliases


def _rows(file: Path) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    raw = file.read_bytes()
    try:
        plain = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        words = plain.decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError):
        raise RefusedFile(["the file is neither UTF-8 text nor packed by gzip"]) from None
    reader = csv.DictReader(io.StringIO(words, newline=""))
    heads = reader.fieldnames or []
    if "id" not in heads or not {"name", "sameAs"} & set(heads):
        raise RefusedFile(["the first line must name the columns `id` and `name` or `sameAs`"])
    return enumerate(reader, 2)


def _keep_divisions(names: Mapping[str, str], aliases: set[str], report: Report) -> None:
    if not names:
        return
    counties = _counties()
    columns = list(Division.__table__.columns)
    known = {row["id"]: dict(row) for row in db.execute(select(*columns)).mappings()}
    rows = [_row(division_id, name, counties, aliases) for division_id, name in names.items()]
    added = [row for row in rows if row["id"] not in known]
    changed = [row for row in rows if row["id"] in known and row != known[row["id"]]]
    if added:
        db.execute(insert(Division), added)
    if changed:
        db.execute(update(Division), changed)
    report.divisions, report.added, report.changed = len(rows), len(added), len(changed)


def _row(
    division_id: str, name: str, counties: Mapping[tuple[str, str], str], aliases: set[str]
) -> dict[str, Any]:
    known = divisions.shape(division_id)
    if division_id == divisions.DC:
        name = divisions.DC_NAME  # the list calls it by a delegate's district
    sought = divisions.sought(name)
    county = known.county.replace("_", " ").title()
    if not county and known.kind == "place":
        county = counties.get((known.state, sought.rpartition(" ")[0] or sought), "")
    return {
        "id": division_id,
        "name": name,
        "sought": sought,
        "state": known.state,
        "county": county,
        "kind": known.kind,
        "rank": None if division_id in aliases else known.rank,
        "verified": True,
    }


def _counties() -> dict[tuple[str, str], str]:
    """The county of a city by its state: where most of its ZIP codes lie."""
    found: dict[tuple[str, str], str] = {}
    for city, state, county in divisions.cities():
        found.setdefault((state, divisions.sought(city)), county)
    return found


def _keep_aliases(aliases: Mapping[str, str], report: Report) -> None:
    """Aliases of listed places; another's place is not ours to name."""
    if not aliases:
        return
    listed = set(db.scalars(select(Division.id)))
    kept = [
        {"id": alias, "division_id": target}
        for alias, target in aliases.items()
        if target in listed
    ]
    db.execute(delete(DivisionAlias))
    db.execute(insert(DivisionAlias), kept)
    hidden = [{"id": alias, "rank": None} for alias in aliases if alias in listed]
    if hidden:
        db.execute(update(Division), hidden)
    report.aliases, report.left_out = len(kept), len(aliases) - len(kept)
