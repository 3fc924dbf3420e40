"""The legislative life of a resolution: 25 stages, 65 moves, and the facts that each stage needs.

Nothing here knows a database: it answers which moves exist and what is missing for one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where a measure stands; people see five phases instead. Each phase's are in their order."""

    SCOPING = "scoping"
    DRAFTING = "drafting"
    SEEKING_SPONSOR = "seeking_sponsor"
    SPONSORED = "sponsored"
    INTRODUCED = "introduced"
    REFERRED = "referred"
    REPORTED = "reported"
    SCHEDULED = "scheduled"
    DEFERRED = "deferred"
    ADOPTED = "adopted"
    AWAITING_EXECUTIVE = "awaiting_executive"
    VETOED = "vetoed"
    RECONSIDERED = "reconsidered"
    REQUESTED = "requested"
    PETITIONING = "petitioning"
    QUALIFIED = "qualified"
    FINAL = "final"
    TRANSMITTED = "transmitted"
    COMPLETED = "completed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    DECLINED = "declined"
    RESCINDED = "rescinded"
    DORMANT = "dormant"


class Phase(StrEnum):
    """What people see of the stages; a dormant campaign stands aside."""

    PREPARE = "prepare"
    SPONSOR = "sponsor"
    BEFORE = "before"
    DECIDED = "decided"
    FOLLOW_THROUGH = "follow_through"
    ASIDE = "aside"


class Track(StrEnum):
    """By which way a measure becomes final; the instrument decides."""

    COUNCIL = "council"
    PROCLAMATION = "proclamation"
    BALLOT = "ballot"
    MEMBERS = "members"


STEPS = (Phase.PREPARE, Phase.SPONSOR, Phase.BEFORE, Phase.DECIDED, Phase.FOLLOW_THROUGH)
"""The five phases in order: step 2 of 5 is the sponsor."""

_S = Stage
MOVES: Mapping[Stage, Sequence[Stage]] = {
    _S.SCOPING: (_S.DRAFTING, _S.DORMANT),
    _S.DRAFTING: (_S.SEEKING_SPONSOR, _S.REQUESTED, _S.PETITIONING, _S.INTRODUCED, _S.DORMANT),
    _S.SEEKING_SPONSOR: (_S.SPONSORED, _S.DRAFTING, _S.DORMANT),
    _S.SPONSORED: (_S.INTRODUCED, _S.SEEKING_SPONSOR, _S.DRAFTING, _S.DORMANT),
    _S.INTRODUCED: (_S.REFERRED, _S.SCHEDULED, _S.WITHDRAWN, _S.EXPIRED),
    _S.REFERRED: (_S.REPORTED, _S.DEFERRED, _S.FAILED, _S.WITHDRAWN, _S.EXPIRED),
    _S.REPORTED: (_S.SCHEDULED, _S.REFERRED, _S.DEFERRED, _S.WITHDRAWN, _S.EXPIRED),
    _S.SCHEDULED: (_S.ADOPTED, _S.FAILED, _S.DEFERRED, _S.REFERRED, _S.WITHDRAWN),
    _S.DEFERRED: (_S.SCHEDULED, _S.REFERRED, _S.FAILED, _S.WITHDRAWN, _S.EXPIRED),
    _S.ADOPTED: (_S.AWAITING_EXECUTIVE, _S.FINAL, _S.RECONSIDERED),
    _S.AWAITING_EXECUTIVE: (_S.FINAL, _S.VETOED),
    _S.VETOED: (_S.FINAL, _S.FAILED),
    _S.RECONSIDERED: (_S.SCHEDULED, _S.FAILED, _S.ADOPTED),
    _S.REQUESTED: (_S.FINAL, _S.DECLINED, _S.WITHDRAWN),
    _S.PETITIONING: (_S.QUALIFIED, _S.FAILED, _S.WITHDRAWN),
    _S.QUALIFIED: (_S.ADOPTED, _S.FAILED, _S.WITHDRAWN),
    _S.FINAL: (_S.TRANSMITTED, _S.COMPLETED, _S.RESCINDED),
    _S.TRANSMITTED: (_S.COMPLETED, _S.RESCINDED),
    _S.COMPLETED: (),
    _S.FAILED: (),
    _S.WITHDRAWN: (),
    _S.EXPIRED: (),
    _S.DECLINED: (),
    _S.RESCINDED: (),
    _S.DORMANT: (_S.SCOPING, _S.DRAFTING, _S.SEEKING_SPONSOR),
}
"""What may follow. Renewal is no move: it is a new record linked to the old one."""

