"""How an issue that goes out stands, in words and numbers; in the end this is its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_number, ngettext
from flask_babel import gettext as _

from app.digests.queries import Standing, is_waiting
from app.foundation import clock
from app.mail.models import Mailing, MailingState, SendState
from app.mail.reasons import sentence

OVER = (MailingState.DONE, MailingState.CANCELLED)
LEAST_SECONDS = 5


@dataclass(frozen=True)
class Progress:
    """What the page and its poll show."""

    done: int
    total: int
    left: int
    sentence: str
    phase: str
    finished: bool
    states: Sequence[tuple[str, str, int]]
    skipped: Sequence[tuple[str, int]]
    failed: Sequence[tuple[str, int]]

    def as_json(self) -> dict[str, Any]:
        return {
            "done": self.done,
            "total": self.total,
            "sentence": self.sentence,
            "phase": self.phase,
            "finished": self.finished,
            "states": {key: number for key, _name, number in self.states},
        }


def progress(mailing: Mailing, standing: Standing) -> Progress:
    finished = mailing.state in OVER and standing.left == 0
    expected = mailing.facts.get("people", 0) if is_waiting(mailing) else 0
    return Progress(
        done=standing.done,
        total=standing.total or expected,
        left=standing.left,
        sentence=_sentence(mailing, standing),
        phase=f"{mailing.state.value}{'-over' if finished else ''}",
        finished=finished,
        states=_states(standing),
        skipped=_explained(standing, SendState.SKIPPED),
        failed=_explained(standing, SendState.FAILED),
    )


def rows(standing: Standing) -> list[tuple[str, str, int]]:
    """The report as a table of state, reason and number of people, without names."""
    found = []
    for key, name, number in _states(standing):
        reasons = _explained(standing, SendState(key)) if key in ("skipped", "failed") else ()
        found += [(name, reason, people) for reason, people in reasons] or [(name, "", number)]
    return found


def _states(standing: Standing) -> list[tuple[str, str, int]]:
    return [
        ("sent", str(_("Sent")), standing.of(SendState.SENT)),
        ("waiting", str(_("Waiting")), standing.left),
        ("skipped", str(_("Skipped")), standing.of(SendState.SKIPPED)),
        ("failed", str(_("Failed")), standing.of(SendState.FAILED)),
        ("twice", str(_("May have arrived twice")), standing.in_doubt),
    ]


def _explained(standing: Standing, state: SendState) -> list[tuple[str, int]]:
    return [
        (str(sentence(reason)) if reason else str(_("No reason given")), number)
        for reason, number in standing.why(state)
    ]


def _sentence(mailing: Mailing, standing: Standing) -> str:
    if is_waiting(mailing):
        return str(_("It starts within seconds."))
    sent = format_number(standing.of(SendState.SENT))
    total = format_number(standing.total)
    if mailing.state == MailingState.PAUSED:
        return str(_("Paused: %(sent)s of %(total)s sent.", sent=sent, total=total))
    if mailing.state == MailingState.CANCELLED:
        return str(_("Cancelled: %(sent)s of %(total)s sent.", sent=sent, total=total))
    if mailing.state == MailingState.DONE:
        return str(_("Done: %(sent)s of %(total)s sent.", sent=sent, total=total))
    told = [str(_("%(sent)s of %(total)s sent", sent=sent, total=total)), *_pace(mailing, standing)]
    return " · ".join(told)


def _pace(mailing: Mailing, standing: Standing) -> list[str]:
    """How fast it goes and how long it may take; nothing where that would be a guess."""
    if mailing.started_at is None or "on" in mailing.facts or not standing.done:
        return []
    seconds = (clock.now() - mailing.started_at).total_seconds()
    if seconds < LEAST_SECONDS:
        return []
    rate = standing.done / seconds
    minutes = max(1, round(standing.left / rate / 60))
    left = ngettext("done in about %(num)s minute", "done in about %(num)s minutes", minutes)
    if rate < 1:
        return [str(left)]
    return [str(_("%(rate)s a second", rate=format_number(round(rate)))), str(left)]
