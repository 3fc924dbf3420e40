"""Firm and leaning votes against what is needed, what-if, and the forecast afterwards."""

from __future__ import annotations

import pytest

from app.campaigns import standing
from app.campaigns.standing import Heard, Level, Word
from app.campaigns.votes import Choice


def word(seat: int, level: Level, heard: Heard = Heard.WRITING) -> Word:
    return Word(seat, level, heard)


def test_fifteen_seats_as_the_desk_shows_them() -> None:
    words = [
        *(word(seat, Level.YES, Heard.PUBLIC) for seat in range(5)),
        *(word(seat, Level.LEANING_YES) for seat in range(5, 7)),
        word(7, Level.YES, Heard.ONE_PERSON),
        *(word(seat, Level.UNDECIDED) for seat in range(8, 13)),
        word(13, Level.LEANING_NO),
        word(14, Level.NO, Heard.TWO_PEOPLE),
    ]
    counted = standing.standing(words, seats=15, needed=8)
    assert (counted.firm, counted.leaning, counted.against, counted.missing) == (5, 3, 2, 3)
    assert not counted.would_pass
    assert counted.would_pass_with_leaning
    assert list(counted.by_level.values()) == [5, 3, 5, 1, 1, 0]


@pytest.mark.parametrize(
    ("heard", "firm"),
    [
        (Heard.PUBLIC, True),
        (Heard.WRITING, True),
        (Heard.TWO_PEOPLE, True),
        (Heard.ONE_PERSON, False),
        (Heard.HEARSAY, False),
    ],
)
def test_a_commitment_is_firm_only_if_others_can_know_it(heard: Heard, firm: bool) -> None:
    counted = standing.standing([word(1, Level.YES, heard)], seats=3, needed=2)
    assert (counted.firm, counted.leaning) == ((1, 0) if firm else (0, 1))


def test_seats_without_a_word_are_unknown() -> None:
    assert standing.standing([], seats=7, needed=4).by_level[Level.UNKNOWN] == 7


def test_what_if_one_seat_said_yes() -> None:
    words = [word(1, Level.YES), word(2, Level.UNDECIDED)]
    changed = standing.what_if(words, {2: Level.YES})
    assert standing.standing(changed, seats=3, needed=2).would_pass
    assert not standing.standing(words, seats=3, needed=2).would_pass


def test_the_forecast_is_held_against_the_roll_call() -> None:
    words = [word(1, Level.YES), word(2, Level.LEANING_NO), word(3, Level.UNDECIDED)]
    roll_call = {1: Choice.YES, 2: Choice.YES, 3: Choice.NO, 4: Choice.YES, 5: Choice.ABSENT}
    compared = standing.against_roll_call(words, roll_call)
    assert (compared.right, list(compared.wrong), list(compared.unforeseen)) == (1, [2], [3, 4])
