"""What a refusal says of an address: the one rule, for answers of a relay and for mail that came
back later.

- *hard*: there is no such address (or domain, or the mailbox was closed). We stop at once, because
  large providers count mail to dead addresses against everybody's mail.
- *soft*: not this time: the mailbox is full, the server was away until the relay gave up. Each day
  with such a refusal counts one, and halves every 90 days; at four we stop. So a mailbox that stays
  full is left alone after five weekly mails, and two bad days in a year do nothing.
- *blocked*: we were refused: reputation, policy, signatures, content. That is ours to mend, it says
  nothing of the address and never counts against it; staff see it.

In doubt it is the milder one. The codes are those of RFC 3463; words are read only where a server
gives no code that says more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.mail.models import BounceKind

LIMIT = 4.0
HALF_LIFE = timedelta(days=90)
COUNTED_FOR = timedelta(days=365)
"""After four half-lives a refusal weighs a sixteenth; what is older is not looked at."""

NO_SUCH_ADDRESS = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"})
OUR_FAULT = frozenset({"1.7", "1.8", "2.3", "3.4"})
OUR_SUBJECTS = ("5.", "6.", "7.")  # protocol, content, policy

_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3}\.\d{1,3})(?!\.?\d)")
_NOT_WORDS = re.compile(r"<[^>\s]*>|\S+@\S+|\bhttps?:\S+|\b[\w-]+(?:\.[\w-]+)+\b", re.IGNORECASE)
_LISTED = re.compile(
    r"spamhaus|barracuda|proofpoint|dnsbl|\brbl\b|black ?list|block ?list|deny ?list|reputation",
    re.IGNORECASE,
)
_UNWELCOME = re.compile(
    r"spam|block|polic[yi]|banned|listed|\bspf\b|dkim|dmarc|authenticat|sender|throttl|grey ?list"
    r"|gray ?list|rate limit|too many|relay(?:ing)? (?:access )?(?:denied|not)|access denied"
    r"|content|virus",
    re.IGNORECASE,
)
_FULL = re.compile(r"\bfull\b|quota|storage|too (?:large|big)", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"(?:unknown|invalid|no such) (?:user|recipient|mailbox|address)|user unknown|no mailbox"
    r"|(?:user|mailbox|recipient|address|account)\b.{0,40}"
    r"(?:does ?n[o']t exist|not exist|not found|unknown|disabled|inactive|n[o']t have)",
    re.IGNORECASE,
)
_NO_SUCH_CODE = ("550", "551", "553")


def kind_of(words: str, status: str = "") -> BounceKind:
    """What a server's words say of an address, with the status of a report about it."""
    enhanced = _ENHANCED.search(words) or _ENHANCED.search(status)
    said = _NOT_WORDS.sub(" ", words)
    if _LISTED.search(said):
        return BounceKind.BLOCKED
    if enhanced and (enhanced[2].startswith(OUR_SUBJECTS) or not enhanced[2].endswith(".0")):
        return _by_status(enhanced[1], enhanced[2])
    code = _CODE.search(words)
    final = (enhanced[1] if enhanced else code[1][0] if code else "5") == "5"
    return _by_words(said, code[1] if code else "", final=final)


def _by_status(severity: str, detail: str) -> BounceKind:
    if detail in OUR_FAULT or detail.startswith(OUR_SUBJECTS):
        return BounceKind.BLOCKED
    if severity == "5" and detail in NO_SUCH_ADDRESS:
        return BounceKind.HARD
    return BounceKind.SOFT


def _by_words(said: str, code: str, *, final: bool) -> BounceKind:
    if _UNWELCOME.search(said):
        return BounceKind.BLOCKED
    if not final or _FULL.search(said):
        return BounceKind.SOFT
    if code in _NO_SUCH_CODE or _UNKNOWN.search(said):
        return BounceKind.HARD
    return BounceKind.SOFT


def score(refused_at: Iterable[datetime], now: datetime) -> float:
    """What soft refusals weigh now; several on one day are one."""
    days = {moment.date(): moment for moment in sorted(refused_at)}
    return math.fsum(math.exp2((moment - now) / HALF_LIFE) for moment in days.values())
