"""What a sponsor said, on the public page: a coordinator's entry is shown once staff agree."""

from __future__ import annotations

from app.accounts.audit import audit
from app.campaigns.measure_models import Sponsorship
from app.foundation import clock
from app.foundation.db import db


def say(row: Sponsorship, words: str, source: str, *, proposed: bool) -> None:
    """Enter what a sponsor said and where it stands; empty words take it off the page.

    What is only `proposed` is not public until `agree`.
    """
    changed = (words, source) != (row.words, row.words_source)
    row.words, row.words_source = words, source if words else ""
    row.words_on = clock.now() if words else None
    if changed or not proposed:
        row.words_agreed = bool(words) and not proposed
    db.flush()
    audit("campaigns", "sponsor's words entered", row.measure_id, sponsorship=row.id)


def agree(row: Sponsorship) -> None:
    """Staff looked at the source: everybody may read the words."""
    if row.words and not row.words_agreed:
        row.words_agreed = True
        audit("campaigns", "sponsor's words agreed to", row.measure_id, sponsorship=row.id)
