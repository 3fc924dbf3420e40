"""What people and staff do about mail: unsubscribe by a mail's link, and nothing else with it."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation import tokens
from app.foundation.db import db
from app.mail.letters import PURPOSES, UNSUBSCRIBE
from app.people import actions as people
from app.people import wordings
from app.people.actions import Agreement
from app.people.models import BULK, Person, Purpose

ONE_CLICK = "one click in a mail program"
BY_LINK = "link in a mail"


@dataclass(frozen=True)
class Subscription:
    """What the link of a mail speaks of: a person and what they were written to about."""

    person_id: int
    purpose: Purpose
    mailing_id: int


def subscription_of(token: str) -> Subscription | None:
    """What an unsubscribe link means; None if it was tampered with or leads nowhere any more."""
    ids = tokens.read(UNSUBSCRIBE, token)
    if ids is None or len(ids) != 3 or not 0 <= ids[1] < len(PURPOSES):
        return None
    found = Subscription(ids[0], PURPOSES[ids[1]], ids[2])
    if found.purpose not in BULK or db.get(Person, found.person_id) is None:
        return None
    return found


def unsubscribe(found: Subscription, *, channel: str) -> None:
    """No more mail for this purpose to this person. Doing it twice changes nothing."""
    scope = f"mailing {found.mailing_id}" if found.mailing_id else ""
    agreement = Agreement(found.purpose, wordings.CURRENT[found.purpose], channel, scope)
    people.unsubscribe(found.person_id, agreement)
