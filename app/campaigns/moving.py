"""Moving a campaign from stage to stage, correcting where it stands, and entering the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts.audit import audit
from app.campaigns import (
    campaign_plan,
    known_facts,
    partial,
    records,
    ruled_facts,
    stages,
    told_days,
    votes,
    whip,
)
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure, SourceKind, Sponsorship, StageEntry
from app.campaigns.stages import Stage
from app.campaigns.text_models import TextVersion
from app.campaigns.vote_models import Vote, VoteCast
from app.campaigns.votes import Choice, Method, Requirement
from app.foundation import clock
from app.foundation.db import db

PETITION_RULE = "petition"
"""In a council's `extras`: it takes what its members hand in, without a sponsor."""


VOTE_DAY = "vote_on"
"""The fact of all stages that are entered by a vote."""


class NeedsSponsor(stages.Refused):
    """Only what an assembly's own members hand in is filed without a sponsor."""


def move(
    measure: Measure,
    stage: Stage,
    facts: Mapping[str, Any],
    *,
    version: int,
    by_id: int | None,
    proposed: bool = False,
) -> StageEntry:
    """Enter a stage with its facts; that it passed counts later where it is only `proposed`.

    Raises StaleVersion, NoSuchMove, NotWanted, MissingFacts, NeedsSponsor, NumberTaken, NotAVote
    for a count that cannot be read, and NoSeat for the name of somebody who holds no seat.
    """
    old = measure.stage
    if version != measure.version:
        raise records.StaleVersion  # rather than that the move is none from where it stands now
    known = {**facts, **known_facts.of(measure)}
    stages.check(old, stage, known, opposed=measure.opposed)
    if (old, stage) == (Stage.DRAFTING, Stage.INTRODUCED) and not _takes_petitions(measure):
        raise NeedsSponsor
    records.claim(measure, version)
    records.propose(measure, stage, proposed=proposed)
    _keep(measure, stage, facts)
    on = str(facts.get(stages.DAYS.get(stage, ""), "")) or _today(measure)
    asked = {key: facts[key] for key in stages.FACTS[stage] if key in facts}
    entry = records.enter(measure, stage, on, asked, by_id=by_id)
    measure.next_step = ""
    ruled = ruled_facts.of(measure, partial.last_day(on)) if stage == Stage.ADOPTED else {}
    today = date.fromisoformat(_today(measure))
    measure.next_due_on = told_days.due(stage, {**ruled, **facts}, today)
    campaign_plan.moved(measure, old)
    audit("campaigns", "move", measure.id, old=old.value, new=stage.value)
    return entry


def correct(
    measure: Measure,
    stage: Stage,
    on: str,
    reason: str,
    *,
    version: int,
    by_id: int | None,
    proposed: bool = False,
) -> StageEntry:
    """Say where it really stands, whatever the moves allow; the reason is kept.

    Raises StaleVersion, WrongDate.
    """
    on = partial.checked(on) if on else ""
    old = measure.stage
    records.claim(measure, version)
    records.propose(measure, stage, proposed=proposed)
    entry = records.enter(measure, stage, on, {}, by_id=by_id, correction=reason)
    if stage != old:
        measure.next_step, measure.next_due_on = "", None
    audit("campaigns", "correct", measure.id, old=old.value, new=stage.value)
    return entry


def history(measure_id: int) -> Sequence[StageEntry]:
    """All lines in the order in which they were entered."""
    return db.scalars(
        select(StageEntry).where(StageEntry.measure_id == measure_id).order_by(StageEntry.position)
    ).all()


def disordered(entries: Sequence[StageEntry]) -> Sequence[tuple[str, str]]:
    """Pairs of days of which the second lies before the first; this warns, it does not block.

    A correction takes the place of the same and later stages before it.
    """
    standing = list[StageEntry]()
    for entry in entries:
        if entry.correction:
            standing = [each for each in standing if stages.is_before(each.stage, entry.stage)]
        standing.append(entry)
    return partial.out_of_order(entry.on for entry in standing)


