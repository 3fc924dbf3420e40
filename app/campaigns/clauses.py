"""The text of a resolution by clause: slots, limits, plain text, and comparison of two versions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum


class ClauseKind(StrEnum):
    """The parts of a resolution, in their order."""

    PREAMBULAR = "preambular"
    OPERATIVE = "operative"
    TRANSMITTAL = "transmittal"
    ATTESTATION = "attestation"


KINDS = tuple(ClauseKind)
SLOTS = (
    *("City", "County", "State", "Place", "Council", "Year", "Day", "Alliance", "Sponsor"),
    *("Mayor", "Date", "Clerk"),
)
"""What may stand in brackets in a model text."""

_SLOT = re.compile(r"\[([^\[\]\n]{1,40})\]")
_DONE = r"(?:resolved|proclaimed|ordained)"
_BE_IT = rf"be\s+it(?:\s+(?:further\s+)?{_DONE})?"
_OPENING = re.compile(
    rf"^\s*(whereas|now,?\s+therefore(?:,?\s+{_BE_IT})?|{_BE_IT}|{_DONE})\b"
    r"[\s,:]*(?:that\b\s*)?",
    re.IGNORECASE,
)
_ATTESTING = re.compile(
    r"in\s+(?:witness|testimony)\s+whereof|attest\b|adopted\s+(?:by|this)|passed\s+(?:by|this)",
    re.IGNORECASE,
)
"""How the lines begin that say who signs; they have no opening words of a clause."""
_JOINING = re.compile(r"\b(?:and|now,? therefore,?(?: be it)?)$", re.IGNORECASE)
LONGEST_JOINING = 40


class UnknownSlot(ValueError):
    """Something in brackets that is no slot; `names` says what."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True)
class Clause:
    """One clause without its opening words; `local` was added by an alliance.

    `point_id` is the talking point that it was made from.
    """

    kind: ClauseKind
    words: str
    local: bool = False
    source: str = ""
    point_id: int | None = None


def slots_in(words: str) -> Sequence[str]:
    return list(dict.fromkeys(_SLOT.findall(words)))


def open_slots(title: str, clauses: Sequence[Clause]) -> Sequence[str]:
    """What a text still has in brackets, as it stands there."""
    words = "\n".join([title, *(clause.words for clause in clauses)])
    return [f"[{name}]" for name in slots_in(words)]


def check_slots(clauses: Sequence[Clause]) -> None:
    """Raise UnknownSlot for anything in brackets that no slot is called."""
    words = "\n".join(clause.words for clause in clauses)
    if unknown := unknown_slots(words):
        raise UnknownSlot(unknown)


def unknown_slots(words: str) -> Sequence[str]:
    return [name for name in slots_in(words) if name not in SLOTS]


def filled(words: str, values: Mapping[str, str]) -> str:
    """The words with each slot that has a value filled in; others stay as they are."""
    return _SLOT.sub(lambda match: values.get(match[1]) or match[0], words)


def with_blanks(words: str) -> str:
    """The words as the public reads them: a line to write on where a slot is still open."""
    return _SLOT.sub(lambda match: "_____" if match[1] in SLOTS else match[0], words)


def all_filled(clauses: Sequence[Clause], values: Mapping[str, str]) -> Sequence[Clause]:
    return [replace(clause, words=filled(clause.words, values)) for clause in clauses]


def ordered(clauses: Sequence[Clause]) -> Sequence[Clause]:
    """Preamble first, then what is resolved, then to whom it is sent."""
    return sorted(clauses, key=lambda clause: KINDS.index(clause.kind))


def parse(text: str) -> Sequence[Clause]:
    """Clauses from pasted text: each begins with WHEREAS, RESOLVED or the like."""
    found: list[Clause] = []
    for raw in re.split(
        r"\n\s*\n|\n(?=\s*(?:whereas|now,?\s+therefore|be it|resolved)\b)",
        text,
        flags=re.IGNORECASE,
    ):
        line = " ".join(raw.split())
        if line:
            _read(line, found)
    return found


