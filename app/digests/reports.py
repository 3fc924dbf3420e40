"""What became of an issue: by reason, by alliance and by who receives the mail. No names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from app.digests import queries
from app.mail import queries as mail
from app.mail.models import Mailing, SendState
from app.mail.progress import progress

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
        return _by_state(str(_("Alliance")), queries.by_alliance(mailing), None)
    counted = [
        (name or str(_("No address any more")), state, number)
        for (name, state), number in mail.by_provider(mailing).items()
    ]
    return _by_state(str(_("Receiver")), counted, None if whole else SHOWN)


def _by_reason(mailing: Mailing) -> Report:
    shown = progress(mailing)
    reasons = {"skipped": shown.skipped, "failed": shown.failed}
    rows: list[tuple[str | int, ...]] = []
    for key, name, number in shown.states:
        found = reasons.get(key) or [("", number)]
        rows += [(name, reason, people) for reason, people in found]
    return Report([_("State"), _("Reason"), _("People")], rows, numbers_from=2)


def _by_state(what: str, counted: Iterable[tuple[str, SendState, int]], most: int | None) -> Report:
    """A row for each name, the largest first; beyond `most` all others are one row."""
    found: dict[str, dict[SendState, int]] = defaultdict(lambda: dict.fromkeys(SendState, 0))
    for name, state, number in counted:
        found[name][state] += number
    ordered = sorted(found.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    rows = [_row(name, states) for name, states in ordered[:most]]
    if most is not None and len(ordered) > most:
        rest = [_row("", states) for _name, states in ordered[most:]]
        sums = (sum(column) for column in zip(*(row[1:] for row in rest), strict=True))
        rows.append([str(_("All others")), *sums])
    heads = [what, _("People"), _("Sent"), _("Waiting"), _("Skipped"), _("Failed")]
    return Report(heads, rows)


def _row(name: str, states: dict[SendState, int]) -> list[str | int]:
    waiting = states[SendState.WAITING] + states[SendState.SENDING]
    numbers = [states[SendState.SENT], waiting, states[SendState.SKIPPED], states[SendState.FAILED]]
    return [name, sum(numbers), *numbers]
