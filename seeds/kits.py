"""The national event templates: put in once from reference/kits.toml, then staff's to change.

One that still says what it said in English, and nothing in Spanish, is given its Spanish words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.events.kit_models import Kit
from app.events.models import EventKind
from app.foundation import clock
from app.foundation.db import db

FILE = Path(__file__).parent / "reference" / "kits.toml"


def seed() -> int:
    """Put in what is missing; how many there are in the file."""
    entries = tomllib.loads(FILE.read_text())
    there = {kit.key: kit for kit in db.scalars(select(Kit).where(Kit.key.in_(entries)))}
    for key, entry in entries.items():
        if key not in there:
            db.add(_kit(key, entry))
        elif not there[key].title_es and there[key].title == entry["title"]:
            there[key].title_es = entry["title_es"]
            there[key].description_es = entry["description_es"].strip()
    db.flush()
    return len(entries)


def _kit(key: str, entry: Mapping[str, Any]) -> Kit:
    now = clock.now()
    return Kit(
        key=key,
        kind=EventKind(key),
        title=entry["title"],
        description=entry["description"].strip(),
        title_es=entry["title_es"],
        description_es=entry["description_es"].strip(),
        minutes=entry["minutes"],
        roles=entry["roles"],
        materials=entry["materials"],
        checklist=entry["checklist"],
        questions=entry["questions"],
        reminders=entry.get("reminders", []),
        created_at=now,
        updated_at=now,
    )
