"""The life of a resolution as a table: all 600 ordered pairs of stages."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import permutations

import pytest

from app.campaigns import fact_words, stages
from app.campaigns.stages import FACTS, MOVES, PHASES, WAYS, Phase, Stage, Track

ALLOWED = {
    (old, new)
    for line in """\
scoping: drafting dormant
drafting: seeking_sponsor requested petitioning introduced dormant
seeking_sponsor: sponsored drafting dormant
sponsored: introduced seeking_sponsor drafting dormant
introduced: referred scheduled withdrawn expired
referred: reported deferred failed withdrawn expired
reported: scheduled referred deferred withdrawn expired
scheduled: adopted failed deferred referred withdrawn
deferred: scheduled referred failed withdrawn expired
adopted: awaiting_executive final reconsidered
awaiting_executive: final vetoed
vetoed: final failed
reconsidered: scheduled failed adopted
requested: final declined withdrawn
petitioning: qualified failed withdrawn
qualified: adopted failed withdrawn
final: transmitted completed rescinded
transmitted: completed rescinded
dormant: scoping drafting seeking_sponsor
""".splitlines()
    for old, _, following in [line.partition(": ")]
    for new in following.split()
}
PAIRS = list(permutations(Stage, 2))


def known(old: Stage, new: Stage) -> dict[str, object]:
    facts: dict[str, object] = dict.fromkeys(FACTS[new], "known")
    return facts | {fact: fit[0] for fact, fit in stages.fitting_facts(old, new).items()}


def test_there_are_25_stages_and_65_moves() -> None:
    assert len(Stage) == 25
    assert len(PAIRS) == 600
    assert len(ALLOWED) == 65
    assert sum(len(following) for following in MOVES.values()) == 65


@pytest.mark.parametrize(("old", "new"), PAIRS, ids=lambda stage: stage.value)
def test_each_pair_of_stages(old: Stage, new: Stage) -> None:
    if (old, new) not in ALLOWED:
        with pytest.raises(stages.NoSuchMove):
            stages.check(old, new, known(old, new))
        return
    stages.check(old, new, known(old, new))
    with pytest.raises(stages.MissingFacts) as refused:
        stages.check(old, new, {})
    assert list(refused.value.facts) == list(FACTS[new])
    for fact in FACTS[new]:
        with pytest.raises(stages.MissingFacts) as refused:
            stages.check(old, new, known(old, new) | {fact: ""})
        assert refused.value.facts == [fact]


def test_all_from_where_it_becomes_final_know_how() -> None:
    assert {old for old, following in MOVES.items() if Stage.FINAL in following} == set(WAYS)
    assert {way for ways in WAYS.values() for way in ways} == set(fact_words.WAYS)


@pytest.mark.parametrize(
    ("old", "how", "possible"),
    [
        *((Stage.VETOED, "override", True), (Stage.VETOED, "signed", False)),
        *((Stage.AWAITING_EXECUTIVE, "signed", True), (Stage.AWAITING_EXECUTIVE, "issued", False)),
        *((Stage.ADOPTED, "no_executive_step", True), (Stage.ADOPTED, "override", False)),
        *((Stage.REQUESTED, "issued", True), (Stage.REQUESTED, "electorate", False)),
    ],
)
def test_after_a_veto_only_an_override_makes_it_final(old: Stage, how: str, possible: bool) -> None:
    facts = known(old, Stage.FINAL) | {"how": how}
    with nullcontext() if possible else pytest.raises(stages.DoesNotFit):
        stages.check(old, Stage.FINAL, facts)


@pytest.mark.parametrize(("old", "new"), [("scheduled", "adopted"), ("final", "rescinded")])
def test_a_vote_that_failed_neither_adopts_nor_rescinds(old: str, new: str) -> None:
    facts = known(Stage(old), Stage(new)) | {"vote_result": "failed"}
    with pytest.raises(stages.DoesNotFit):
        stages.check(Stage(old), Stage(new), facts)


def test_each_stage_needs_something_and_belongs_to_a_phase() -> None:
    assert {stage for stage in Stage if not FACTS[stage]} == set()
    assert set(PHASES) == set(Stage)
    assert {PHASES[stage] for stage in Stage} == set(Phase)


@pytest.mark.parametrize(
    ("stage", "step"),
    [
        (Stage.DRAFTING, 1),
        (Stage.SEEKING_SPONSOR, 2),
        (Stage.REQUESTED, 3),
        (Stage.VETOED, 4),
        (Stage.COMPLETED, 5),
        (Stage.DORMANT, 0),
    ],
)
def test_people_see_five_steps(stage: Stage, step: int) -> None:
    assert stages.position(stage, Track.COUNCIL).step == step


def test_without_a_council_nobody_sponsors_it() -> None:
    for track in (Track.PROCLAMATION, Track.BALLOT, Track.MEMBERS):
        assert Phase.SPONSOR not in stages.steps(Stage.REQUESTED, track)
        assert stages.position(Stage.REQUESTED, track).step == 2
        assert stages.position(Stage.SPONSORED, track).step == 2


@pytest.mark.parametrize("track", Track)
def test_stages_stand_in_the_order_of_the_way(track: Track) -> None:
    way = [Stage.SCOPING]
    while (usual := stages.expected(way[-1], track)) is not None:
        assert stages.is_before(way[-1], usual)
        way.append(usual)
    assert way[-1] == Stage.COMPLETED
    steps = [stages.position(stage, track).step for stage in way]
    assert steps == sorted(steps)


@pytest.mark.parametrize(("old", "new"), sorted(ALLOWED))
def test_nobody_sends_copies_or_thanks_for_what_they_oppose(old: str, new: str) -> None:
    before, after = Stage(old), Stage(new)
    offered = {one for track in Track for one in stages.offers(before, track, opposed=True)}
    assert offered & {Stage.TRANSMITTED, Stage.COMPLETED} == set()
    if after not in (Stage.TRANSMITTED, Stage.COMPLETED):
        stages.check(before, after, known(before, after), opposed=True)
        return
    with pytest.raises(stages.NotWanted):
        stages.check(before, after, known(before, after), opposed=True)


def test_nobody_is_offered_more_than_six_answers() -> None:
    numbers = [len(stages.offers(stage, track)) for stage in Stage for track in Track]
    assert max(numbers) <= 6


@pytest.mark.parametrize(
    ("track", "offered"),
    [
        (Track.COUNCIL, ["seeking_sponsor", "dormant"]),
        (Track.PROCLAMATION, ["requested", "dormant"]),
        (Track.BALLOT, ["petitioning", "dormant"]),
        (Track.MEMBERS, ["introduced", "dormant"]),
    ],
)
def test_the_instrument_decides_the_way(track: Track, offered: list[str]) -> None:
    assert list(stages.offers(Stage.DRAFTING, track)) == offered


@pytest.mark.parametrize("track", list(Track))
def test_each_way_leads_from_the_first_idea_to_the_end(track: Track) -> None:
    way = [Stage.SCOPING]
    while (following := stages.expected(way[-1], track)) and following not in way:
        way.append(following)
    assert way[-1] == Stage.COMPLETED
    assert Stage.FINAL in way


def test_what_is_over_stays_over() -> None:
    ended = {"completed", "failed", "withdrawn", "expired", "declined", "rescinded"}
    assert {stage.value for stage in stages.TERMINAL} == ended
    assert not stages.RUNNING & (stages.TERMINAL | stages.PASSED)
