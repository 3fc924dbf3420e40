"""The demo's campaigns: every phase is shown, the past is sourced, and Columbus is under way."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.campaigns import clauses, stages, texts, whip
from app.campaigns.body_models import Instrument
from app.campaigns.measure_models import Measure, MeasureSource, StageEntry, Stance
from app.campaigns.stages import Phase, Stage
from app.campaigns.standing import Level
from app.campaigns.support_models import Endorsement, Signature
from app.campaigns.turnout_models import Speaker
from app.campaigns.visit_models import Visit, VisitState
from app.campaigns.vote_models import SeatAsk
from app.events import answers, calls
from app.events.call_models import AnswerState
from seeds import commands
from seeds.campaign_plans import PEACE


@pytest.fixture
def world(db: Session) -> dict[str, Measure]:
    with time_machine.travel("2026-11-26T15:00:00Z", tick=False):
        assert commands.make_demo() is True
        assert commands.make_demo() is False
    found = db.scalars(select(Measure).options(joinedload(Measure.body)))
    return {measure.slug: measure for measure in found}


def test_the_demo_shows_every_phase_with_sources_and_columbus_under_way(
    world: dict[str, Measure], db: Session
) -> None:
    """One test, because making the world takes its time."""
    assert len(world) == 27 + 3 + 4
    _the_next_call_offers_all_that_was_last_year(db)
    _has_every_phase_and_sources(world, db)
    _has_signatures_words_and_asks(world, db)
    _are_endorsed_visited_and_spoken_for(world, db)


def _has_every_phase_and_sources(world: dict[str, Measure], db: Session) -> None:
    assert {stages.PHASES[measure.stage] for measure in world.values()} == set(Phase)
    sourced = set(db.scalars(select(MeasureSource.measure_id)))
    assert {measure.id for measure in world.values()} == sourced
    by_case = {measure.external_id: measure for measure in world.values() if measure.external_id}
    columbus, opposed = by_case["columbus-0213X-2019"], by_case["hres209-114"]
    assert (columbus.sponsor_count, columbus.stage) == (7, Stage.FINAL)
    assert (opposed.stance, opposed.counted) == (Stance.OPPOSE, False)
    years = sorted(m.year for m in world.values() if m.external_id and m.external_id[:3] == "la-")
    assert years == [2015, 2017]
    assert by_case["la-2017-ijd"].prior_session_id == by_case["la-2015-ijd"].id
    _has_days_of_meetings(db)
    vetoed = [measure for measure in world.values() if measure.stage == Stage.VETOED]
    assert [measure.place for measure in vetoed] == ["Chicago"]
    _has_fitting_texts(world)


def _has_fitting_texts(world: dict[str, Measure]) -> None:
    """A proclamation proclaims, support for the Court speaks of it, and no slot stays but a day."""
    for measure in world.values():
        text = texts.current(measure.id)
        if text is None or measure.external_id:
            continue
        parts = texts.parts_of(text)
        proclaims = any("do hereby proclaim" in part.words for part in parts)
        assert proclaims == (measure.instrument == Instrument.PROCLAMATION)
        supports = any("supports the International Criminal Court" in p.words for p in parts)
        assert supports == (measure.title == PEACE)
        assert set(clauses.open_slots(text.title, parts)) <= {"[Date]"}


def _has_days_of_meetings(db: Session) -> None:
    """Every meeting has its day; those of what was decided are over."""
    entries = db.scalars(select(StageEntry).where(StageEntry.stage == Stage.SCHEDULED))
    days = [entry.facts["meeting_on"] for entry in entries if entry.facts]
    assert [day for day in days if day > "2026-11-26"] == ["2026-12-15"]
    assert len(days) > 5


def _the_next_call_offers_all_that_was_last_year(db: Session) -> None:
    """An event, a proclamation and a resolution: drafted in Boston, half planned in Columbus."""
    shown = {}
    for town in ("boston", "columbus"):
        answer = calls.answer_of(town, "justice-day", 2027)
        assert answer is not None
        drafts = [offer.title for offer in answers.offers_to(answer)]
        shown[town] = (answer.state, answer.event is not None, drafts)
    drafts = [
        "Ask again: World Day for International Justice",
        "Request again: Proclamation of International Justice Day",
    ]
    assert shown == {
        "boston": (AnswerState.CALLED, True, drafts),
        "columbus": (AnswerState.ACCEPTED, True, drafts),
    }


def _running_in_columbus(world: dict[str, Measure]) -> Measure:
    [found] = [
        measure
        for measure in world.values()
        if (measure.place, measure.stage) == ("Columbus", Stage.SEEKING_SPONSOR)
    ]
    return found


def _has_signatures_words_and_asks(world: dict[str, Measure], db: Session) -> None:
    running = _running_in_columbus(world)
    signed = select(func.count()).where(Signature.measure_id == running.id)
    assert db.scalar(signed) == 31
    board = whip.board(running, {})
    assert [row.word.level for row in board.rows if row.word][:2] == [Level.YES, Level.YES]
    assert board.now.firm == 3
    asks = select(func.count()).where(SeatAsk.measure_id == running.id)
    assert db.scalar(asks) == 3


def _are_endorsed_visited_and_spoken_for(world: dict[str, Measure], db: Session) -> None:
    columbus = _running_in_columbus(world)
    said = db.scalars(select(Endorsement).where(Endorsement.measure_id == columbus.id)).all()
    assert sorted((each.public_use, each.for_identification) for each in said) == [
        (False, False),
        (True, False),
        (True, False),
        (True, True),
    ]
    visits = db.scalars(select(Visit.state).where(Visit.measure_id == columbus.id)).all()
    assert sorted(visits) == [VisitState.HELD, VisitState.PLANNED]
    assert db.scalar(select(func.count()).select_from(Speaker)) == 5
