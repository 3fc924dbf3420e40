"""The text of the demo's campaigns, and what the seats said of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from app.campaigns import texts, whip
from app.campaigns.body_models import Body, Seat
from app.campaigns.clauses import Clause, ClauseKind
from app.campaigns.measure_models import Measure
from app.campaigns.standing import Heard, Level
from app.foundation.db import db
from seeds.campaign_plans import Running
from seeds.world import World

CLAUSES = (
    Clause(
        ClauseKind.PREAMBULAR,
        "July 17 is the day on which the Rome Statute of the International Criminal Court was "
        "adopted in 1998",
        source="https://treaties.un.org/doc/Treaties/1998/07/19980717%2006-33%20PM/Ch_XVIII_10p.pdf",
    ),
    Clause(
        ClauseKind.PREAMBULAR,
        "people who fled war and persecution are among our neighbors in {place}",
        local=True,
    ),
    Clause(
        ClauseKind.OPERATIVE,
        "{place} marks July 17 as World Day for International Justice",
    ),
    Clause(
        ClauseKind.TRANSMITTAL,
        "a copy goes to the members of Congress who represent {place}",
    ),
)
WORDS = (
    (Level.YES, Heard.WRITING, "A letter of their office"),
    (Level.YES, Heard.PUBLIC, "Said so at a town hall"),
    (Level.LEANING_YES, Heard.ONE_PERSON, "A talk after the library evening"),
    (Level.YES, Heard.TWO_PEOPLE, "Visit by two of us"),
    (Level.UNDECIDED, Heard.TWO_PEOPLE, "Wants to read the text first"),
    (Level.LEANING_NO, Heard.HEARSAY, "An aide thinks it is not a city matter"),
)


def write(measure: Measure, place: str, by_id: int) -> None:
    parts = [
        Clause(each.kind, each.words.format(place=place), each.local, each.source)
        for each in CLAUSES
    ]
    texts.save_version(measure, measure.title, parts, by_id=by_id)


def seat_words(world: World, measure: Measure, running: Running) -> None:
    """What the seats said; Columbus has entries for six and asks for the rest."""
    seats = _seats_of(measure.body)
    count = len(WORDS) if running.town == "columbus" else 1
    today = world.now.date()
    owner = world.members[running.town][1]
    for number, (seat, (level, heard, evidence)) in enumerate(
        zip(seats[:count], WORDS, strict=False)
    ):
        on = today - timedelta(days=9 - number)
        whip.note_word(measure, seat.id, level, heard, on, evidence=evidence, asked_by_id=owner.id)
    if running.town == "columbus":
        for number, seat in enumerate(seats[count:]):
            whip.assign(measure, seat.id, owner.id, today + timedelta(days=3 + number))


def _seats_of(body: Body) -> Sequence[Seat]:
    return db.scalars(select(Seat).where(Seat.body_id == body.id).order_by(Seat.position)).all()
