"""Texts by clause: slots, limits, lines, and clause-by-clause comparison."""

from __future__ import annotations

import pytest

from app.campaigns import clauses
from app.campaigns.clauses import Change, Clause, ClauseKind, Limits, Manner, Over

PRE, OPE, TRA = ClauseKind.PREAMBULAR, ClauseKind.OPERATIVE, ClauseKind.TRANSMITTAL
ATT = ClauseKind.ATTESTATION

MODEL = [
    Clause(PRE, "July 17 marks the adoption in 1998 of the treaty that created the Court"),
    Clause(PRE, "the City of [City] values the rule of law"),
    Clause(OPE, "the [Council] of the City of [City] recognizes July 17, [Year] as the day"),
    Clause(TRA, "the [Clerk] send copies to the Members of Congress for [City]"),
]


def test_slots_are_filled_and_open_ones_stay() -> None:
    words = clauses.filled(MODEL[2].words, {"City": "Columbus", "Year": "2027"})
    assert words == "the [Council] of the City of Columbus recognizes July 17, 2027 as the day"
    assert clauses.slots_in(words) == ["Council"]


def test_an_unknown_slot_is_refused() -> None:
    clauses.check_slots(MODEL)
    with pytest.raises(clauses.UnknownSlot) as refused:
        clauses.check_slots([*MODEL, Clause(PRE, "[Town] and [city] care")])
    assert list(refused.value.names) == ["Town", "city"]


def test_one_line_for_each_clause() -> None:
    assert list(clauses.lines(MODEL)) == [
        "WHEREAS, July 17 marks the adoption in 1998 of the treaty that created the Court; and",
        "WHEREAS, the City of [City] values the rule of law; now, therefore, be it",
        "RESOLVED, that the [Council] of the City of [City] recognizes July 17, [Year] as the day.",
        "BE IT FURTHER RESOLVED, that the [Clerk] send copies to the Members of Congress for "
        "[City].",
    ]


def test_pasted_text_becomes_clauses() -> None:
    text = """WHEREAS, the Court was created in 1998; and

    Whereas peace and justice
    belong together; now, therefore, be it

    RESOLVED, That the City of Ukiah recognizes the day; and
    BE IT FURTHER RESOLVED that copies be sent."""
    assert list(clauses.parse(text)) == [
        Clause(PRE, "the Court was created in 1998"),
        Clause(PRE, "peace and justice belong together"),
        Clause(OPE, "the City of Ukiah recognizes the day"),
        Clause(OPE, "copies be sent"),
    ]


def test_what_is_written_is_read_again() -> None:
    written = "\n".join(clauses.lines(MODEL[:3]))
    assert list(clauses.parse(written)) == MODEL[:3]


@pytest.mark.parametrize(
    ("limits", "over"),
    [
        (Limits(), []),
        (Limits(clauses=2), []),
        (Limits(clauses=1), [Over.CLAUSES]),
        (Limits(clauses=1, characters=100), [Over.CLAUSES, Over.CHARACTERS]),
        (Limits(characters=clauses.length(MODEL)), []),
    ],
)
def test_limits_are_checked(limits: Limits, over: list[Over]) -> None:
    assert list(clauses.over(MODEL, limits)) == over


def test_versions_are_compared_clause_by_clause() -> None:
    new = [
        MODEL[0],
        Clause(PRE, "the City of Columbus values the rule of law"),
        Clause(PRE, "survivors of atrocity crimes live among us", local=True),
        MODEL[2],
    ]
    rows = clauses.compare(MODEL, new)
    assert [row.change for row in rows] == [
        Change.SAME,
        Change.CHANGED,
        Change.ADDED,
        Change.SAME,
        Change.REMOVED,
    ]
    assert [(piece.change.value, piece.words) for piece in rows[1].pieces] == [
        ("same", "the City of"),
        ("removed", "[City]"),
        ("added", "Columbus"),
        ("same", "values the rule of law"),
    ]


