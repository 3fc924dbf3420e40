"""The kinds of mailings: higher domains register them, the engine only knows this.

A kind says who is in the audience (`audience`), why somebody in it should not get it after all
(`refusal`, asked again immediately before sending), and what each person's copy says (`compose`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select

from app.mail.models import Mailing
from app.mail.quoted import Quoted


@dataclass(frozen=True)
class Reader:
    """One person of a batch, as a composer sees them."""

    person_id: int
    name: str
    email: str
    language: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    unsubscribe_url: str = ""
    preferences_url: str = ""


@dataclass(frozen=True)
class Copy:
    """What one person gets: a subject and both parts, complete but for the engine's headers."""

    subject: str
    text: str | Quoted
    html: str | Quoted


Composer = Callable[[Reader], Copy | None]
"""Makes one person's copy; None means that there is nothing to tell them (skipped as empty)."""


class Kind(Protocol):
    """A kind of mailing, by its name."""

    name: str

    def audience(self, mailing: Mailing) -> Select[Any]:
        """A select of (person_id, due_at) in columns of these names, each person once."""

    def refusal(self, mailing: Mailing) -> ColumnElement[str] | None:
        """SQL over `Person` (and correlated subqueries): a reason not to send, or NULL."""

    def composer(self, mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        """What makes the copies of these readers: read once what they share, in few statements."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind of mailing known to the engine."""
    _kinds[kind.name] = kind
    return kind


def kind_of(mailing: Mailing) -> Kind:
    return _kinds[mailing.kind]
