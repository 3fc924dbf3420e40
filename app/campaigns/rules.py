"""What each rule of a council holds: a frozen value for each key, read from JSON and checked.

Rules are data: nothing here knows a place. A value that does not fit raises WrongRule, which names
the field; pages say the sentence (see rule_words).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar, get_type_hints

from app.campaigns.body_models import BodyRule, RuleKey
from app.campaigns.counting import Counting

STALE_AFTER = timedelta(days=365)
MOST_HOURS = 24 * 60
MOST_DAYS = 366
MOST_CHARACTERS = 1_000_000


class WrongRule(ValueError):
    """The value of a rule does not fit its key; `field` says where."""

    def __init__(self, key: RuleKey, field: str) -> None:
        super().__init__(f"{key}: {field}")
        self.key = key
        self.field = field


class Silence(StrEnum):
    """What it means when the mayor or governor does nothing until the end of the review."""

    APPROVES = "approves"
    KILLS = "kills"


class Share(StrEnum):
    """How many votes are needed."""

    MAJORITY = "majority"
    THREE_FIFTHS = "three_fifths"
    TWO_THIRDS = "two_thirds"
    THREE_QUARTERS = "three_quarters"
    ALL = "all"


class Of(StrEnum):
    """Of whom a share is taken."""

    PRESENT = "present"
    MEMBERS = "members"


@dataclass(frozen=True)
class Posting:
    """The agenda is public `hours` before the meeting; hours of weekends count or not."""

    hours: int
    weekends: bool = True


@dataclass(frozen=True)
class Lead:
    """So many days ahead, as they are counted."""

    days: int
    counting: Counting = Counting.CALENDAR


@dataclass(frozen=True)
class Referral:
    """A committee hears it first and reports at least `days` before the body's meeting."""

    needed: bool = True
    days: int = 0
    committee: str = ""


@dataclass(frozen=True)
class Comment:
    """Who wants to speak says so `hours` before the meeting; 0: at the meeting itself."""

    hours: int = 0
    minutes: int | None = None


@dataclass(frozen=True)
class Review:
    """The mayor or governor has `days` after the vote, 0 where nobody reviews; what silence does;
    how many override a veto."""

    days: int
    counting: Counting = Counting.CALENDAR
    silence: Silence = Silence.APPROVES
    override: Share = Share.TWO_THIRDS
    override_days: int | None = None


@dataclass(frozen=True)
class Sponsors:
    """How many members must bring it in, and who may."""

    least: int = 1
    who: str = ""


@dataclass(frozen=True)
class Votes:
    """What passes a resolution."""

    share: Share = Share.MAJORITY
    of: Of = Of.MEMBERS
    quorum: int | None = None


@dataclass(frozen=True)
class TextLimits:
    """How long a text may be."""

    most_clauses: int | None = None
    most_characters: int | None = None


@dataclass(frozen=True)
class Attestation:
    """Who signs what was adopted."""

    who: str


Value = Posting | Lead | Referral | Comment | Review | Sponsors | Votes | TextLimits | Attestation
Known = TypeVar(
    "Known", Posting, Lead, Referral, Comment, Review, Sponsors, Votes, TextLimits, Attestation
)
VALUES: dict[RuleKey, type[Any]] = {
    RuleKey.AGENDA_POSTING: Posting,
    RuleKey.FILING: Lead,
    RuleKey.ASKING: Lead,
    RuleKey.REFERRAL: Referral,
    RuleKey.PUBLIC_COMMENT: Comment,
    RuleKey.EXECUTIVE_REVIEW: Review,
    RuleKey.PROCLAMATION: Lead,
    RuleKey.SPONSORS: Sponsors,
    RuleKey.VOTES: Votes,
    RuleKey.TEXT_LIMITS: TextLimits,
    RuleKey.SPECIAL_NOTICE: Posting,
    RuleKey.ATTESTATION: Attestation,
}
"""What the value of each key is."""

MOST = {
    "hours": MOST_HOURS,
    "days": MOST_DAYS,
    "override_days": MOST_DAYS,
    "minutes": 60,
    "least": 1_000,
    "quorum": 1_000,
    "most_clauses": 1_000,
    "most_characters": MOST_CHARACTERS,
}
LEAST = {"least": 1, "quorum": 1, "most_clauses": 1, "most_characters": 1, "minutes": 1}
LONGEST_WORDS = 500

Choice = TypeVar("Choice", bound=StrEnum)


def read(key: RuleKey, raw: Mapping[str, Any]) -> Value:
    """The value of a rule from its JSON; raises WrongRule for what does not fit."""
    kind = VALUES[key]
    hints = get_type_hints(kind)
    for name in raw:
        if name not in hints:
            raise WrongRule(key, name)
    given = {name: _checked(key, name, hints[name], each) for name, each in raw.items()}
    try:
        value: Value = kind(**given)
    except TypeError:
        missing = [field.name for field in fields(kind) if field.name not in given]
        raise WrongRule(key, missing[0]) from None
    return value


def written(value: Value) -> dict[str, Any]:
    """A value as the JSON that `read` takes; what is the rule's default is said, too."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def is_stale(checked_on: date, today: date) -> bool:
    """Whether nobody has looked at the rule for a year."""
    return today - checked_on > STALE_AFTER


@dataclass(frozen=True)
class Checked:
    """A rule's value with what it rests on."""

    value: Value
    checked_on: date
    source_url: str = ""
    source_title: str = ""


Rules = Mapping[RuleKey, Checked]


def of_rows(rows: list[BodyRule]) -> dict[RuleKey, Checked]:
    """The rules of one body."""
    return {
        row.key: Checked(read(row.key, row.value), row.checked_on, row.source_url, row.source_title)
        for row in rows
    }


def _checked(key: RuleKey, name: str, kind: Any, raw: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _choice(key, name, kind, raw)
    if kind is bool:
        fits = isinstance(raw, bool)
    elif kind is str:
        fits = isinstance(raw, str) and len(raw) <= LONGEST_WORDS
    elif raw is None:
        fits = kind is not int
    else:
        fits = isinstance(raw, int) and not isinstance(raw, bool)
        fits = fits and LEAST.get(name, 0) <= raw <= MOST[name]
    if not fits:
        raise WrongRule(key, name)
    return raw


def _choice(key: RuleKey, name: str, kind: type[Choice], raw: Any) -> Choice:
    try:
        return kind(raw)
    except ValueError:
        raise WrongRule(key, name) from None
