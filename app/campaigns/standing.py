"""Where the votes stand: what each seat said, how sure that is, and what is still missing.

A commitment is firm only if it is public, in writing, or was said to two people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.campaigns.votes import Choice


class Level(StrEnum):
    """What we believe a seat will do."""

    YES = "yes"
    LEANING_YES = "leaning_yes"
    UNDECIDED = "undecided"
    LEANING_NO = "leaning_no"
    NO = "no"
    UNKNOWN = "unknown"


class Heard(StrEnum):
    """How somebody's word came to us."""

    PUBLIC = "public"
    WRITING = "writing"
    TWO_PEOPLE = "two_people"
    ONE_PERSON = "one_person"
    HEARSAY = "hearsay"


FIRM = frozenset({Heard.PUBLIC, Heard.WRITING, Heard.TWO_PEOPLE})
PROMISES = frozenset({Level.YES, Level.NO})
ORDER = tuple(Level)


@dataclass(frozen=True)
class Word:
    """The newest entry of one seat."""

    seat_id: int
    level: Level
    heard: Heard

    @property
    def is_firm(self) -> bool:
        return self.heard in FIRM


@dataclass(frozen=True)
class Standing:
    """Seats by what they said; a yes that is not firm counts as leaning."""

    seats: int
    needed: int
    firm: int
    leaning: int
    against: int
    by_level: Mapping[Level, int]

    @property
    def missing(self) -> int:
        """Firm votes that are still to be found."""
        return max(0, self.needed - self.firm)

    @property
    def would_pass(self) -> bool:
        return self.firm >= self.needed

    @property
    def would_pass_with_leaning(self) -> bool:
        return self.firm + self.leaning >= self.needed


def standing(words: Iterable[Word], *, seats: int, needed: int) -> Standing:
    """Count the newest words of a body's seats; seats without one are unknown."""
    words = list(words)
    by_level = dict.fromkeys(ORDER, 0)
    for word in words:
        by_level[_counted_as(word)] += 1
    by_level[Level.UNKNOWN] += max(0, seats - len(words))
    return Standing(
        seats=seats,
        needed=needed,
        firm=by_level[Level.YES],
        leaning=by_level[Level.LEANING_YES],
        against=by_level[Level.LEANING_NO] + by_level[Level.NO],
        by_level=by_level,
    )


def what_if(words: Iterable[Word], changes: Mapping[int, Level]) -> Sequence[Word]:
    """The words as they would be if some seats said something else, firmly."""
    kept = [word for word in words if word.seat_id not in changes]
    return [*kept, *(Word(seat, level, Heard.PUBLIC) for seat, level in changes.items())]


@dataclass(frozen=True)
class Compared:
    """A forecast against what happened: seats that voted as expected, otherwise, or unforeseen."""

    right: int
    wrong: Sequence[int]
    unforeseen: Sequence[int]


def against_roll_call(words: Iterable[Word], roll_call: Mapping[int, Choice]) -> Compared:
    said = {word.seat_id: word.level for word in words}
    right, wrong, unforeseen = 0, [], []
    for seat, choice in roll_call.items():
        if choice not in (Choice.YES, Choice.NO):
            continue
        level = said.get(seat, Level.UNKNOWN)
        if level in (Level.UNDECIDED, Level.UNKNOWN):
            unforeseen.append(seat)
        elif (level in (Level.YES, Level.LEANING_YES)) == (choice == Choice.YES):
            right += 1
        else:
            wrong.append(seat)
    return Compared(right, wrong, unforeseen)


def _counted_as(word: Word) -> Level:
    if word.is_firm:
        return word.level
    return {Level.YES: Level.LEANING_YES, Level.NO: Level.LEANING_NO}.get(word.level, word.level)
