"""Who can take part: what organizers say of each hurdle, as yes, no, or ask us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.events.models import Event


class Feature(StrEnum):
    """What people need to know before they set out."""

    STEP_FREE = "step_free"
    HEARING_LOOP = "hearing_loop"
    CAPTIONS = "captions"
    INTERPRETER = "interpreter"
    CHILDCARE = "childcare"
    QUIET_SPACE = "quiet_space"


class Offered(StrEnum):
    """Whether there is one."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


FEATURES: dict[Feature, Any] = {
    Feature.STEP_FREE: _l("Step-free way in"),
    Feature.HEARING_LOOP: _l("Hearing loop"),
    Feature.CAPTIONS: _l("Captions"),
    Feature.INTERPRETER: _l("Sign language interpreter"),
    Feature.CHILDCARE: _l("Childcare"),
    Feature.QUIET_SPACE: _l("Quiet space"),
}
OFFERED: dict[Offered, tuple[Any, str]] = {
    Offered.YES: (_l("Yes"), "ok"),
    Offered.NO: (_l("No"), "off"),
    Offered.ASK: (_l("Ask us"), "due"),
}


@dataclass(frozen=True)
class Line:
    """One hurdle as a page says it."""

    feature: str
    answer: str
    tone: str


def of_event(event: Event) -> Sequence[Line]:
    """What the organizers said, in a fixed order; nothing of what they did not say."""
    return [
        Line(str(label), *_said(event.accessibility[feature]))
        for feature, label in FEATURES.items()
        if event.accessibility.get(feature)
    ]


def in_words(event: Event) -> str:
    """All of it in one line for mails and calendars, with what they wrote themselves."""
    parts = [f"{line.feature}: {line.answer}" for line in of_event(event)]
    return "; ".join(part for part in (*parts, event.languages, event.access) if part)


def _said(stored: str) -> tuple[str, str]:
    label, tone = OFFERED[Offered(stored)]
    return str(label), tone
