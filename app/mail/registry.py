"""The kinds of mailings: higher domains register them, the engine only knows this.

A kind says who is in the audience (`audience`), why somebody in it should not get it after all
(`refusal`, asked again immediately before sending), and what each person's copy says (`compose`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select

from app.mail.models import Mailing
from app.mail.quoted import Quoted


@dataclass(frozen=True, slots=True)
class Reader:
    """One person of a round, as a composer sees them.

    The two addresses are this person's own: a composer puts them into the slots
    `unsubscribe_url` and `preferences_url` of the mail layout.
    """

    person_id: int
    name: str
    email: str
    language: str
    unsubscribe_url: str = ""
    preferences_url: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """What one person gets: a subject and both parts, complete, and from whom.

    Parts that come `Quoted` (see layout.Template.quoted) cost a fraction of those that come as
    text, because what all readers share is encoded once.
    """

    subject: str
    text: str | Quoted
    html: str | Quoted
    from_name: str = ""
    """From whom it comes in the reader's language; nothing means the mailing's own sender."""


Composer = Callable[[Reader], Copy | None]
"""Makes one person's copy; None means that there is nothing to tell them (skipped as empty).

It is called while mail goes out and must not ask the database: read beforehand, in
`Kind.composer`, what the readers of the round need.
"""


class Kind(Protocol):
    """A kind of mailing, by its name."""

    name: str

    def audience(self, mailing: Mailing) -> Select[Any]:
        """A select of (person_id, due_at) in columns of these names, each person once."""

    def refusal(self, mailing: Mailing) -> ColumnElement[str] | None:
        """SQL over `Person` (and correlated subqueries): a reason not to send, or NULL.

        The reason is a short word such as "moved"; `explain` says what it means.
        """

    def composer(self, mailing: Mailing, readers: Sequence[Reader]) -> Composer:
        """What makes the copies of these readers, about fifty: read what they need at once.

        Called for each round; what a whole mailing shares belongs in a cache.
        """


_kinds: dict[str, Kind] = {}
_whys: dict[str, Callable[[Mailing], str]] = {}
REASONS: dict[str, Any] = {}
"""What the short words for not sending mean, as lazy sentences for staff."""
KEEPS_A_COPY: set[str] = set()
"""Short words for a copy that is not sent now and may be later; one without content is empty."""


def register(kind: Kind) -> Kind:
    """Make a kind of mailing known to the engine."""
    _kinds[kind.name] = kind
    return kind


def kind_of(mailing: Mailing) -> Kind:
    return _kinds[mailing.kind]


def explain(**sentences: Any) -> None:
    """Say what a kind's reasons mean: `explain(moved=_l("The event moved"))`."""
    REASONS.update(sentences)


def keeps_a_copy(reason: str) -> None:
    """Say that what is skipped for this reason may go later, so that it is read beforehand."""
    KEEPS_A_COPY.add(reason)


def says_why(kind: str, why: Callable[[Mailing], str]) -> None:
    """Let a kind say in a sentence why copies wait that nobody put off; empty if none do."""
    _whys[kind] = why


def why_waiting(mailing: Mailing) -> str:
    why = _whys.get(mailing.kind)
    return why(mailing) if why else ""
