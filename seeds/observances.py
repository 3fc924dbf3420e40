"""The observances: facts from reference/observances.toml, brought up to date at each run."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.events import editions
from app.events.models import Observance, Tone
from app.foundation.db import db

FILE = Path(__file__).parent / "reference" / "observances.toml"


def seed() -> int:
    """Load the observances and open the coming ones; how many observances there are."""
    entries = tomllib.loads(FILE.read_text())
    for key, entry in entries.items():
        db.merge(_observance(key, entry))
    db.flush()
    editions.open_coming()
    return len(entries)


def _observance(key: str, entry: Mapping[str, Any]) -> Observance:
    month, _, day = entry.get("date", "").partition("-")
    return Observance(
        key=key,
        name=entry["name"],
        short_name=entry["short_name"],
        also_known_as=entry.get("also_known_as", []),
        month=int(month) if month else None,
        day=int(day) if day else None,
        tone=Tone(entry["tone"]),
        source=entry["source"],
    )
