"""The form in which records are imported and exported: JSON, or CSV with the same columns.

A row is checked by itself, before anything is looked up or written. Keys that we do not know are
kept as they are. In CSV `path` is `stage:date;stage:date` and `votes` is `yes=5;no=0`; other keys
hold JSON where their value is no plain text, and no cell is taken for a formula.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.campaigns import divisions, partial
from app.campaigns.body_models import Instrument
from app.campaigns.measure_models import Stance
from app.campaigns.stages import Stage
from app.campaigns.votes import Choice
from app.foundation import text
from app.foundation.tables import neutral, restored

KEYS = (
    *("id", "name", "division", "sponsor_division", "instrument", "stance", "session"),
    *("file_number", "sponsors", "path", "votes", "source", "body", "own_status", "year"),
)
REQUIRED = ("id", "name", "division", "instrument", "path", "source")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


class WrongCase(ValueError):
    """A row that cannot be imported; the message says why in words for its writer."""


@dataclass(frozen=True)
class Case:
    """One record as it is imported."""

    id: str
    name: str
    division: str
    instrument: Instrument
    path: Sequence[tuple[Stage, str]]
    source: str
    stance: Stance | None = None
    session: str = ""
    file_number: str | None = None
    sponsors: int | None = None
    sponsor_division: str = ""
    votes: Mapping[str, int] = field(default_factory=dict)
    body: str = ""
    own_status: str = ""
    year: int | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    named: Collection[str] = KEYS
    """The keys that its row had: of a record that is here already, the others stay."""


def read(raw: Mapping[str, Any]) -> Case:
    """A row as a record; raises WrongCase."""
    if lacking := [key for key in REQUIRED if not raw.get(key)]:
        raise WrongCase(f"missing: {', '.join(lacking)}")
    if not _ID.fullmatch(str(raw["id"])):
        raise WrongCase(f"id {raw['id']!r}: letters, digits, dots and dashes only")
    return Case(
        id=str(raw["id"]),
        name=_words(raw, "name"),
        division=_division(raw["division"]),
        instrument=_one_of(Instrument, raw["instrument"], "instrument"),
        path=_path(raw["path"]),
        source=_words(raw, "source"),
        stance=_one_of(Stance, raw["stance"], "stance") if raw.get("stance") else None,
        session=_words(raw, "session"),
        file_number=_words(raw, "file_number") or None,
        sponsors=_number(raw["sponsors"], "sponsors") if raw.get("sponsors") else None,
        sponsor_division=_division(raw["sponsor_division"]) if raw.get("sponsor_division") else "",
        votes=_votes(raw.get("votes") or {}),
        body=_words(raw, "body"),
        own_status=_words(raw, "own_status"),
        year=_year(raw["year"]) if raw.get("year") else None,
        extras={key: value for key, value in raw.items() if key not in KEYS},
        named=frozenset(raw),
    )


def written(case: Case) -> dict[str, Any]:
    """A record as a row; what is not known has no key."""
    row: dict[str, Any] = {
        "id": case.id,
        "name": case.name,
        "division": case.division,
        "sponsor_division": case.sponsor_division,
        "instrument": case.instrument.value,
        "file_number": case.file_number,
        "session": case.session,
        "sponsors": case.sponsors,
        "stance": case.stance.value if case.stance else "",
        "path": [[stage.value, on] for stage, on in case.path],
        "votes": dict(case.votes),
        "body": case.body,
        "own_status": case.own_status,
        "year": case.year,
        "source": case.source,
    }
    return {key: value for key, value in row.items() if value not in (None, "", {})} | dict(
        case.extras
    )


def rows_of_json(raw: str) -> Sequence[Mapping[str, Any]]:
    """The rows of a JSON file; raises WrongCase."""
    try:
        rows = _json(raw)
    except ValueError as error:
        raise WrongCase(f"not JSON: {error}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WrongCase("a list of records is needed")
    return rows


def rows_of_csv(raw: str) -> Sequence[Mapping[str, Any]]:
    """The rows of a CSV file with the same columns; raises WrongCase."""
    found = []
    for cells in csv.DictReader(io.StringIO(raw.removeprefix("\ufeff"))):
        row: dict[str, Any] = {
            key: _value(key, restored(value)) for key, value in cells.items() if key and value
        }
        if "path" in row:
            row["path"] = [list(part.partition(":")[::2]) for part in row["path"].split(";")]
        if "votes" in row:
            row["votes"] = dict(part.partition("=")[::2] for part in row["votes"].split(";"))
        found.append(row)
    return found


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as JSON, one on each line."""
    return "[" + ",".join(f"\n{json.dumps(row, ensure_ascii=False)}" for row in rows) + "\n]"


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV that `rows_of_csv` reads again."""
    keys = dict.fromkeys([*KEYS, *(key for row in rows for key in row)])
    out = io.StringIO()
    writer = csv.DictWriter(out, list(keys))
    writer.writeheader()
    writer.writerows({key: _cell(key, value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def in_a_line(key: str, value: Any) -> Any:
    """A path or votes as CSV has them; other values as they are."""
    if key == "path":
        return ";".join(f"{stage}:{on}" for stage, on in value)
    if key == "votes":
        return ";".join(f"{choice}={number}" for choice, number in value.items())
    return value


def _cell(key: str, value: Any) -> Any:
    if key in ("path", "votes"):
        return in_a_line(key, value)
    is_plain = key in KEYS or (isinstance(value, str) and _value(key, value) == value)
    return neutral(value if is_plain else json.dumps(value, ensure_ascii=False))


def _value(key: str, cell: str) -> Any:
    """What a cell stands for: a key of ours is text, another's may be any JSON."""
    if key in KEYS:
        return cell
    try:
        return _json(cell)
    except ValueError:
        return cell


