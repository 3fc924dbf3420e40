"""Legistar's JSON: office records and persons, bodies, events, matters, as its web API has them.

One array of one kind, or an object with several: `{"OfficeRecords": […], "Events": […]}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from app.campaigns.body_models import SeatKind
from app.campaigns.rosters import (
    LONGEST_NAME,
    MOST_ROWS,
    Harvest,
    Matter,
    Row,
    Session,
    UnreadableRoster,
    kind_of,
    load_json,
    number_seats,
)
from app.foundation.text import folded, one_line

Entry = Mapping[str, Any]
MARKS = {
    "OfficeRecordId": "OfficeRecords",
    "PersonId": "Persons",
    "BodyId": "Bodies",
    "EventId": "Events",
    "MatterId": "Matters",
}
"""The field that tells of which kind an entry is."""
A_COUNCIL = ("city council", "council", "board of supervisors", "board of commissioners")
PRIMARY = "primary legislative body"
READ = re.compile(
    "OfficeRecord(Id|PersonId|FullName|BodyName|Title|StartDate|EndDate|Email)|"
    "Person(Id|FullName|Email|Phone|WWW|ActiveFlag)|Body(Id|Name|TypeName|ActiveFlag)|"
    "Event(Id|BodyName|Date|Time|Location|AgendaFile|AgendaStatusName|Comment)|"
    "Matter(Id|File|Title|Name|TypeName|StatusName)"
)
"""The fields that are read; the others are left behind."""


def is_json(raw: str) -> bool:
    return raw.lstrip()[:1] in ("[", "{")


def essence(raw: str) -> str:
    """The same list with only what is read of it; raises UnreadableRoster."""
    kept = {
        kind: [{key: entry[key] for key in entry if READ.fullmatch(key)} for entry in entries]
        for kind, entries in _by_kind(load_json(raw)).items()
    }
    holders = {_id(each, "OfficeRecordPersonId") for each in kept.get("OfficeRecords", ())}
    if holders and "Persons" in kept:
        kept["Persons"] = [each for each in kept["Persons"] if _id(each, "PersonId") in holders]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def read(raw: str, council: str, today: date) -> Harvest:
    """What a council's export says, of today and later; raises UnreadableRoster."""
    sorted_out = _by_kind(load_json(raw))
    if not sorted_out:
        raise UnreadableRoster
    names = _names(sorted_out, council)
    sittings = list(_meetings(sorted_out, names, today))
    return Harvest(
        rows=number_seats(_rows(sorted_out, names, today)),
        committees=sorted(set(_committees(sorted_out))),
        meetings=sorted(sittings, key=lambda each: (each.wall_start, each.committee))[:MOST_ROWS],
        matters=[_matter(each) for each in sorted_out.get("Matters", ())][:MOST_ROWS],
        left_out=list(_left_out(sorted_out, names, today)),
    )


def _names(entries: Mapping[str, Sequence[Entry]], council: str) -> Collection[str]:
    """What the council is called there: as here, else what is said to be the legislative body."""
    names = {folded(council), *A_COUNCIL}
    bodies = entries.get("Bodies", ())
    if any(folded(_words(each, "BodyName")) in names for each in bodies):
        return names
    primary = [each for each in bodies if folded(_words(each, "BodyTypeName")) == PRIMARY]
    return names | {folded(_words(each, "BodyName")) for each in primary}


def _by_kind(loaded: Any) -> dict[str, list[Entry]]:
    lists = loaded.values() if isinstance(loaded, dict) else [loaded]
    found: dict[str, list[Entry]] = {}
    for entries in lists:
        for entry in entries if isinstance(entries, list) else [entries]:
            if not isinstance(entry, dict):
                continue
            kind = next((kind for mark, kind in MARKS.items() if mark in entry), None)
            if kind:
                found.setdefault(kind, []).append(entry)
    return found


def _rows(entries: Mapping[str, Sequence[Entry]], names: Collection[str], today: date) -> list[Row]:
    """Who sits on the council itself, each once; of persons alone what is known of them."""
    persons = {_id(each, "PersonId"): each for each in entries.get("Persons", ())}
    if "OfficeRecords" not in entries:
        return [_person(each) for each in persons.values() if _words(each, "PersonFullName")]
    found: dict[str, Row] = {}
    for record in _running(entries, today):
        if not _is_council(_words(record, "OfficeRecordBodyName"), names):
            continue
        row = _row(record, persons.get(_id(record, "OfficeRecordPersonId"), {}))
        who = row.external_id or folded(row.name)
        known = found.get(who)
        if known is None or _rank(row, today) > _rank(known, today):
            found[who] = row
    return list(found.values())


