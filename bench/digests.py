"""Digests to send: real issues on the real engine, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import func, select

from app.alliances.models import Alliance
from app.digests import tree
from app.digests.models import Issue
from app.foundation import clock, edge
from app.foundation.db import db
from app.mail import mailings, registry
from app.mail.letters import Stationery
from app.mail.models import Delivery, Mailing, MailingState, SendState
from app.mail.wire import Envelope
from app.people.models import Address, Person, Purpose

INTRODUCTION = """International Justice Day is on July 17. It is early, and that is the point:
halls are free and council members have time. **Thank you** to everybody who opened a door.

- Answer the call on your alliance's page
- Ask a neighbor to come along
- Tell us what your council said

## What moved this month

Eleven councils read a resolution for the first time, and four of them adopted it. In each of the
four somebody had written to the clerk two months before, asked for ten minutes on the agenda, and
come with three neighbors. **That is the whole recipe**, and it works in a town of nine hundred as
in a city of nine hundred thousand.

- Two councils want to hear from a survivor before they vote; staff will help to prepare the visit
- One council sent the text back with three changes, and all three make it better
- One council said no by a single vote, and the vote comes up again in the fall

## What to do before the end of the month

1. Look up when your council meets, and when the agenda closes
2. Write to one member whom somebody of your alliance knows
3. Put the day into your own calendar, and into that of a neighbor

Questions that come up again and again, with short answers: [what a resolution
does](https://example.org/resolutions), [who pays for the hall](https://example.org/halls), [what to
say in two minutes](https://example.org/two-minutes), and [how to thank a member who voted
no](https://example.org/thanks).

## What we learned from last year

A hall that seats fifty and is full does more for a cause than one that seats five hundred and is
not. Ask for the small one first. Of the alliances that called their local paper a week ahead, two
of three were in it; of those that sent a press release, one of nine.

- The best speakers were people from the town, with a story that takes four minutes
- Coffee at the end kept half the people for another hour, and that is when they signed up to help
- Two alliances lent their banner to a third, and asked for a photograph in return
- Whoever had a sheet with the next two dates at the door filled both

One thing to read: [reparations and victims](https://example.org/reparations)."""


@dataclass(frozen=True)
class Sent:
    """A finished mailing."""

    people: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.people / self.seconds


class NotSent(RuntimeError):
    """Somebody did not get the digest, so its speed means nothing."""


def send(alliances: int = 0) -> int:
    """Hand an issue to the engine, for the first so many alliances or everybody; its mailing."""
    with edge.step():
        issue = _issue(alliances)
        db.add(issue)
        db.flush()
        mailing = mailings.schedule(
            kind="digest",
            purpose=Purpose.DIGEST,
            once=f"bench:{uuid4()}",
            subject_id=issue.id,
            title=issue.subject,
            due_at=clock.now(),
            at_any_hour=True,
        )
        return mailing.id


def _issue(alliances: int) -> Issue:
    now = clock.now()
    chosen = db.scalars(select(Alliance.id).order_by(Alliance.id).limit(alliances)).all()
    return Issue(
        subject="A month to plan",
        introduction=INTRODUCTION,
        chosen=tree.as_json(tree.members_of(*chosen) if alliances else tree.EVERYBODY),
        created_at=now,
        updated_at=now,
    )


def is_over(mailing_id: int) -> bool:
    with edge.reading():
        state = db.scalar(select(Mailing.state).where(Mailing.id == mailing_id))
    return bool(state == MailingState.DONE)


def outcome(mailing_id: int) -> Sent:
    """How many got it and how long it took, expansion included; raises NotSent."""
    with edge.reading():
        mailing = db.get_one(Mailing, mailing_id)
        states = select(Delivery.state, func.count()).where(Delivery.mailing_id == mailing_id)
        counts = dict(db.execute(states.group_by(Delivery.state)).all())
    if set(counts) != {SendState.SENT} or not mailing.started_at or not mailing.finished_at:
        raise NotSent(f"mailing {mailing_id} ended as {counts}")
    seconds = (mailing.finished_at - mailing.started_at).total_seconds()
    return Sent(counts[SendState.SENT], seconds)


def prepared(mailing_id: int, number: int) -> Sequence[Envelope]:
    """The very mails of some of a mailing's readers, as bytes."""
    with edge.reading():
        mailing = db.get_one(Mailing, mailing_id)
        stationery = Stationery(mailing)
        rows = db.execute(
            select(Person.id, Person.name, Address.email, Person.language)
            .join(Delivery, Delivery.person_id == Person.id)
            .join(Address, Address.id == Person.address_id)
            .where(Delivery.mailing_id == mailing_id)
            .order_by(Person.id)
            .limit(number)
        )
        readers = [
            stationery.reader(person_id, name, email, code)
            for person_id, name, email, code in rows
            if email
        ]
        compose = registry.kind_of(mailing).composer(mailing, readers)
        copies = [(reader, compose(reader)) for reader in readers]
        return [stationery.envelope(r, copy, clock.now()) for r, copy in copies if copy]