def _json(raw: str) -> Any:
    return json.loads(raw, parse_constant=_no_number)


def _no_number(raw: str) -> Any:
    """NaN and Infinity are no JSON, and no database keeps them as such."""
    raise ValueError(raw)


def _words(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key) or ""
    if not isinstance(value, str) or len(value) > 500:
        raise WrongCase(f"{key}: at most 500 characters of text")
    return text.clean(value)


def _division(raw: Any) -> str:
    try:
        division_id = divisions.checked_id(str(raw))
    except divisions.MalformedDivision:
        words = f"division {raw!r}: not an Open Civic Data id of the United States"
        raise WrongCase(words) from None
    if divisions.names_no_state(division_id):
        raise WrongCase(f"division {raw!r}: there is no such state")
    return division_id


def _one_of(kind: Any, raw: Any, key: str) -> Any:
    try:
        return kind(raw)
    except ValueError:
        raise WrongCase(f"{key} {raw!r}: one of {', '.join(kind)}") from None


def _number(raw: Any, key: str) -> int:
    if isinstance(raw, bool) or not str(raw).isdecimal() or len(str(raw)) > 9:
        raise WrongCase(f"{key} {raw!r}: not a whole number")
    return int(raw)


def _year(raw: Any) -> int:
    year = _number(raw, "year")
    if not partial.OLDEST <= year <= partial.NEWEST:
        raise WrongCase(f"year {raw!r}: from {partial.OLDEST} to {partial.NEWEST}")
    return year


def _path(raw: Any) -> Sequence[tuple[Stage, str]]:
    if not isinstance(raw, list) or not all(isinstance(p, list) and len(p) == 2 for p in raw):
        raise WrongCase("path: a list of [stage, date]")
    path = []
    for stage, on in raw:
        try:
            path.append((_one_of(Stage, stage, "stage"), partial.checked(on) if on else ""))
        except (partial.WrongDate, AttributeError):
            raise WrongCase(f"path: there is no day {on!r}") from None
    return path


def _votes(raw: Any) -> Mapping[str, int]:
    allowed = {*(choice.value for choice in Choice), "seats"}
    if not isinstance(raw, Mapping) or set(raw) - allowed:
        raise WrongCase(f"votes: each is one of {', '.join(sorted(allowed))}")
    return {key: _number(number, f"votes.{key}") for key, number in raw.items()}