def _read(line: str, found: list[Clause]) -> None:
    """Add the clause that a paragraph is, or add the paragraph to the clause before."""
    opening = _OPENING.match(line)
    words = _bare(line[opening.end() :] if opening else line)
    if not words:
        return
    if found and _ATTESTING.match(line):
        found.append(Clause(ClauseKind.ATTESTATION, words))
    elif opening is None and found:
        last = found.pop()
        found.append(Clause(last.kind, f"{last.words} {words}"))
    else:
        is_preamble = opening is None or opening[1].lower().startswith("whereas")
        found.append(Clause(ClauseKind.PREAMBULAR if is_preamble else ClauseKind.OPERATIVE, words))


class Manner(StrEnum):
    """How a text says what it does: a council resolves or ordains, an executive proclaims."""

    RESOLVED = "RESOLVED"
    PROCLAIMED = "PROCLAIMED"
    ORDAINED = "ORDAINED"


@dataclass(frozen=True)
class Line:
    """A clause as it stands on paper: WHEREAS, and what follows."""

    kind: ClauseKind
    opening: str
    rest: str

    def __str__(self) -> str:
        return self.opening + self.rest


_DOING = (ClauseKind.OPERATIVE, ClauseKind.TRANSMITTAL)
"""What the preamble leads to."""


def written(clauses: Sequence[Clause], manner: Manner = Manner.RESOLVED) -> Sequence[Line]:
    """Each clause with its opening words and with what joins it to the next."""
    clauses = ordered(clauses)
    preamble = sum(clause.kind == ClauseKind.PREAMBULAR for clause in clauses)
    does = any(clause.kind in _DOING for clause in clauses)
    last = "." if not does else ";" if manner == Manner.PROCLAIMED else "; now, therefore, be it"
    found = []
    for number, clause in enumerate(clauses):
        words = _bare(clause.words)
        if clause.kind == ClauseKind.PREAMBULAR:
            ending = last if number == preamble - 1 else "; and"
            found.append(Line(clause.kind, "WHEREAS", f", {words}{ending}"))
        elif clause.kind == ClauseKind.ATTESTATION:
            found.append(Line(clause.kind, "", f"{words}."))
        else:
            opening, joint = _done(manner, first=number == preamble, follows=bool(preamble))
            words = _uncapped(words) if joint else words
            found.append(Line(clause.kind, opening, f",{joint} {words}."))
    return found


def _done(manner: Manner, *, first: bool, follows: bool) -> tuple[str, str]:
    """The opening of an operative clause, and the word after it."""
    if not first:
        return f"BE IT FURTHER {manner}", " that"
    if manner == Manner.PROCLAIMED:
        return "NOW, THEREFORE", ""
    return (manner.value if follows else f"BE IT {manner}"), " that"


def lines(clauses: Sequence[Clause], manner: Manner = Manner.RESOLVED) -> Sequence[str]:
    """One line for each clause as it stands in a resolution, with its opening words."""
    return [str(line) for line in written(clauses, manner)]


def whereas_lines(clauses: Sequence[Clause]) -> Sequence[str]:
    """The preamble alone, one WHEREAS for each line: the boxes of proclamation forms join them."""
    return [
        f"WHEREAS, {_bare(clause.words)};"
        for clause in clauses
        if clause.kind == ClauseKind.PREAMBULAR
    ]


def opening(kind: ClauseKind, manner: Manner = Manner.RESOLVED) -> str:
    """The word in capitals with which a clause begins; the same in each language."""
    return {ClauseKind.PREAMBULAR: "WHEREAS", ClauseKind.ATTESTATION: "ATTEST"}.get(
        kind, manner.value
    )


@dataclass(frozen=True)
class Limits:
    """What a council or a mayor's office accepts; None is no limit."""

    clauses: int | None = None
    characters: int | None = None


class Over(StrEnum):
    """Which limit a text is over."""

    CLAUSES = "clauses"
    CHARACTERS = "characters"


