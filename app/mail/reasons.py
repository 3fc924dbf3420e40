"""Why somebody in an audience gets nothing after all: short words in the rows, sentences for staff.

Kinds of mailings add their own words, see registry.explain.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.mail import registry


class Reason(StrEnum):
    """What the engine itself finds, whatever the kind of mailing."""

    ERASED = "erased"
    DISABLED = "disabled"
    NO_ADDRESS = "no_address"
    UNCONFIRMED = "unconfirmed"
    DO_NOT_EMAIL = "do_not_email"
    UNSUBSCRIBED = "unsubscribed"
    NOTHING = "nothing"
    LATE = "late"
    CANCELLED = "cancelled"
    ENOUGH = "enough"
    FULL = "full"
    MEANWHILE = "meanwhile"
    NIGHT = "night"
    TURN = "turn"
    LEFT = "left"


registry.explain(
    erased=_l("Their details were deleted"),
    disabled=_l("Their account is closed"),
    no_address=_l("No e-mail address"),
    unconfirmed=_l("Has not confirmed the e-mail address"),
    do_not_email=_l("Do not e-mail"),
    unsubscribed=_l("Unsubscribed"),
    nothing=_l("Nothing to tell them this time"),
    late=_l("Too late to be of use"),
    cancelled=_l("The mailing was cancelled"),
    enough=_l("Already got as many digests and news as anybody gets in seven days"),
    full=_l("Got as many digests and news this week as anybody gets; waits for room"),
    meanwhile=_l("Gets another mail at this moment"),
    night=_l("It is night where they live; waits for 8 in the morning"),
    turn=_l("Waits for its turn: only so many a second go to that provider"),
    left=_l("May have arrived; staff decided not to send it again"),
)


def sentence(reason: str) -> Any:
    """What a reason means; words that nobody explained stand for themselves."""
    return registry.REASONS.get(reason, reason)
