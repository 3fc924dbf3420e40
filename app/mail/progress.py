"""How a mailing stands, as pages and their poll show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import format_number, ngettext
from flask_babel import gettext as _

from app.mail import queries
from app.mail.models import Mailing, MailingState, SendState
from app.mail.queries import Standing
from app.mail.reasons import sentence

OVER = (MailingState.DONE, MailingState.CANCELLED)
LONGEST_GUESS = 24 * 60
"""Minutes up to which it is worth saying how long the rest may take."""


@dataclass(frozen=True)
class Progress:
    """Numbers and a sentence; `phase` changes when the page's buttons must."""

    standing: Standing
    rate: float
    state: MailingState
    sentence: str

    @property
    def finished(self) -> bool:
        return self.state in OVER and self.standing.left == 0

    @property
    def phase(self) -> str:
        return f"{self.state.value}{'-over' if self.finished else ''}"

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """Key, name and number of each state that staff know."""
        return [
            ("sent", _("Sent"), self.standing.of(SendState.SENT)),
            ("waiting", _("Waiting"), self.standing.left),
            ("skipped", _("Skipped"), self.standing.of(SendState.SKIPPED)),
            ("failed", _("Failed"), self.standing.of(SendState.FAILED)),
            ("twice", _("May have arrived twice"), self.standing.in_doubt),
        ]

    @property
    def skipped(self) -> list[tuple[str, int]]:
        return [(str(sentence(why)), n) for why, n in self.standing.why(SendState.SKIPPED)]

    @property
    def failed(self) -> list[tuple[str, int]]:
        return [(str(sentence(why)), n) for why, n in self.standing.why(SendState.FAILED)]

    def as_json(self) -> dict[str, Any]:
        return {
            "done": self.standing.done,
            "total": self.standing.total,
            "states": {key: number for key, _name, number in self.states},
            "rate": round(self.rate, 1),
            "state": self.state.value,
            "sentence": self.sentence,
            "phase": self.phase,
            "finished": self.finished,
        }


def progress(mailing: Mailing) -> Progress:
    standing = queries.standing(mailing)
    rate = queries.rate(mailing) if mailing.state == MailingState.SENDING else 0.0
    return Progress(standing, rate, mailing.state, _sentence(mailing, standing, rate))


def _sentence(mailing: Mailing, standing: Standing, rate: float) -> str:
    sent = format_number(standing.of(SendState.SENT))
    total = format_number(standing.total)
    if mailing.state == MailingState.SCHEDULED:
        return str(_("It has not started yet."))
    if mailing.state == MailingState.PAUSED:
        return str(_("Paused: %(sent)s of %(total)s sent.", sent=sent, total=total))
    if mailing.state == MailingState.CANCELLED:
        return str(_("Cancelled: %(sent)s of %(total)s sent.", sent=sent, total=total))
    if mailing.state == MailingState.DONE:
        return str(_("Done: %(sent)s of %(total)s sent.", sent=sent, total=total))
    told = [_("%(sent)s of %(total)s sent", sent=sent, total=total), *_pace(standing, rate)]
    return " · ".join(told)


def _pace(standing: Standing, rate: float) -> list[str]:
    """How fast it goes and how long it may take; nothing where that would be a guess."""
    if rate < 1:
        return []
    minutes = max(1, round(standing.left / rate / 60))
    told = [_("%(rate)s a second", rate=format_number(round(rate)))]
    if minutes <= LONGEST_GUESS:
        told.append(
            ngettext("done in about %(num)s minute", "done in about %(num)s minutes", minutes)
        )
    return told
