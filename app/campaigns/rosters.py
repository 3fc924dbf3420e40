"""Reading who sits in a council: CSV, a list pasted from a web page, or Legistar's JSON.

Nothing is kept here: what was read is shown first (see `roster_actions`). A line that says neither
a person nor a seat is left out and listed.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.campaigns.body_models import SeatKind
from app.foundation.text import clean, folded, one_line

LONGEST = 1_000_000
MOST_ROWS = 1_000
LONGEST_NAME = 120
LONGEST_LINE = 500
"""A longer line is no person's; what looks for addresses in it would be busy for hours."""
MOST_LINES = 10_000
SEAT = re.compile(
    r"\b(?:(?P<kind>district|ward|seat|position|place|precinct|division)\s*(?:no\.?|number|#)?\s*"
    r"(?P<number>\d{1,3}[a-z]?|[ivx]{1,5}|[a-z])\b|(?P<large>at[\s-]large(?:\s+\d{1,2})?)"
    r"|(?P<presides>(?:council|board)?\s*(?:president|chair(?:man|woman|person)?|mayor|speaker)\b"
    r"(?:\s+pro\s+tem(?:pore)?)?))",
    re.IGNORECASE,
)
TITLES = re.compile(
    r"\b(the\s+)?(hon(orable|\.)|council\s?(member|man|woman|person)|alder(man|woman|person)|ald\.|"
    r"commissioner|supervisor|trustee|vice[\s-]president|representative|member)(?=\s|$|,|:)",
    re.IGNORECASE,
)
CONTACT = re.compile(r"\S+@\S+|\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}|https?://\S+")
EMAIL = re.compile(r"[^\s<>,;()]+@[^\s<>,;()]+\.\w+")
PHONE = re.compile(r"\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}")
NOT_IN_NAMES = re.compile("[^\\w\\s.'\N{RIGHT SINGLE QUOTATION MARK}-]")
AROUND_NAMES = " .'-\N{RIGHT SINGLE QUOTATION MARK}"
COLUMNS = {
    **dict.fromkeys(("name", "official", "member", "full name"), "name"),
    **dict.fromkeys(("seat", "district", "ward", "label", "office"), "seat"),
    **dict.fromkeys(("since", "from", "start", "start date", "term start"), "since"),
    **dict.fromkeys(("until", "to", "end", "end date", "term end"), "until"),
    **dict.fromkeys(("e-mail", "email", "mail"), "email"),
    **dict.fromkeys(("phone", "telephone"), "phone"),
    **dict.fromkeys(("party",), "party"),
    **dict.fromkeys(("website", "web", "url", "link"), "website"),
}


class UnreadableRoster(ValueError):
    """Nothing in it can be read as a list of people."""


@dataclass(frozen=True)
class Row:
    """Somebody in a seat, as a list says it."""

    name: str
    seat: str
    kind: SeatKind = SeatKind.AT_LARGE
    since: date | None = None
    until: date | None = None
    party: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    external_id: str | None = None


@dataclass(frozen=True)
class Session:
    """A meeting that a list says: of the council itself where no committee is named."""

    committee: str
    wall_start: datetime
    place: str = ""
    agenda_url: str = ""
    cancelled: bool = False
    external_id: str | None = None


@dataclass(frozen=True)
class Matter:
    """Something that was brought before the council."""

    file: str
    title: str
    kind: str
    status: str


@dataclass(frozen=True)
class Harvest:
    """All that was read, and the lines that were not understood."""

    rows: Sequence[Row] = ()
    committees: Sequence[str] = ()
    meetings: Sequence[Session] = ()
    matters: Sequence[Matter] = ()
    left_out: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        read = (self.rows, self.committees, self.meetings, self.matters, self.left_out)
        return not any(read)


def read_people(raw: str) -> Harvest:
    """A CSV with a heading, or what was copied from a web page; raises UnreadableRoster."""
    raw = clean(raw[:LONGEST])
    first = raw.partition("\n")[0]
    heads = [folded(cell) for cell in re.split(r"[,;\t]", first)]
    is_table = "name" in (COLUMNS.get(head) for head in heads) and len(heads) > 1
    harvest = _table(raw, first) if is_table else _pasted(raw)
    if not harvest.rows:
        raise UnreadableRoster
    return harvest