def test_a_clause_that_sends_copies_is_compared_with_what_was_resolved() -> None:
    pasted = [MODEL[0], MODEL[2], Clause(OPE, MODEL[3].words)]
    rows = clauses.compare([MODEL[0], *MODEL[2:]], pasted)
    assert {row.change for row in rows} == {Change.SAME}


def test_what_was_taken_out_stands_in_its_own_section() -> None:
    rows = clauses.compare(MODEL[:3], [Clause(OPE, "something else altogether")])
    assert [(row.change, row.kind) for row in rows] == [
        (Change.REMOVED, PRE),
        (Change.REMOVED, PRE),
        (Change.ADDED, OPE),
        (Change.REMOVED, OPE),
    ]


def test_equal_texts_have_no_changes() -> None:
    assert {row.change for row in clauses.compare(MODEL, MODEL)} == {Change.SAME}


PROCLAMATION = [
    Clause(PRE, "the Rome Statute was adopted on July 17, 1998"),
    Clause(OPE, "I, [Mayor], do hereby proclaim July 17 as a day of justice"),
    Clause(OPE, "the people of [City] are invited to mark it"),
    Clause(ATT, "In witness whereof I have set my hand on [Date]"),
]


def test_an_executive_proclaims_and_a_council_ordains() -> None:
    assert list(clauses.lines(PROCLAMATION, Manner.PROCLAIMED)) == [
        "WHEREAS, the Rome Statute was adopted on July 17, 1998;",
        "NOW, THEREFORE, I, [Mayor], do hereby proclaim July 17 as a day of justice.",
        "BE IT FURTHER PROCLAIMED, that the people of [City] are invited to mark it.",
        "In witness whereof I have set my hand on [Date].",
    ]
    assert list(clauses.lines([MODEL[0], MODEL[3]], Manner.ORDAINED)) == [
        "WHEREAS, July 17 marks the adoption in 1998 of the treaty that created the Court; "
        "now, therefore, be it",
        "ORDAINED, that the [Clerk] send copies to the Members of Congress for [City].",
    ]
    assert list(clauses.lines([MODEL[3]])) == [
        "BE IT RESOLVED, that the [Clerk] send copies to the Members of Congress for [City]."
    ]


@pytest.mark.parametrize("manner", list(Manner))
def test_a_preamble_alone_leads_to_nothing(manner: Manner) -> None:
    joined, last = clauses.lines([*MODEL[:2], PROCLAMATION[-1]], manner)[:2]
    assert joined.endswith("; and")
    assert last == "WHEREAS, the City of [City] values the rule of law."


@pytest.mark.parametrize("manner", list(Manner))
def test_each_manner_is_read_again(manner: Manner) -> None:
    written = "\n\n".join(clauses.lines(PROCLAMATION, manner))
    assert list(clauses.parse(written)) == PROCLAMATION


def test_joining_words_on_a_line_of_their_own_are_no_clause() -> None:
    text = "WHEREAS, one; and\nNOW, THEREFORE, BE IT\nRESOLVED, that two"
    assert list(clauses.parse(text)) == [Clause(PRE, "one"), Clause(OPE, "two")]


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("one; and", "one"),
        ("one, now therefore be it:", "one"),
        ("one; NOW, THEREFORE,", "one"),
        ("one and; and", "one and"),
        ("sand", "sand"),
        (f"{';' * 4_000}x", f"{';' * 4_000}x"),
        (f"x{' ;' * 4_000}", "x"),
    ],
)
def test_a_clause_ends_before_what_joins_it_to_the_next(typed: str, bare: str) -> None:
    assert list(clauses.parse(f"WHEREAS, the {typed}")) == [Clause(PRE, f"the {bare}")]


def test_boxes_of_forms_take_the_preamble_alone() -> None:
    assert list(clauses.whereas_lines(MODEL)) == [
        "WHEREAS, July 17 marks the adoption in 1998 of the treaty that created the Court;",
        "WHEREAS, the City of [City] values the rule of law;",
    ]
    assert list(clauses.whereas_lines(MODEL[2:])) == []
