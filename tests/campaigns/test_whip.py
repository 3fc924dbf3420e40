"""Whose word counts: that of who sits on the seat today, and nobody's where it is vacant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.campaigns import whip
from app.campaigns.body_models import Seat, SeatTerm
from app.campaigns.measure_models import Measure
from app.campaigns.standing import Heard, Level
from app.campaigns.vote_models import Vote, VoteCast
from app.campaigns.votes import Choice
from app.foundation import clock
from tests.campaigns.councils import BodyFactory, SeatFactory, SeatTermFactory
from tests.campaigns.world import campaign


@pytest.fixture
def seat(db: Session) -> Seat:
    made: Seat = SeatFactory(body=BodyFactory(members=3))
    return made


@pytest.fixture
def measure(seat: Seat) -> Measure:
    """Who sits there said in writing, ten days ago, that they vote for it."""
    made = campaign(body=seat.body)
    on = clock.today() - timedelta(days=10)
    whip.note_word(
        made, seat.id, Level.YES, Heard.WRITING, on, evidence="A letter", asked_by_id=None
    )
    return made


def follow(term: SeatTerm) -> None:
    """The term ended five days ago."""
    term.until = clock.today() - timedelta(days=5)


def test_what_a_member_said_counts_while_they_sit_there(seat: Seat, measure: Measure) -> None:
    SeatTermFactory(seat=seat, name="Abdi Weiss")
    board = whip.board(measure, {})
    assert (board.rows[0].holder, board.now.firm) == ("Abdi Weiss", 1)


def test_it_does_not_bind_who_follows_them(db: Session, seat: Seat, measure: Measure) -> None:
    follow(SeatTermFactory(seat=seat))
    since = clock.today() - timedelta(days=4)
    SeatTermFactory(seat=seat, name="Rosa Quiñones", since=since)
    db.flush()
    board = whip.board(measure, {})
    assert (board.rows[0].holder, board.rows[0].word, board.now.firm) == ("Rosa Quiñones", None, 0)
    today = clock.today()
    whip.note_word(measure, seat.id, Level.NO, Heard.PUBLIC, today, evidence="", asked_by_id=None)
    assert whip.board(measure, {}).now.against == 1


def test_a_vacant_seat_votes_in_no_count_and_no_what_if(
    db: Session, seat: Seat, measure: Measure
) -> None:
    follow(SeatTermFactory(seat=seat))
    elsewhere = SeatFactory()
    db.flush()
    board = whip.board(measure, {seat.id: Level.YES, elsewhere.id: Level.YES})
    assert board.rows[0].is_vacant
    assert (board.now.firm, board.imagined.firm, board.imagined.leaning) == (0, 0, 0)


def test_the_forecast_is_that_of_who_voted(db: Session, seat: Seat, measure: Measure) -> None:
    follow(SeatTermFactory(seat=seat))
    vote = Vote(measure_id=measure.id, on=f"{clock.today() - timedelta(days=6)}", passed=True)
    vote.entered_at = clock.now()
    db.add(vote)
    db.flush()
    db.add(VoteCast(vote_id=vote.id, seat_id=seat.id, choice=Choice.YES))
    db.flush()
    compared = whip.board(measure, {}).compared
    assert compared is not None
    assert compared.right == 1
