"""What a new coordinator does in their first two weeks: a plan like that of an event."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.alliances.hand_over_models import HandOver
from app.alliances.models import Alliance
from app.foundation import clock
from app.foundation.db import db
from app.work import actions
from app.work.registry import About, Subject, register
from app.work.spacing import Step

SUBJECT = "hand_over"
LENGTH = timedelta(days=14)
STEPS = (
    Step("talk", _l("Talk to your predecessor, if they can be reached"), 12),
    Step("to-dos", _l("Go through the open to-dos, and give away what you cannot do"), 11),
    Step("asking", _l("Answer who asks to join"), 11),
    Step("events", _l("Check each event that is coming: place, time, and who helps"), 10),
    Step("doors", _l("Make new door links for events that are coming"), 9),
    Step("campaigns", _l("Read where each campaign stands, and what its next step is"), 8),
    Step(
        "offices", _l("Tell the offices of sponsors that they now speak with you"), 5, office=True
    ),
    Step("letter", _l("Write a few lines to the members: who you are, and what comes next"), 4),
    Step("keys", _l("Ask for keys, shared passwords and mailboxes outside this site"), 2),
)


def begin(hand_over: HandOver) -> None:
    """Give the successor the plan; twice is once."""
    today = clock.today(hand_over.alliance.time_zone)
    actions.begin(
        actions.Of(
            alliance_id=hand_over.alliance_id,
            subject=SUBJECT,
            subject_id=hand_over.id,
            day=today + LENGTH,
            today=today,
        ),
        STEPS,
        hand_over.into_id,
    )


def drop(hand_over: HandOver) -> None:
    """What the predecessor did not do of their own taking over, the successor does by theirs."""
    actions.drop_owned(SUBJECT, hand_over.alliance_id, hand_over.from_id)


def _describe(numbers: Collection[int]) -> Mapping[int, About]:
    if not numbers:
        return {}
    rows = db.execute(
        select(HandOver.id, Alliance.slug, Alliance.name)
        .join(HandOver.alliance)
        .where(HandOver.id.in_(numbers))
    )
    return {
        number: About(
            _("Taking over %(alliance)s", alliance=name),
            "pages.hand_over",
            {"alliance": slug, "number": number},
        )
        for number, slug, name in rows
    }


register(Subject(SUBJECT, {step.key: step.title for step in STEPS}, _describe))
