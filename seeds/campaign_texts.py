"""The text of the demo's campaigns, and what the seats said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.campaigns import clauses, model_texts, texts, whip
from app.campaigns.body_models import Body, Instrument, Seat
from app.campaigns.clauses import Clause, ClauseKind
from app.campaigns.measure_models import Measure
from app.campaigns.standing import Heard, Level
from app.campaigns.text_models import ModelText
from app.campaigns.texts import Draft
from app.foundation.db import db
from seeds.campaign_plans import PEACE, Running
from seeds.world import World

MODEL = "justice-day"
PROCLAIMED = "justice-day-proclamation"
FOR_THE_COURT = "support-for-the-court"
OWN = Clause(
    ClauseKind.PREAMBULAR,
    "people who fled war and persecution are among our neighbors in {place}",
    local=True,
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
    """The coalition's model that fits, with what is known filled in; a council's text gets a
    clause of the alliance's own."""
    slug = _model_for(measure)
    model = db.scalars(select(ModelText).where(ModelText.slug == slug)).one()
    version = texts.version_of_model(model.id)
    if version is None:
        raise LookupError(slug)
    body = select(Measure).where(Measure.id == measure.id)
    db.scalars(body.options(joinedload(Measure.body).joinedload(Body.division))).one()
    values = model_texts.values_of(measure)
    parts = [*texts.localized(version, values)]
    if slug != PROCLAIMED:
        parts.append(replace(OWN, words=OWN.words.format(place=place)))
    draft = Draft(clauses.filled(version.title, values), parts)
    texts.save(measure, draft, by_id=by_id, model_version_id=version.id)


def _model_for(measure: Measure) -> str:
    if measure.instrument == Instrument.PROCLAMATION:
        return PROCLAIMED
    return FOR_THE_COURT if measure.title == PEACE else MODEL


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