def load_json(raw: str) -> Any:
    """JSON of any depth that a program may be sent; raises UnreadableRoster."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise UnreadableRoster from None


def kind_of(seat: str) -> SeatKind:
    """What kind of seat its name says."""
    found = SEAT.search(seat)
    if found and found["kind"]:
        return SeatKind.DISTRICT
    if found and found["presides"]:
        return SeatKind.PRESIDING
    return SeatKind.AT_LARGE


def district_in(seat: str) -> str:
    """`district 2` at the end of `Council Member, District 2`; empty where none stands there."""
    found = SEAT.search(seat)
    ends = found is not None and found["kind"] and found.end() == len(seat)
    return folded(" ".join(found[0].split())) if found and ends else ""


def _table(raw: str, first: str) -> Harvest:
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(raw), delimiter=delimiter)
    heads = [COLUMNS.get(folded(cell), "") for cell in next(reader)]
    rows, left_out = [], []
    for cells in reader:
        pairs = zip(heads, cells, strict=False)
        known = {head: one_line(cell[:LONGEST_LINE]) for head, cell in pairs if head}
        row = _row(known)
        if row:
            rows.append(row)
        elif any(cells):
            left_out.append(delimiter.join(cells)[:LONGEST_NAME])
    return Harvest(number_seats(rows), left_out=left_out)


def _row(known: Mapping[str, str]) -> Row | None:
    """A row of a table; one without a name, or with a day that is none, is left out."""
    name, seat = _without_formula(known.get("name", "")), _without_formula(known.get("seat", ""))
    if not name or len(name) > LONGEST_NAME:
        return None
    if re.fullmatch(r"\d{1,3}", seat):
        seat = f"District {seat}"
    try:
        since, until = _day(known.get("since", "")), _day(known.get("until", ""))
    except ValueError:
        return None
    return Row(
        name=name,
        seat=seat or "At large",
        kind=kind_of(seat),
        since=since,
        until=until,
        party=known.get("party", ""),
        email=known.get("email", ""),
        phone=known.get("phone", ""),
        website=known.get("website", ""),
    )


def _without_formula(cell: str) -> str:
    """Our own exports put an apostrophe before what a spreadsheet would compute."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _day(raw: str) -> date | None:
    if not raw:
        return None
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", raw):
        return date(int(match[3]), int(match[1]), int(match[2]))
    return date.fromisoformat(raw[:10])


def _pasted(raw: str) -> Harvest:
    """Lines with a person and a seat, or with one of them above the other."""
    rows: list[Row] = []
    left_out: list[str] = []
    waiting_name, waiting_seat = "", ""
    for line in (one_line(each) for each in raw.splitlines()[:MOST_LINES]):
        name, seat = _name_and_seat(line) if len(line) <= LONGEST_LINE else ("", "")
        if not (name or seat):
            if rows and len(line) <= LONGEST_LINE and CONTACT.search(line):
                rows[-1] = _with_contact(rows[-1], line)
            elif line:
                left_out.append(line[:LONGEST_NAME])
            continue
        name, seat = name or (waiting_name if seat else ""), seat or (waiting_seat if name else "")
        if name and seat:
            rows.append(_with_contact(Row(name, seat, kind_of(seat)), line))
            waiting_name, waiting_seat = "", ""
        else:
            left_out += [waiting_name] if name and waiting_name else []
            waiting_name, waiting_seat = name, seat
    left_out += [waiting for waiting in (waiting_name, waiting_seat) if waiting]
    return Harvest(number_seats(rows), left_out=left_out)


def _name_and_seat(line: str) -> tuple[str, str]:
    """What a line says of a person and of a seat; both may be empty."""
    line = CONTACT.sub(" ", line)
    found = SEAT.search(line)
    seat = one_line(" ".join(found[0].split())) if found else ""
    rest = SEAT.sub(" ", TITLES.sub(" ", line))
    if not seat and (match := re.match(r"\s*(\d{1,3})[.)\s]+(?=[^\W\d])", rest)):
        seat, rest = f"District {match[1]}", rest[match.end() :]
    name = " ".join(NOT_IN_NAMES.sub(" ", rest).split()).strip(AROUND_NAMES)
    return (name if _is_name(name) else ""), seat[:1].upper() + seat[1:]


def _is_name(words: str) -> bool:
    """Two to five words, of which the first and the last begin with a capital."""
    parts = words.split()
    return (
        2 <= len(parts) <= 5
        and len(words) <= LONGEST_NAME
        and not re.search(r"\d", words)
        and parts[0][:1].isupper()
        and parts[-1][:1].isupper()
    )


def _with_contact(row: Row, line: str) -> Row:
    email, phone = EMAIL.search(line), PHONE.search(line)
    return replace(
        row, email=email[0] if email else row.email, phone=phone[0] if phone else row.phone
    )


def number_seats(rows: Sequence[Row]) -> list[Row]:
    """Seats of one name told apart: `At large`, `At large 2` …"""
    seen: dict[str, int] = {}
    told = []
    for row in rows[:MOST_ROWS]:
        number = seen[folded(row.seat)] = seen.get(folded(row.seat), 0) + 1
        seat = row.seat if number == 1 or not row.seat else f"{row.seat} {number}"
        told.append(replace(row, seat=seat))
    return told