TERMINAL = frozenset(stage for stage, following in MOVES.items() if not following)
PASSED = frozenset({_S.FINAL, _S.TRANSMITTED, _S.COMPLETED})
"""Final or later: what the register counts as passed when a source says so."""
VOTED = PASSED | {_S.ADOPTED, _S.AWAITING_EXECUTIVE}
"""The council or board has said yes, whatever its executive says."""

RUNNING = frozenset(Stage) - TERMINAL - PASSED - {_S.DORMANT}
"""Somebody still works on it."""

FOR_OURS = frozenset({_S.TRANSMITTED, _S.COMPLETED})
"""What follows only where we wanted it: nobody sends copies of what they oppose, or thanks."""

_VOTE = ("vote_on", "vote_method", "vote_counts", "vote_result", "vote_requirement")

FACTS: Mapping[Stage, Sequence[str]] = {
    _S.SCOPING: ("campaign", "coordinator", "division_id", "body", "instrument"),
    _S.DRAFTING: ("title", "whereas", "resolved", "text_version"),
    _S.SEEKING_SPONSOR: ("body_roster", "whip_rating", "ask_sent_on"),
    _S.SPONSORED: (
        "sponsor_name",
        "sponsor_post",
        "commitment_on",
        "commitment_channel",
        "commitment_witness",
    ),
    _S.INTRODUCED: ("file_number", "introduced_on", "classification", "session", "source_url"),
    _S.REFERRED: ("committee", "referred_on"),
    _S.REPORTED: ("reported_on", "recommendation"),
    _S.SCHEDULED: (
        "meeting_on",
        "meeting_time",
        "meeting_zone",
        "meeting_place",
        "agenda_section",
        "agenda_url",
        "comment_deadline",
    ),
    _S.DEFERRED: ("deferred_on", "deferred_until"),
    _S.ADOPTED: (*_VOTE, "adopted_text", "source_url"),
    _S.AWAITING_EXECUTIVE: ("presented_on", "review_rule", "review_deadline"),
    _S.VETOED: ("vetoed_on", "reasons", "override_rule", "override_deadline"),
    _S.RECONSIDERED: ("moved_by", "moved_on"),
    _S.REQUESTED: ("requested_on", "needed_by", "lead_time_days", "requester"),
    _S.PETITIONING: ("signatures_needed", "signature_deadline"),
    _S.QUALIFIED: ("qualified_on", "election_on", "question_text"),
    _S.FINAL: ("final_on", "how", "official_document"),
    _S.TRANSMITTED: ("recipients", "sent_on", "sending_method"),
    _S.COMPLETED: ("thanked_on", "published_on"),
    _S.FAILED: ("ended_on", "ended_why"),
    _S.WITHDRAWN: ("ended_on", "withdrawn_by"),
    _S.EXPIRED: ("ended_on", "session_end"),
    _S.DECLINED: ("ended_on",),
    _S.RESCINDED: _VOTE,
    _S.DORMANT: ("reason", "revisit_on"),
}
"""What must be known before a stage is entered."""

