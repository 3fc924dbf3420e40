"""What became of an issue: by reason, by alliance and by who receives the mail. No names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from app.digests import queries
from app.mail import queries as mail
from app.mail.models import Mailing, MailingState
from app.mail.progress import progress
from app.mail.queries import Place

SHOWN = 20
"""Receivers that are named; most issues go to hundreds of domains."""


class By(StrEnum):
    """What a report counts by."""

    REASON = "reason"
    ALLIANCE = "alliance"
    RECEIVER = "receiver"


@dataclass(frozen=True)
class Report:
    """A table: its headings, and rows whose numbers begin at the column `numbers_from`."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    numbers_from: int = 1


def report(mailing: Mailing, by: By, *, whole: bool = True) -> Report:
    """The whole table, or as much of it as a page shows."""
    if by == By.REASON:
        return _by_reason(mailing)
    if by == By.ALLIANCE:
        return _by_place(mailing, str(_("Alliance")), queries.by_alliance(mailing), None)
    counted = [
        (name or str(_("No address any more")), place, number)
        for (name, place), number in mail.by_provider(mailing).items()
    ]
    return _by_place(mailing, str(_("Receiver")), counted, None if whole else SHOWN)


def _by_reason(mailing: Mailing) -> Report:
    shown = progress(mailing)
    reasons = {"skipped": shown.skipped, "failed": shown.failed}
    rows: list[tuple[str | int, ...]] = []
    for key, name, number in shown.states:
        found = reasons.get(key) or [("", number)]
        rows += [(name, reason, people) for reason, people in found]
    return Report([_("State"), _("Reason"), _("People")], rows, numbers_from=2)


def _by_place(
    mailing: Mailing, what: str, counted: Iterable[tuple[str, Place, int]], most: int | None
) -> Report:
    """A row for each name, the largest first; beyond `most` all others are one row."""
    is_cancelled = mailing.state == MailingState.CANCELLED
    unsent = Place.CANCELLED if is_cancelled else Place.WAITING
    columns = (Place.SENT, unsent, Place.SKIPPED, Place.FAILED)
    found: dict[str, Counter[Place]] = defaultdict(Counter)
    for name, place, number in counted:
        found[name][place] += number
    rows: list[list[str | int]] = [
        [name, each.total(), *(each[column] for column in columns)]
        for name, each in sorted(found.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    ]
    if most is not None and len(rows) > most:
        sums = (sum(column) for column in zip(*(row[1:] for row in rows[most:]), strict=True))
        rows[most:] = [[str(_("All others")), *sums]]
    waiting = _("Cancelled") if is_cancelled else _("Waiting")
    return Report([what, _("People"), _("Sent"), waiting, _("Skipped"), _("Failed")], rows)
