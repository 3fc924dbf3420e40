"""Example councils with sourced rules, from reference/councils.toml.

Put in once; what somebody keeps or has changed since is left alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.campaigns import council_actions as actions
from app.campaigns import divisions, rules
from app.campaigns.body_models import Body, BodyKind, RuleKey
from app.campaigns.council_actions import About, Rhythm, Source
from app.campaigns.place_models import Division
from app.foundation.db import db

FILE = Path(__file__).parent / "reference" / "councils.toml"
ABOUT = {name for name in About.__dataclass_fields__ if name != "kind"}


def seed() -> int:
    """Put in the examples that are missing; how many examples there are."""
    entries = tomllib.loads(FILE.read_text())
    there = set(db.scalars(select(Body.slug)))
    for slug, entry in entries.items():
        if slug not in there:
            _council(slug, entry)
    db.flush()
    return len(entries)


def _council(slug: str, entry: Mapping[str, Any]) -> None:
    about = {name: value for name, value in entry.items() if name in ABOUT}
    body = actions.keep(None, _division(entry), About(kind=BodyKind(entry["kind"]), **about))
    body.slug = slug
    body.source_url = entry.get("website", "")
    for key, rule in entry.get("rules", {}).items():
        source = Source(entry["checked_on"], rule["source_url"], rule["source_title"])
        actions.set_rule(body, RuleKey(key), rules.read(RuleKey(key), rule["value"]), source)
    if "meetings" in entry:
        source = Source(entry["checked_on"], entry["meetings_source"])
        actions.set_rhythm(body, None, Rhythm(entry["meetings"]), source)


def _division(entry: Mapping[str, Any]) -> Division:
    """The place of an example, whose id stands in the official list."""
    found = db.get(Division, entry["division"])
    if found is None:
        shape = divisions.shape(entry["division"])
        name, county = entry["place"]
        found = Division(
            id=entry["division"],
            name=name,
            sought=divisions.sought(name),
            state=shape.state,
            county=county,
            kind=shape.kind,
            rank=shape.rank,
            verified=False,
        )
        db.add(found)
    return found