def _takes_petitions(measure: Measure) -> bool:
    body = db.get_one(Body, measure.body_id)
    return body.kind == "organization" or bool(body.extras.get(PETITION_RULE))


def _keep(measure: Measure, stage: Stage, facts: Mapping[str, Any]) -> None:
    """Put what was said where the rest of the program looks for it."""
    if stage == Stage.INTRODUCED:
        records.number(measure, facts["session"], facts["file_number"])
    if stage == Stage.SPONSORED:
        _sponsor(measure, facts)
    if VOTE_DAY in stages.FACTS[stage]:
        keep_vote(measure, facts)
    if stage == Stage.ADOPTED and facts["adopted_text"] == "draft":
        _mark_adopted(measure)
    for key, kind in _SOURCES.items():
        if key in stages.FACTS[stage]:
            records.add_source(measure, kind, _source_title(facts[key]), url=facts[key])


_SOURCES = {
    "source_url": SourceKind.OFFICIAL_PAGE,
    "official_document": SourceKind.OFFICIAL_COPY,
}


def keep_vote(measure: Measure, facts: Mapping[str, Any]) -> Vote:
    """A vote; its count and roll call are read as the minutes print them. Raises NoSeat."""
    line = str(facts["vote_counts"])
    method = Method(facts["vote_method"])
    read = votes.parse(line, of_voters=method == Method.ELECTORATE)
    vote = Vote(
        measure_id=measure.id,
        on=facts["vote_on"],
        method=method,
        requirement=Requirement(facts["vote_requirement"]),
        passed=facts["vote_result"] == "passed",
        counts={choice.value: number for choice, number in read.counts.items()},
        seats=_seats(measure, method),
        line=line,
        source_url=str(facts.get("source_url", "")),
        entered_at=clock.now(),
    )
    db.add(vote)
    db.flush()
    whip.keep_roll_call(vote, measure.body_id, read)
    return vote


def _seats(measure: Measure, method: Method) -> int | None:
    """How many may vote, where that is known; nobody counts the voters beforehand."""
    if method == Method.ELECTORATE:
        return None
    return db.get_one(Body, measure.body_id).members


def take_out_vote(vote: Vote) -> None:
    """A vote that was entered by mistake goes with its roll call; the audit log keeps its count."""
    audit("campaigns", "vote taken out", vote.measure_id, on=vote.on, counts=dict(vote.counts))
    db.delete(vote)
    db.flush()


def votes_of(measure_id: int) -> Sequence[tuple[Vote, Sequence[votes.Doubt]]]:
    """All votes on a measure, each with what does not fit in its numbers."""
    found = db.scalars(select(Vote).where(Vote.measure_id == measure_id).order_by(Vote.id)).all()
    return [(vote, doubts_of(vote)) for vote in found]


def doubts_of(vote: Vote) -> Sequence[votes.Doubt]:
    """Where the numbers of a vote contradict each other, its roll call or the seats."""
    cast = db.scalars(select(VoteCast.choice).where(VoteCast.vote_id == vote.id)).all()
    return votes.doubts(
        votes.Tally(
            counts={Choice(key): number for key, number in vote.counts.items()},
            passed=vote.passed,
            requirement=vote.requirement,
            seats=vote.seats,
            roll_call=Counter(cast),
        )
    )


def _sponsor(measure: Measure, facts: Mapping[str, Any]) -> None:
    db.add(
        Sponsorship(
            measure_id=measure.id,
            name=facts["sponsor_name"],
            post=facts["sponsor_post"],
            is_primary=True,
            since=facts["commitment_on"],
        )
    )


def _mark_adopted(measure: Measure) -> None:
    newest = db.scalars(
        select(TextVersion)
        .where(TextVersion.measure_id == measure.id)
        .order_by(TextVersion.number.desc())
        .limit(1)
    ).first()
    if newest is not None:
        newest.adopted = True


def _source_title(url: str) -> str:
    """The host of a link, until somebody gives it a better title."""
    return url.split("/")[2] if url.count("/") >= 2 else url


def _today(measure: Measure) -> str:
    return clock.today(db.get_one(Body, measure.body_id).time_zone).isoformat()
