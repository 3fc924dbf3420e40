"""Legistar's JSON: office records and persons, bodies, events, matters, as its web API has them.

One array of one kind, or an object with several: `{"OfficeRecords": […], "Events": […]}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

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


def is_json(raw: str) -> bool:
    return raw.lstrip()[:1] in ("[", "{")


def read(raw: str, council: str, today: date) -> Harvest:
    """What a council's export says, of today and later; raises UnreadableRoster."""
    sorted_out = _by_kind(load_json(raw))
    if not sorted_out:
        raise UnreadableRoster
    return Harvest(
        rows=number_seats(list(_rows(sorted_out, council, today))),
        committees=sorted(set(_committees(sorted_out))),
        meetings=list(_meetings(sorted_out, council, today))[:MOST_ROWS],
        matters=[_matter(each) for each in sorted_out.get("Matters", ())][:MOST_ROWS],
    )


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


def _rows(entries: Mapping[str, Sequence[Entry]], council: str, today: date) -> Iterator[Row]:
    """Office records of the council itself that have not ended."""
    persons = {each.get("PersonId"): each for each in entries.get("Persons", ())}
    for record in entries.get("OfficeRecords", ()):
        until = _moment(record, "OfficeRecordEndDate")
        name = _words(record, "OfficeRecordFullName")
        body = _words(record, "OfficeRecordBodyName")
        if not name or (until and until.date() < today) or not _is_council(body, council):
            continue
        person = persons.get(record.get("OfficeRecordPersonId"), {})
        since = _moment(record, "OfficeRecordStartDate")
        title = _words(record, "OfficeRecordTitle") or "Member"
        yield Row(
            name=name,
            seat=title,
            kind=kind_of(title),
            since=since.date() if since else None,
            until=until.date() if until else None,
            email=_words(record, "OfficeRecordEmail") or _words(person, "PersonEmail"),
            phone=_words(person, "PersonPhone"),
            website=_words(person, "PersonWWW"),
            external_id=str(record.get("OfficeRecordPersonId") or "") or None,
        )


def _is_council(body: str, council: str) -> bool:
    return not body or folded(body) == folded(council) or folded(body) in A_COUNCIL


def _committees(entries: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    for body in entries.get("Bodies", ()):
        name, kind = _words(body, "BodyName"), _words(body, "BodyTypeName")
        if name and body.get("BodyActiveFlag", 1) and "committee" in folded(f"{name} {kind}"):
            yield name


def _meetings(
    entries: Mapping[str, Sequence[Entry]], council: str, today: date
) -> Iterator[Session]:
    for event in entries.get("Events", ()):
        day = _moment(event, "EventDate")
        at = _time(_words(event, "EventTime"))
        if day is None or at is None or day.date() < today:
            continue
        body = _words(event, "EventBodyName")
        said = folded(f"{_words(event, 'EventAgendaStatusName')} {_words(event, 'EventComment')}")
        yield Session(
            committee="" if _is_council(body, council) else body,
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
