"""The words that organizers chose for a letter instead of ours, in both languages.

Those for the letters after an event are kept next to its reminders, in the event and in event
templates; `read` takes from there what makes sense.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.events.models import Event

THANKS, MISSED = "thanks", "missed"
AFTERWARDS = (THANKS, MISSED)
"""The letters after an event that may have own words."""
WORDS = ("subject", "text", "subject_es", "text_es")


@dataclass(frozen=True)
class OwnWords:
    """A letter in one language, with placeholders from a fixed list."""

    subject: str = ""
    text: str = ""


@dataclass(frozen=True)
class OwnLetter:
    """Without `subject` or `text` it has our own; readers in Spanish get what was written for them,
    else what was written for all.
    """

    key: str
    subject: str = ""
    text: str = ""
    subject_es: str = ""
    text_es: str = ""

    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in WORDS}

    def read_in(self, spoken: str) -> OwnWords | None:
        """What its readers in a language get, if anything was written."""
        subject, said = self.subject, self.text
        if spoken == "es":
            subject, said = self.subject_es or subject, self.text_es or said
        return OwnWords(subject, said) if subject or said else None


def words_in(entry: Mapping[str, Any]) -> dict[str, str]:
    """The words of a letter as it is kept."""
    return {name: str(entry.get(name) or "") for name in WORDS}


def read(raw: Iterable[Mapping[str, Any]]) -> Sequence[OwnLetter]:
    """The letters after the event that have own words."""
    entries = {str(entry.get("key")): entry for entry in raw}
    return [OwnLetter(key, **words_in(entries[key])) for key in AFTERWARDS if key in entries]


def kept(letters: Iterable[OwnLetter]) -> list[dict[str, Any]]:
    """The same as it is kept; a letter without own words is not."""
    return [asdict(one) for one in letters if any(one.words().values())]


def afterword(event: Event, key: str) -> OwnLetter:
    """A letter after an event as it stands now."""
    letters = {one.key: one for one in read(event.reminders or ())}
    return letters.get(key) or OwnLetter(key)