WAYS: Mapping[Stage, Sequence[str]] = {
    _S.ADOPTED: ("no_executive_step", "signed", "concurred", "deemed_approved", "electorate"),
    _S.AWAITING_EXECUTIVE: ("signed", "concurred", "deemed_approved"),
    _S.VETOED: ("override",),
    _S.REQUESTED: ("issued",),
}
"""How a measure becomes final from where it stands: what was vetoed, only by an override."""

FROM_RECORD = frozenset(
    {
        *("campaign", "coordinator", "division_id", "body", "instrument"),
        *("title", "whereas", "resolved", "text_version", "body_roster", "whip_rating"),
    }
)
"""Facts that the record itself holds; the others are asked when the stage is entered."""

DAYS: Mapping[Stage, str] = {
    _S.SEEKING_SPONSOR: "ask_sent_on",
    _S.SPONSORED: "commitment_on",
    _S.INTRODUCED: "introduced_on",
    _S.REFERRED: "referred_on",
    _S.REPORTED: "reported_on",
    _S.DEFERRED: "deferred_on",
    _S.ADOPTED: "vote_on",
    _S.AWAITING_EXECUTIVE: "presented_on",
    _S.VETOED: "vetoed_on",
    _S.RECONSIDERED: "moved_on",
    _S.REQUESTED: "requested_on",
    _S.QUALIFIED: "qualified_on",
    _S.FINAL: "final_on",
    _S.TRANSMITTED: "sent_on",
    _S.COMPLETED: "published_on",
    _S.FAILED: "ended_on",
    _S.WITHDRAWN: "ended_on",
    _S.EXPIRED: "ended_on",
    _S.DECLINED: "ended_on",
    _S.RESCINDED: "vote_on",
}
"""The fact that dates the entry; the other stages are entered on the day somebody says so."""

DUE: Mapping[Stage, Sequence[str]] = {
    _S.SCHEDULED: ("comment_deadline", "meeting_on"),
    _S.DEFERRED: ("deferred_until",),
    _S.ADOPTED: ("review_deadline",),
    _S.AWAITING_EXECUTIVE: ("review_deadline",),
    _S.VETOED: ("override_deadline",),
    _S.REQUESTED: ("needed_by",),
    _S.PETITIONING: ("signature_deadline",),
    _S.QUALIFIED: ("election_on",),
    _S.DORMANT: ("revisit_on",),
}
"""The facts that say by when a stage's next step is due; the first that is still ahead counts."""

PHASES: Mapping[Stage, Phase] = {
    **dict.fromkeys((_S.SCOPING, _S.DRAFTING), Phase.PREPARE),
    **dict.fromkeys((_S.SEEKING_SPONSOR, _S.SPONSORED), Phase.SPONSOR),
    **dict.fromkeys(
        (
            *(_S.INTRODUCED, _S.REFERRED, _S.REPORTED, _S.SCHEDULED, _S.DEFERRED),
            *(_S.RECONSIDERED, _S.REQUESTED, _S.PETITIONING, _S.QUALIFIED),
        ),
        Phase.BEFORE,
    ),
    **dict.fromkeys(
        (
            *(_S.ADOPTED, _S.AWAITING_EXECUTIVE, _S.VETOED, _S.FAILED),
            *(_S.WITHDRAWN, _S.EXPIRED, _S.DECLINED),
        ),
        Phase.DECIDED,
    ),
    **dict.fromkeys((_S.FINAL, _S.TRANSMITTED, _S.COMPLETED, _S.RESCINDED), Phase.FOLLOW_THROUGH),
    _S.DORMANT: Phase.ASIDE,
}

ROUTES: Mapping[Stage, frozenset[Track]] = {
    _S.SEEKING_SPONSOR: frozenset({Track.COUNCIL}),
    _S.REQUESTED: frozenset({Track.PROCLAMATION}),
    _S.PETITIONING: frozenset({Track.BALLOT}),
    _S.INTRODUCED: frozenset({Track.COUNCIL, Track.MEMBERS}),
}
"""Stages at which the ways part; the others lie on all of them that reach them."""


