"""What a line of a journal says, what is needed to pass, and whether numbers add up."""

from __future__ import annotations

import pytest

from app.campaigns import votes
from app.campaigns.votes import Choice, Doubt, Requirement, Tally

Y, N, A, AB = Choice.YES, Choice.NO, Choice.ABSENT, Choice.ABSTAIN


@pytest.mark.parametrize(
    ("line", "passed", "counts", "names"),
    [
        (
            "Adopted, (13); Absent: Cedillo, Martinez (2)",
            True,
            {Y: 13, A: 2},
            {A: ("Cedillo", "Martinez")},
        ),
        ("passed 9–4", True, {Y: 9, N: 4}, {}),
        ("The motion failed 4-9.", False, {Y: 4, N: 9}, {}),
        ("Approved 12 to 2", True, {Y: 12, N: 2}, {}),
        ("Adopted 14-0-1", True, {Y: 14, N: 0, AB: 1}, {}),
        (
            "AYES: Baldwin, Landis, Rodin, Thomas and Crane NOES: None ABSTAIN: None ABSENT: None",
            True,
            {Y: 5, N: 0, AB: 0, A: 0},
            {Y: ("Baldwin", "Landis", "Rodin", "Thomas", "Crane")},
        ),
        (
            "Ayes: 5; Noes: 2 (Smith, Jones); Excused: Lee",
            True,
            {Y: 5, N: 2, Choice.EXCUSED: 1},
            {N: ("Smith", "Jones"), Choice.EXCUSED: ("Lee",)},
        ),
        (
            "AYES: Council Members Price and Ridley-Thomas (2)\nNAYS: Mayor Lee",
            True,
            {Y: 2, N: 1},
            {Y: ("Price", "Ridley-Thomas"), N: ("Lee",)},
        ),
    ],
)
def test_lines_of_journals_are_read(
    line: str, passed: bool, counts: dict[Choice, int], names: dict[Choice, tuple[str, ...]]
) -> None:
    assert votes.parse(line) == votes.Line(passed, counts, names)


@pytest.mark.parametrize(
    "line",
    ["12,345 to 9,876", "Approved 12345-9876", "Yes: 12,345 No: 9,876", "For 12,345; against 9876"],
)
def test_the_numbers_of_voters_are_read(line: str) -> None:
    assert votes.parse(line, of_voters=True) == votes.Line(True, {Y: 12345, N: 9876}, {})


def test_shares_and_file_numbers_are_no_votes_of_voters() -> None:
    for line in ("passed by 54.3 % to 45.7 %", "Measure 2020-03-15", "Yes 54.3%"):
        with pytest.raises(votes.NotAVote):
            votes.parse(line, of_voters=True)


@pytest.mark.parametrize("line", ["", "Received and filed", "Council met on July 2"])
def test_other_lines_are_no_votes(line: str) -> None:
    with pytest.raises(votes.NotAVote):
        votes.parse(line)


@pytest.mark.parametrize(
    ("requirement", "seats", "present", "needed"),
    [
        (Requirement.MEMBERS, 15, None, 8),
        (Requirement.MEMBERS, 7, 4, 4),
        (Requirement.PRESENT, 7, 4, 3),
        (Requirement.PRESENT, 7, 5, 3),
        (Requirement.TWO_THIRDS, 15, None, 10),
        (Requirement.OVERRIDE, 9, 7, 6),
        (Requirement.OVERRIDE, 10, None, 7),
    ],
)
def test_what_carries_a_motion(
    requirement: Requirement, seats: int, present: int | None, needed: int
) -> None:
    assert votes.needed(requirement, seats=seats, present=present) == needed


@pytest.mark.parametrize(
    ("tally", "found"),
    [
        (Tally({Y: 13, A: 2}, True, Requirement.MEMBERS, 15), []),
        (Tally({Y: 13, A: 2}, True, Requirement.MEMBERS, 9), [Doubt.TOO_MANY]),
        (Tally({Y: 13, A: 1}, True, Requirement.MEMBERS, 15), [Doubt.TOO_FEW]),
        (Tally({Y: 13}, True, Requirement.MEMBERS, 15), []),
        (Tally({Y: 4, N: 5}, True, Requirement.PRESENT, 9), [Doubt.NOT_ENOUGH]),
        (Tally({Y: 7, N: 2}, False, Requirement.PRESENT, 9), [Doubt.ENOUGH]),
        (Tally({Y: 5, N: 4}, False, Requirement.OVERRIDE, 9), []),
        (
            Tally({Y: 3, N: 0}, True, Requirement.MEMBERS, 3, roll_call={Y: 2, A: 1}),
            [Doubt.ROLL_CALL_DIFFERS],
        ),
        (
            Tally({Y: 5, N: 2}, True, Requirement.PRESENT, 9, roll_call={Y: 3, N: 2}),
            [Doubt.ROLL_CALL_DIFFERS],
        ),
        (Tally({Y: 13, A: 2}, True, Requirement.MEMBERS, 15, roll_call={A: 2}), []),
        (Tally({}, True, Requirement.MEMBERS, 15), []),
    ],
)
def test_votes_that_do_not_add_up_are_told(tally: Tally, found: list[Doubt]) -> None:
    assert list(votes.doubts(tally)) == found


HOLDERS = {"Gil Cedillo": 1, "Nury Martinez": 2, "Paul Krekorian": 3, "Ana Lee": 4, "Bo Lee": 5}


def test_a_last_name_is_enough_where_one_holder_has_it() -> None:
    names = {Y: ["Krekorian", "Ana Lee"], A: ["Cedillo", "Martinez"], N: ["Bo Lee"]}
    assert votes.roll_call(names, HOLDERS) == {1: A, 2: A, 3: Y, 4: Y, 5: N}


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        ({Y: ["Krekorian", "Nobody"]}, (["Nobody"], [], [])),
        ({Y: ["Lee"]}, ([], ["Lee"], [])),
        ({Y: ["Cedillo"], N: ["Gil Cedillo"]}, ([], [], ["Gil Cedillo"])),
    ],
)
def test_a_name_without_a_seat_of_its_own_is_refused(
    names: dict[Choice, list[str]], wrong: tuple[list[str], ...]
) -> None:
    with pytest.raises(votes.NoSeat) as refused:
        votes.roll_call(names, HOLDERS)
    error = refused.value
    assert (error.strangers, error.shared, error.twice) == wrong
