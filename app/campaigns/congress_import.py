"""`flask campaigns import-legislators`: members of Congress and their offices at home.

Takes the YAML files of unitedstates/congress-legislators as they are, packed or not. All or
nothing; again changes nothing.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import delete, select, update

from app.campaigns.congress_models import Chamber, Legislator, LegislatorOffice
from app.campaigns.division_import import MOST_REFUSED, RefusedFile
from app.foundation import clock
from app.foundation.db import db

Entry = Mapping[str, Any]
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class CongressReport:
    """What an import did."""

    legislators: int = 0
    gone: int = 0
    offices: int = 0
    left_out: int = 0
    refused: list[str] = field(default_factory=list)


def import_legislators(file: Path) -> CongressReport:
    """Take a file of members or one of their offices; raises RefusedFile."""
    entries = _entries(file)
    report = CongressReport()
    if any("offices" in entry for entry in entries):
        _keep_offices(entries, report)
    else:
        _keep_members(entries, report)
    if report.refused:
        raise RefusedFile(report.refused[:MOST_REFUSED])
    return report


def _entries(file: Path) -> list[Entry]:
    raw = file.read_bytes()
    try:
        plain = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        found = yaml.load(plain.decode(), Loader=Loader)  # noqa: S506  a safe loader, see above
    except (OSError, EOFError, ValueError, yaml.YAMLError):
        raise RefusedFile(["the file cannot be read as YAML"]) from None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise RefusedFile(["the file is no list of members of Congress or of their offices"])
    return found


def _keep_members(entries: list[Entry], report: CongressReport) -> None:
    members = []
    for number, entry in enumerate(entries, 1):
        try:
            members.append(db.merge(_member(entry)))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            report.refused.append(f"entry {number}: {_problem(error)}")
    db.flush()
    report.legislators, report.gone = len(members), _let_go(members)


def _let_go(listed: Sequence[Legislator]) -> int:
    """Whoever is missing among those who serve today serves no more, whatever their term said."""
    today = clock.today()
    if not any(member.until >= today for member in listed):
        return 0  # a file of former members
    left = update(Legislator).where(
        Legislator.until >= today, Legislator.id.not_in([member.id for member in listed])
    )
    gone = db.scalars(left.values(until=today - timedelta(days=1)).returning(Legislator.id))
    return len(gone.all())


def _problem(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else f"cannot be read: {error}"


def _member(entry: Entry) -> Legislator:
    term, name = entry["terms"][-1], entry["name"]
    chamber = Chamber(term["type"])
    return Legislator(
        id=str(entry["id"]["bioguide"]),
        name=name.get("official_full") or f"{name['first']} {name['last']}",
        chamber=chamber,
        state=str(term["state"]),
        district=int(term["district"]) if chamber == Chamber.HOUSE else None,
        party=str(term.get("party", "")),
        since=_day(term["start"]),
        until=_day(term["end"]),
        phone=str(term.get("phone", "")),
        address=str(term.get("address", "")),
        website=str(term.get("url", "")),
        contact_form=str(term.get("contact_form", "")),
    )


def _day(raw: object) -> date:
    return raw if isinstance(raw, date) else date.fromisoformat(str(raw))


def _keep_offices(entries: list[Entry], report: CongressReport) -> None:
    """The offices of members whom we know; a file of members comes first."""
    known = set(db.scalars(select(Legislator.id)))
    ours = {}
    for number, entry in enumerate(entries, 1):
        try:
            ours[str(entry["id"]["bioguide"])] = list(entry["offices"])
        except (KeyError, TypeError) as error:
            report.refused.append(f"entry {number}: {_problem(error)}")
    db.execute(delete(LegislatorOffice).where(LegislatorOffice.legislator_id.in_(ours)))
    for member, offices in ours.items():
        if member not in known:
            report.left_out += len(offices)
            continue
        for office in offices:
            _keep_office(member, office, report)
    db.flush()


def _keep_office(member: str, office: Entry, report: CongressReport) -> None:
    try:
        db.add(
            LegislatorOffice(
                legislator_id=member,
                key=str(office["id"]),
                address=", ".join(
                    str(office[part]) for part in ("address", "building", "suite") if part in office
                ),
                city=str(office["city"]),
                state=str(office["state"]),
                zip=str(office.get("zip", "")),
                phone=str(office.get("phone", "")),
            )
        )
        report.offices += 1
    except (KeyError, TypeError) as error:
        report.refused.append(f"an office of {member}: {_problem(error)}")
