"""How a mailing stands, as pages and their poll show it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import format_number
from flask_babel import gettext as _

from app.foundation import clock
from app.mail import forecast, queries, quiet_hours, registry, resting
from app.mail.forecast import Load
from app.mail.models import Mailing, MailingState
from app.mail.queries import Place, Standing
from app.mail.reasons import sentence

OVER = (MailingState.DONE, MailingState.CANCELLED)
LEAST_RATE = 0.1


@dataclass(frozen=True)
class Progress:
    """Numbers and a sentence; `phase` changes when the page's buttons must.

    `why_waiting` says why copies wait that nobody put off.
    """

    standing: Standing
    rate: float
    state: MailingState
    sentence: str
    finished: bool
    expected: int = 0
    why_waiting: str = ""

    @property
    def done(self) -> int:
        return self.standing.done

    @property
    def total(self) -> int:
        """How many copies there are, or how many staff expected before these are made."""
        return self.standing.total or self.expected

    @property
    def phase(self) -> str:
        return f"{self.state.value}{'-over' if self.finished else ''}"

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """Key, name and number of each state that staff know."""
        unsent = ("waiting", _("Waiting"), self.standing.left)
        if self.state == MailingState.CANCELLED:
            unsent = ("cancelled", _("Cancelled"), self.standing.of(Place.CANCELLED))
        return [
            ("sent", _("Sent"), self.standing.of(Place.SENT)),
            unsent,
            ("skipped", _("Skipped"), self.standing.of(Place.SKIPPED)),
            ("failed", _("Failed"), self.standing.of(Place.FAILED)),
            ("twice", _("May have arrived twice"), self.standing.in_doubt),
        ]

    @property
    def skipped(self) -> list[tuple[str, int]]:
        return [(str(sentence(why)), n) for why, n in self.standing.why(Place.SKIPPED)]

    @property
    def waiting(self) -> list[tuple[str, int]]:
        """Why copies wait that were put off; the others have no reason."""
        found = self.standing.why(Place.WAITING)
        return [(str(sentence(why)), n) for why, n in found if why]

    @property
    def failed(self) -> list[tuple[str, int]]:
        return [
            (str(sentence(why)) if why else str(_("No reason given")), n)
            for why, n in self.standing.why(Place.FAILED)
        ]

    def as_json(self) -> dict[str, Any]:
        return {
            "done": self.done,
            "total": self.total,
            "states": {key: number for key, _name, number in self.states},
            "rate": round(self.rate, 1),
            "state": self.state.value,
            "sentence": self.sentence,
            "phase": self.phase,
            "finished": self.finished,
            "reasons": render_template("mail/reasons.html", progress=self),
        }


def progress(mailing: Mailing) -> Progress:
    """As a page shows it: every copy is counted."""
    return _progress(mailing, queries.standing(mailing))


def polled(mailing: Mailing) -> Progress:
    """As a page asks every two seconds: batches that rest are not counted again."""
    is_over = mailing.state in OVER
    return _progress(mailing, (queries if is_over else resting).standing(mailing))


def _progress(mailing: Mailing, standing: Standing) -> Progress:
    rate = queries.rate(mailing) if mailing.state == MailingState.SENDING else 0.0
    expected = mailing.facts.get("people", 0) if mailing.state == MailingState.SCHEDULED else 0
    told = _sentence(mailing, standing, rate)
    waits = mailing.state in (MailingState.SENDING, MailingState.PAUSED) and standing.left > 0
    why = registry.why_waiting(mailing) if waits else ""
    over = mailing.finished_at is not None
    return Progress(standing, rate, mailing.state, told, over, expected, why)


def _sentence(mailing: Mailing, standing: Standing, rate: float) -> str:
    sent = format_number(standing.of(Place.SENT))
    total = format_number(standing.total)
    if mailing.state == MailingState.SCHEDULED:
        if mailing.due_at <= clock.now():
            return str(_("It starts within seconds."))
        return str(_("It has not started yet."))
    if mailing.state == MailingState.PAUSED:
        return str(_("Paused: %(sent)s of %(total)s sent.", sent=sent, total=total))
    if mailing.state == MailingState.CANCELLED:
        return str(_("Cancelled: %(sent)s of %(total)s sent.", sent=sent, total=total))
    if mailing.state == MailingState.DONE:
        return str(_("Done: %(sent)s of %(total)s sent.", sent=sent, total=total))
    told = [
        _("%(sent)s of %(total)s sent", sent=sent, total=total),
        *_pace(mailing, standing, rate),
    ]
    return " · ".join(told)


def _pace(mailing: Mailing, standing: Standing, rate: float) -> list[str]:
    """How fast it goes and when it may be through; nothing where that would be a guess."""
    if rate < LEAST_RATE:
        return []
    told = [_("%(rate)s a second", rate=format_number(round(rate)))] if rate >= 1 else []
    end = forecast.in_words(_end(mailing, standing.left, rate), clock.HOME_ZONE)
    return [*told, _("done %(when)s", when=end)]


def _end(mailing: Mailing, left: int, rate: float) -> datetime:
    """When so many copies are through, of which some may be due only later."""
    load = Load(left, at_any_hour=mailing.at_any_hour)
    end = forecast.finish(load, clock.now(), pace=rate)
    due_at, share = queries.last_due(mailing)
    if due_at <= clock.now():
        return end
    at_any_hour = mailing.at_any_hour and due_at < mailing.due_at + quiet_hours.NOW_MEANS
    last = Load(math.ceil(left * share), at_any_hour=at_any_hour)
    return max(end, forecast.finish(last, due_at, pace=rate))
