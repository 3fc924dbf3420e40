"""What mail a person wants, how often and when; read and saved signed in or by a mail's link."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation import tokens
from app.foundation.db import db
from app.people import actions, queries, wordings
from app.people.actions import Agreement
from app.people.models import DigestEvery, Person, Purpose, Standing

NEVER = "never"
TOKEN = "preferences"  # noqa: S105  the name of its key


@dataclass(frozen=True)
class Choices:
    """A person's choices; `digest` is weekly, monthly or never."""

    digest: str
    digest_hour: int
    language: str
    events: bool
    announcements: bool


def token_of(person_id: int) -> str:
    """The token of a link that opens a person's choices and nothing else."""
    return tokens.sign(TOKEN, person_id)


def person_of(token: str) -> Person | None:
    """Whose choices a link opens; None if it was tampered with or the person is gone."""
    ids = tokens.read(TOKEN, token)
    person = db.get(Person, ids[0]) if ids else None
    return person if person is not None and person.standing == Standing.ACTIVE else None


def choices_of(person: Person) -> Choices:
    unwanted = queries.unwanted_by(person.id)
    return Choices(
        digest=NEVER if Purpose.DIGEST in unwanted else person.digest_every.value,
        digest_hour=person.digest_hour,
        language=person.language,
        events=Purpose.EVENTS not in unwanted,
        announcements=Purpose.ANNOUNCEMENTS not in unwanted,
    )


def save(person: Person, choices: Choices, *, channel: str) -> None:
    """Keep the choices, and log each one that changed what was agreed to."""
    if choices.digest != NEVER:
        person.digest_every = DigestEvery(choices.digest)
    person.digest_hour = choices.digest_hour
    person.language = choices.language
    unwanted = queries.unwanted_by(person.id)
    for purpose, wanted in _wanted(choices).items():
        agreement = Agreement(purpose, wordings.CURRENT[purpose], channel)
        if wanted and purpose in unwanted:
            actions.agree(person, agreement)
        elif not wanted:
            actions.unsubscribe(person.id, agreement)


def _wanted(choices: Choices) -> dict[Purpose, bool]:
    return {
        Purpose.DIGEST: choices.digest != NEVER,
        Purpose.EVENTS: choices.events,
        Purpose.ANNOUNCEMENTS: choices.announcements,
    }