class Refused(Exception):
    """A stage cannot be entered."""


class NoSuchMove(Refused):
    """The second stage never follows the first."""

    def __init__(self, old: Stage, new: Stage) -> None:
        super().__init__(f"{old} is not followed by {new}")
        self.old, self.new = old, new


class DoesNotFit(Refused):
    """A fact contradicts the move, such as a signature after a veto."""


class NotWanted(Refused):
    """It follows only what we asked for, and this one we oppose."""


class MissingFacts(Refused):
    """Something must be known first; `facts` are their keys."""

    def __init__(self, stage: Stage, facts: Sequence[str]) -> None:
        super().__init__(f"{stage} needs {', '.join(facts)}")
        self.stage, self.facts = stage, facts


@dataclass(frozen=True)
class Position:
    """Where a stage stands among the phases on its way; step 0 stands aside."""

    phase: Phase
    step: int


def steps(stage: Stage, track: Track) -> Sequence[Phase]:
    """The phases on a way; who sponsors is a step only of a council, or where it was one."""
    phase = PHASES[stage]
    has_sponsor = track in ROUTES[Stage.SEEKING_SPONSOR] or phase == Phase.SPONSOR
    return [each for each in STEPS if has_sponsor or each != Phase.SPONSOR]


def position(stage: Stage, track: Track) -> Position:
    phase, on_its_way = PHASES[stage], steps(stage, track)
    return Position(phase, on_its_way.index(phase) + 1 if phase in on_its_way else 0)


def is_before(one: Stage, two: Stage) -> bool:
    """Whether a measure goes through the first stage before the second, where it goes through both.

    An earlier phase comes first; within a phase, Stage lists them in that order.
    """
    order = sorted(Stage, key=lambda stage: list(Phase).index(PHASES[stage]))
    return order.index(one) < order.index(two)


def stages_of(phase: Phase) -> Collection[Stage]:
    return [stage for stage, its in PHASES.items() if its == phase]


def missing(stage: Stage, known: Mapping[str, object]) -> Sequence[str]:
    """The facts that a stage needs and nobody has said."""
    return [fact for fact in FACTS[stage] if known.get(fact) in (None, "", 0, (), [])]


def fitting_facts(old: Stage, new: Stage) -> Mapping[str, Sequence[str]]:
    """The answers that fit a move, where not all do: what was voted down was not adopted."""
    if new == Stage.FINAL and old in WAYS:
        return {"how": WAYS[old]}
    return {"vote_result": ("passed",)} if "vote_result" in FACTS[new] else {}


def check(old: Stage, new: Stage, known: Mapping[str, object], *, opposed: bool = False) -> None:
    """Raise a Refused unless `new` may be entered from `old` with what is known."""
    if new not in MOVES[old]:
        raise NoSuchMove(old, new)
    if opposed and new in FOR_OURS:
        raise NotWanted
    if facts := missing(new, known):
        raise MissingFacts(new, facts)
    if any(known[fact] not in fitting for fact, fitting in fitting_facts(old, new).items()):
        raise DoesNotFit


def offers(stage: Stage, track: Track, *, opposed: bool = False) -> Sequence[Stage]:
    """What can have happened next on this way; never more than six answers."""
    return [
        new
        for new in MOVES[stage]
        if stage != Stage.DRAFTING or track in ROUTES.get(new, frozenset(Track))
        if not (stage == Stage.DRAFTING and new == Stage.INTRODUCED and track == Track.COUNCIL)
        if not (opposed and new in FOR_OURS)
    ]


def expected(stage: Stage, track: Track, *, opposed: bool = False) -> Stage | None:
    """What usually comes next."""
    offered = offers(stage, track, opposed=opposed)
    following = [new for new in offered if new not in (Stage.DORMANT, Stage.RESCINDED)]
    return following[0] if following else None
