"""How an import stands, as its page and the page's poll show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import format_number
from flask_babel import gettext as _

from app.moving import reports, words
from app.moving.models import ImportRun, ImportState, Outcome

AT_WORK = (ImportState.STAGING, ImportState.JUDGING, ImportState.APPLYING)


@dataclass(frozen=True)
class Progress:
    """Counts by outcome; `phase` changes when the page must be drawn anew."""

    run: ImportRun
    counts: dict[Outcome | None, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.total - self.counts.get(None, 0)

    @property
    def wanted(self) -> int:
        """How many rows an import would write."""
        return self.counts.get(Outcome.NEW, 0) + self.counts.get(Outcome.CHANGED, 0)

    @property
    def refused(self) -> int:
        return self.counts.get(Outcome.REFUSED, 0)

    @property
    def is_over(self) -> bool:
        return self.run.state not in AT_WORK

    @property
    def sentence(self) -> str:
        if self.run.state == ImportState.STAGED:
            return self._what_to_do
        total = format_number(self.total)
        if self.run.state == ImportState.APPLYING:
            return str(
                _("All %(total)s rows are checked and are being imported at once.", total=total)
            )
        state, _tone = words.STATES[self.run.state]
        return str(
            _(
                "%(state)s: %(done)s of %(total)s rows.",
                state=state,
                done=format_number(self.done),
                total=total,
            )
        )

    @property
    def _what_to_do(self) -> str:
        if words.state_of(self.run) is words.RECOGNIZED:
            return str(_("Change below what is not right, then look through the rows."))
        return str(_("Say below which column is what, then look through the rows."))

    @property
    def states(self) -> list[tuple[str, str, int, None]]:
        """How many rows have which outcome; nothing before any was looked at."""
        if self.run.state == ImportState.STAGED:
            return []
        return [
            (outcome.value, str(word), self.counts.get(outcome, 0), None)
            for outcome, (word, _tone) in words.OUTCOMES.items()
        ]

    def as_json(self) -> dict[str, Any]:
        """What the script of the progress bar reads."""
        return {
            "done": self.done,
            "total": self.total,
            "sentence": self.sentence,
            "phase": self.run.state.value,
            "states": {key: number for key, _name, number, _url in self.states},
            "finished": self.is_over,
        }


def progress(run: ImportRun) -> Progress:
    return Progress(run, reports.counts(run))