def over(
    clauses: Sequence[Clause], limits: Limits, manner: Manner = Manner.RESOLVED
) -> Sequence[Over]:
    """The limits that a text does not keep; clauses of a proclamation are its WHEREAS lines."""
    preamble = sum(clause.kind == ClauseKind.PREAMBULAR for clause in clauses)
    found = []
    if limits.clauses is not None and preamble > limits.clauses:
        found.append(Over.CLAUSES)
    if limits.characters is not None and length(clauses, manner) > limits.characters:
        found.append(Over.CHARACTERS)
    return found


def length(clauses: Sequence[Clause], manner: Manner = Manner.RESOLVED) -> int:
    """Characters of the text as a clerk gets it, with a line end after each clause."""
    return sum(len(line) + 1 for line in lines(clauses, manner))


class Change(StrEnum):
    """What became of a clause."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """Some words of a changed clause; `change` is same, added or removed."""

    change: Change
    words: str


@dataclass(frozen=True)
class Compared:
    """One clause of two versions beside each other."""

    change: Change
    kind: ClauseKind
    pieces: Sequence[Piece]


_ALIKE = 0.5
"""From here on two clauses are one that was changed, not one removed and another added."""


_SECTIONS = (
    (ClauseKind.PREAMBULAR,),
    _DOING,
    (ClauseKind.ATTESTATION,),
)
"""What is compared with what: a pasted text does not say which of its clauses only sends copies."""


def compare(old: Sequence[Clause], new: Sequence[Clause]) -> Sequence[Compared]:
    """Clause by clause, in the order of the new text; removed ones stand where they were."""
    rows: list[Compared] = []
    for section in _SECTIONS:
        sides = ([clause for clause in side if clause.kind in section] for side in (old, new))
        rows += _compared(*sides)
    return rows


def _compared(old: Sequence[Clause], new: Sequence[Clause]) -> Sequence[Compared]:
    rows: list[Compared] = []
    old_keys, new_keys = ([_bare(clause.words) for clause in side] for side in (old, new))
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    for tag, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if tag == "equal":
            rows += [_row(Change.SAME, clause) for clause in new[from_new:to_new]]
        else:
            rows += _replaced(old[from_old:to_old], new[from_new:to_new])
    return rows


def _replaced(old: Sequence[Clause], new: Sequence[Clause]) -> Sequence[Compared]:
    rows = []
    left = list(old)
    for clause in new:
        twin = _twin(clause, left)
        if twin is None:
            rows.append(_row(Change.ADDED, clause))
            continue
        before = left[: left.index(twin)]
        rows += [_row(Change.REMOVED, gone) for gone in before]
        left = left[len(before) + 1 :]
        rows.append(Compared(Change.CHANGED, clause.kind, _pieces(twin.words, clause.words)))
    return [*rows, *(_row(Change.REMOVED, gone) for gone in left)]


def _twin(clause: Clause, among: Sequence[Clause]) -> Clause | None:
    def alike(other: Clause) -> float:
        return SequenceMatcher(None, other.words.split(), clause.words.split()).ratio()

    best = max(among, key=alike, default=None)
    return best if best is not None and alike(best) >= _ALIKE else None


def _pieces(old: str, new: str) -> Sequence[Piece]:
    before, after = old.split(), new.split()
    pieces = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.SAME, " ".join(after[from_new:to_new])))
            continue
        if to_old > from_old:
            pieces.append(Piece(Change.REMOVED, " ".join(before[from_old:to_old])))
        if to_new > from_new:
            pieces.append(Piece(Change.ADDED, " ".join(after[from_new:to_new])))
    return pieces


def _row(change: Change, clause: Clause) -> Compared:
    return Compared(change, clause.kind, [Piece(change, clause.words)])


def _bare(words: str) -> str:
    """A clause without what joins it to the next: `; and`, `; now, therefore, be it`, a stop."""
    line = " ".join(words.split())
    stripped = line.rstrip(" ;,.:")
    if joined := _JOINING.search(stripped, max(0, len(stripped) - LONGEST_JOINING)):
        stripped = stripped[: joined.start()].rstrip(" ;,.")
    return stripped or words.strip()


def _uncapped(words: str) -> str:
    """The clause after `that`: a leading `The` becomes `the`."""
    first, _, rest = words.partition(" ")
    return f"{first.lower()} {rest}" if first in ("The", "That", "A", "An", "This") else words
