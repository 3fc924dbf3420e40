"""The arithmetic of votes: what is needed, whether counts add up, how a line of a journal reads.

Words of the Open Civic Data vote options; nothing here knows a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Choice(StrEnum):
    """How somebody voted (Open Civic Data's eight options)."""

    YES = "yes"
    NO = "no"
    ABSENT = "absent"
    ABSTAIN = "abstain"
    NOT_VOTING = "not voting"
    PAIRED = "paired"
    EXCUSED = "excused"
    OTHER = "other"


class Method(StrEnum):
    """How a vote was taken."""

    ROLL_CALL = "roll_call"
    VOICE = "voice"
    UNANIMOUS_CONSENT = "unanimous_consent"
    SECRET_BALLOT = "secret_ballot"  # noqa: S105  a way to vote
    ELECTORATE = "electorate"


class Requirement(StrEnum):
    """How many votes carry a motion."""

    PRESENT = "majority_of_present"
    MEMBERS = "majority_of_members"
    TWO_THIRDS = "two_thirds"
    OVERRIDE = "override"


AWAY = (Choice.ABSENT, Choice.EXCUSED)


class NotAVote(ValueError):
    """A line in which no vote could be read."""


@dataclass(frozen=True)
class Line:
    """What a line of a journal says; `names` only where the line names people."""

    passed: bool | None
    counts: Mapping[Choice, int]
    names: Mapping[Choice, Sequence[str]] = field(default_factory=dict)


def needed(requirement: Requirement, *, seats: int, present: int | None = None) -> int:
    """How many yes votes carry a motion among so many seats, of which so many are present."""
    here = seats if present is None else present
    if requirement == Requirement.PRESENT:
        return here // 2 + 1
    if requirement == Requirement.MEMBERS:
        return seats // 2 + 1
    return -(-2 * seats // 3)


class Doubt(StrEnum):
    """What does not fit in a vote as it was entered."""

    TOO_MANY = "too_many"
    TOO_FEW = "too_few"
    ROLL_CALL_DIFFERS = "roll_call_differs"
    NOT_ENOUGH = "not_enough"
    ENOUGH = "enough"


@dataclass(frozen=True)
class Tally:
    """A vote's numbers with what is known of how it was decided."""

    counts: Mapping[Choice, int]
    passed: bool
    requirement: Requirement
    seats: int | None = None
    roll_call: Mapping[Choice, int] | None = None
    """How many were named; minutes often name only who was against or absent."""


def doubts(tally: Tally) -> Sequence[Doubt]:
    """Where the numbers of a vote contradict each other or the number of seats; they only warn."""
    found = []
    total = sum(tally.counts.values())
    if tally.seats is not None and total > tally.seats:
        found.append(Doubt.TOO_MANY)
    named = tally.roll_call or {}
    everybody = tally.counts.get(Choice.ABSENT) or (named and sum(named.values()) == total)
    if tally.seats is not None and everybody and total < tally.seats:
        found.append(Doubt.TOO_FEW)
    if any(number != tally.counts.get(choice, 0) for choice, number in named.items()):
        found.append(Doubt.ROLL_CALL_DIFFERS)
    if tally.counts.get(Choice.YES) or tally.counts.get(Choice.NO):
        found += _against_result(tally)
    return found


def _against_result(tally: Tally) -> Sequence[Doubt]:
    yes = tally.counts.get(Choice.YES, 0)
    present = sum(n for choice, n in tally.counts.items() if choice not in AWAY)
    seats = tally.seats if tally.seats is not None else sum(tally.counts.values())
    enough = yes >= needed(tally.requirement, seats=seats, present=present)
    if tally.passed and not enough:
        return [Doubt.NOT_ENOUGH]
    return [] if tally.passed or not enough else [Doubt.ENOUGH]


_PASSED = re.compile(r"\b(adopted|passed|approved|carried|carries|agreed to)\b", re.IGNORECASE)
_FAILED = re.compile(
    r"\b(failed|defeated|rejected|lost|not (?:adopted|passed|approved))\b", re.IGNORECASE
)
_SCORE = re.compile(
    r"(?<!\d)(\d{1,3})\s*(?:-|\u2013|\u2014|to)\s*(\d{1,3})(?:\s*(?:-|\u2013)\s*(\d{1,3}))?(?![\d-])"
)
_HEADS: Mapping[str, Choice] = {
    **dict.fromkeys(("ayes", "aye", "yeas", "yea", "yes", "affirmative", "in favor"), Choice.YES),
    **dict.fromkeys(("noes", "nays", "nay", "no", "negative", "opposed"), Choice.NO),
    **dict.fromkeys(("absent",), Choice.ABSENT),
    **dict.fromkeys(("abstain", "abstained", "abstaining", "abstentions"), Choice.ABSTAIN),
    **dict.fromkeys(("excused",), Choice.EXCUSED),
    **dict.fromkeys(("not voting", "present"), Choice.NOT_VOTING),
    **dict.fromkeys(("paired",), Choice.PAIRED),
    **dict.fromkeys(("recused", "other"), Choice.OTHER),
}


def _any_of(words: Iterable[str]) -> str:
    """A pattern of these words, the longer ones first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_HEAD = re.compile(rf"\b({_any_of(_HEADS)})\s*[:\u2013-]\s*", re.IGNORECASE)
_TITLES = re.compile(
    r"\b(council\s?(?:members?|wom[ae]n|m[ae]n)|commissioners?|supervisors?|(?:vice[- ])?mayor)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\(?\b(\d{1,3})\b\)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SIDES: Mapping[str, Choice] = {**_HEADS, "for": Choice.YES, "against": Choice.NO}
_SIDE = re.compile(rf"\b({_any_of(_SIDES)})(?: votes)?\W{{0,3}}(\d+)(?![\d.%])", re.IGNORECASE)
_LONG_SCORE = re.compile(r"(?<![\d.-])(\d+)\s*(?:-|\u2013|\u2014|to)\s*(\d+)(?![\d.%-])")
_NOBODY = re.compile(r"^\W*(none|no one|nobody|0|n/a)?\W*$", re.IGNORECASE)


def parse(line: str, *, of_voters: bool = False) -> Line:
    """Read `Adopted, (13); Absent: Cedillo, Martinez (2)`, `AYES: …`, or `passed 9-4`.

    Of the voters, who are many and unnamed: `Yes: 12,345 No: 9,876` or `12,345 to 9,876`.
    Raises NotAVote.
    """
    line = " ".join(line.split())
    passed = False if _FAILED.search(line) else True if _PASSED.search(line) else None
    counts, names = _of_voters(line) if of_voters else _of_members(line)
    if not counts:
        raise NotAVote(line)
    if passed is None and (Choice.YES in counts and Choice.NO in counts):
        passed = counts[Choice.YES] > counts[Choice.NO]
    return Line(passed, counts, names)


def _of_members(line: str) -> tuple[dict[Choice, int], dict[Choice, Sequence[str]]]:
    heads = list(_HEAD.finditer(line))
    lead = line[: heads[0].start()] if heads else line
    counts, names = _sections(line, heads)
    return (counts if Choice.YES in counts else _score(lead) | counts), names


def _of_voters(line: str) -> tuple[dict[Choice, int], dict[Choice, Sequence[str]]]:
    line = _THOUSANDS.sub("", line)
    counts = {_SIDES[side[1].lower()]: int(side[2]) for side in _SIDE.finditer(line)}
    score = None if counts else _LONG_SCORE.search(line)
    return ({Choice.YES: int(score[1]), Choice.NO: int(score[2])} if score else counts), {}


def _score(lead: str) -> dict[Choice, int]:
    """The numbers before any heading: 9-4, 9-4-1, or one number in brackets."""
    if match := _SCORE.search(lead):
        counts = {Choice.YES: int(match[1]), Choice.NO: int(match[2])}
        return counts | ({Choice.ABSTAIN: int(match[3])} if match[3] else {})
    match = re.search(r"\((\d{1,3})\)", lead)
    return {Choice.YES: int(match[1])} if match else {}


def _sections(
    line: str, heads: Sequence[re.Match[str]]
) -> tuple[dict[Choice, int], dict[Choice, Sequence[str]]]:
    counts: dict[Choice, int] = {}
    names: dict[Choice, Sequence[str]] = {}
    for head, following in zip(heads, [*heads[1:], None], strict=False):
        section = line[head.end() : following.start() if following else len(line)]
        choice = _HEADS[head[1].lower()]
        people = _people(section)
        stated = _NUMBER.search(section)
        if not people and not stated and not _NOBODY.match(section):
            continue
        counts[choice] = counts.get(choice, 0) + (int(stated[1]) if stated else len(people))
        if people:
            names[choice] = (*names.get(choice, ()), *people)
    return counts, names


def _people(section: str) -> tuple[str, ...]:
    """The names of a section: `Council Members Cedillo, Martinez and Price (3);`."""
    bare = re.sub(r"\(?\b\d{1,3}\b\)?", "", section)
    bare = _TITLES.sub("", bare)
    parts = re.split(r"[,;/.()]|\band\b", bare)
    found = [part.strip(" -\u2013:") for part in parts]
    return tuple(name for name in found if name and not _NOBODY.match(name))


def roll_call(
    names: Mapping[Choice, Iterable[str]], holders: Mapping[str, int]
) -> dict[int, Choice]:
    """The vote of each seat from names; `holders` maps the name of each seat's holder to the seat.

    A last name is enough where one holder has it. Raises NoSeat.
    """
    by_name = {name.casefold(): seat for name, seat in holders.items()}
    by_last: dict[str, list[int]] = {}
    for name, seat in holders.items():
        by_last.setdefault(name.split()[-1].casefold() if name else "", []).append(seat)
    found: dict[int, Choice] = {}
    wrong = NoSeat()
    for choice, people in names.items():
        for name in people:
            same = by_last.get(name.split()[-1].casefold(), [])
            sought = by_name.get(name.casefold(), same[0] if len(same) == 1 else None)
            if sought is None:
                (wrong.shared if same else wrong.strangers).append(name)
            elif sought in found:
                wrong.twice.append(name)
            else:
                found[sought] = choice
    if wrong.strangers or wrong.shared or wrong.twice:
        raise wrong
    return found


class NoSeat(ValueError):
    """Names in a roll call that stand for no seat, for one of several, or for one twice."""

    def __init__(self) -> None:
        super().__init__()
        self.strangers: list[str] = []
        self.shared: list[str] = []
        self.twice: list[str] = []