def _running(entries: Mapping[str, Sequence[Entry]], today: date) -> Iterator[Entry]:
    """Office records that have not ended."""
    for record in entries.get("OfficeRecords", ()):
        until = _moment(record, "OfficeRecordEndDate")
        if _words(record, "OfficeRecordFullName") and not (until and until.date() < today):
            yield record


def _row(record: Entry, person: Entry) -> Row:
    title = _words(record, "OfficeRecordTitle") or "Member"
    since, until = _moment(record, "OfficeRecordStartDate"), _moment(record, "OfficeRecordEndDate")
    known = _person(person)
    return Row(
        name=_words(record, "OfficeRecordFullName"),
        seat=title,
        kind=kind_of(title),
        since=since.date() if since else None,
        until=until.date() if until else None,
        email=_words(record, "OfficeRecordEmail") or known.email,
        phone=known.phone,
        website=known.website,
        external_id=_id(record, "OfficeRecordPersonId") or None,
    )


def _rank(row: Row, today: date) -> tuple[bool, bool, bool]:
    """Of two records of one person: the one that runs, that names a district, who presides."""
    runs = row.since is None or row.since <= today
    return runs, row.kind == SeatKind.DISTRICT, row.kind == SeatKind.PRESIDING


def _person(person: Entry) -> Row:
    """A person without a seat, who is only known better where they sit already."""
    return Row(
        name=_words(person, "PersonFullName"),
        seat="",
        email=_words(person, "PersonEmail"),
        phone=_words(person, "PersonPhone"),
        website=_words(person, "PersonWWW"),
        external_id=_id(person, "PersonId") or None,
    )


def _is_council(body: str, names: Collection[str]) -> bool:
    return not body or folded(body) in names


def _left_out(
    entries: Mapping[str, Sequence[Entry]], names: Collection[str], today: date
) -> Iterator[str]:
    """Whose people were not taken where nobody's were; meetings of which nobody knows the hour."""
    bodies = {_words(each, "OfficeRecordBodyName") for each in _running(entries, today)}
    if not any(_is_council(each, names) for each in bodies):
        yield from sorted(bodies)
    for event in entries.get("Events", ()):
        day = _moment(event, "EventDate")
        if day and day.date() >= today and _time(_words(event, "EventTime")) is None:
            yield f"{day.date()} {_words(event, 'EventBodyName')}"


def _committees(entries: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    for body in entries.get("Bodies", ()):
        name, kind = _words(body, "BodyName"), _words(body, "BodyTypeName")
        if name and body.get("BodyActiveFlag", 1) and "committee" in folded(f"{name} {kind}"):
            yield name


def _meetings(
    entries: Mapping[str, Sequence[Entry]], names: Collection[str], today: date
) -> Iterator[Session]:
    for event in entries.get("Events", ()):
        day = _moment(event, "EventDate")
        at = _time(_words(event, "EventTime"))
        if day is None or at is None or day.date() < today:
            continue
        body = _words(event, "EventBodyName")
        said = folded(f"{_words(event, 'EventAgendaStatusName')} {_words(event, 'EventComment')}")
        yield Session(
            committee="" if _is_council(body, names) else body,
            wall_start=datetime.combine(day.date(), at),
            place=_words(event, "EventLocation"),
            agenda_url=_words(event, "EventAgendaFile"),
            cancelled="cancel" in said,
            external_id=str(event["EventId"]),
        )


def _matter(entry: Entry) -> Matter:
    return Matter(
        file=_words(entry, "MatterFile"),
        title=_words(entry, "MatterTitle") or _words(entry, "MatterName"),
        kind=_words(entry, "MatterTypeName"),
        status=_words(entry, "MatterStatusName"),
    )


def _id(entry: Entry, name: str) -> str:
    return str(entry.get(name) or "")[:LONGEST_NAME]


def _words(entry: Entry, name: str) -> str:
    raw = entry.get(name)
    return one_line(raw)[: LONGEST_NAME * 4] if isinstance(raw, str) else ""


def _moment(entry: Entry, name: str) -> datetime | None:
    """A day of Legistar, `2019-07-15T00:00:00`; what is none is taken as unknown."""
    try:
        return datetime.fromisoformat(_words(entry, name)[:19])
    except ValueError:
        return None


def _time(raw: str) -> time | None:
    """`5:00 PM` or `17:00`."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})\s*([ap]m)?", raw, re.IGNORECASE)
    if not match:
        return None
    hour, half = int(match[1]), (match[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, int(match[2]))
    except ValueError:
        return None
