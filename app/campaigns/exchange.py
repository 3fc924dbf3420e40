"""Records on their way out: in the form of the import, and as Open Civic Data bills."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.campaigns import cases
from app.campaigns.body_models import Body, Instrument
from app.campaigns.cases import Case
from app.campaigns.measure_models import (
    Measure,
    MeasureSource,
    Sponsorship,
    StageEntry,
)
from app.campaigns.stages import Stage
from app.campaigns.vote_models import Vote
from app.foundation import links
from app.foundation.among import among
from app.foundation.db import db

TOLD = "_told"
"""Which keys an imported row had although their values are the usual ones."""

EVERYTHING = select(Measure)

AT_ONCE = 500
"""Records that an export reads together."""

ACTIONS = {
    Stage.INTRODUCED: "introduction",
    Stage.REFERRED: "referral-committee",
    Stage.REPORTED: "committee-passage",
    Stage.DEFERRED: "deferral",
    Stage.ADOPTED: "passage",
    Stage.AWAITING_EXECUTIVE: "executive-receipt",
    Stage.VETOED: "executive-veto",
    Stage.REQUESTED: "filing",
    Stage.PETITIONING: "filing",
    Stage.FINAL: "became-law",
    Stage.FAILED: "failure",
    Stage.WITHDRAWN: "withdrawal",
}
"""Our stages that have a word among Open Civic Data's actions; the others go to extras."""

_FINAL_BY_WAY = {"signed": "executive-signature", "override": "veto-override-passage"}
CLASSIFICATIONS = {
    Instrument.RESOLUTION: "resolution",
    Instrument.COMMEMORATION: "commemoration",
    Instrument.MEMORIAL: "memorial",
    Instrument.PROCLAMATION: "proclamation",
    Instrument.ORDINANCE: "bill",
    Instrument.MOTION: "motion",
    Instrument.BALLOT_MEASURE: "bill",
    Instrument.ORGANIZATIONAL: "resolution",
}


def by_case_ids(ids: Collection[str]) -> dict[str, Measure]:
    """The records that an import calls so: by their ids there, else by their addresses here."""
    found = db.scalars(
        select(Measure)
        .where(or_(among(Measure.external_id, ids), among(Measure.slug, ids)))
        .options(joinedload(Measure.body).joinedload(Body.division))
    ).all()
    by_slug = {each.slug: each for each in found}
    return by_slug | {each.external_id: each for each in found if each.external_id}


def as_cases(*, public_only: bool) -> Sequence[Mapping[str, Any]]:
    """All records as rows of the import's form."""
    return [cases.written(case_of(*each)) for each in _all(public_only, db)]


def as_ocd(
    *, public_only: bool, session: Session = db, wanted: Select[Measure] = EVERYTHING
) -> str:
    """Records as Open Civic Data bills with actions, votes, sources and sponsorships."""
    return cases.as_json(_bill(*each) for each in _all(public_only, session, wanted))


class Parts:
    """What belongs to many records, read with one statement for each kind."""

    def __init__(self, measures: Sequence[Measure], session: Session = db) -> None:
        ids = [measure.id for measure in measures]
        self.entries = _grouped(session.scalars(_of(StageEntry, ids, StageEntry.position)))
        self.sources = _grouped(session.scalars(_of(MeasureSource, ids, MeasureSource.id)))
        self.sponsors = _grouped(session.scalars(_of(Sponsorship, ids, Sponsorship.id)))
        self.votes = _grouped(session.scalars(_of(Vote, ids, Vote.id)))


def _of(table: Any, ids: Sequence[int], order: Any) -> Select[Any]:
    return select(table).where(among(table.measure_id, ids)).order_by(table.measure_id, order)


def _grouped(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.measure_id, []).append(row)
    return found


def _all(
    public_only: bool, session: Session, wanted: Select[Measure] = EVERYTHING
) -> Iterator[tuple[Measure, Parts]]:
    """All records with what belongs to them; only some at once are in memory."""
    query = (
        wanted.order_by(Measure.id)
        .limit(AT_ONCE)
        .options(joinedload(Measure.body).joinedload(Body.division))
    )
    if public_only:
        query = query.where(Measure.published_at.is_not(None))
    last = 0
    while measures := session.scalars(query.where(Measure.id > last)).all():
        last = measures[-1].id
        parts = Parts(measures, session)
        yield from ((measure, parts) for measure in measures)


def case_of(measure: Measure, parts: Parts) -> Case:
    """One record in the form of the import."""
    imported = measure.external_id is not None
    told = set(measure.extras.get(TOLD, ()))
    sources = parts.sources.get(measure.id, [])
    sponsors = parts.sponsors.get(measure.id, [])
    votes = parts.votes.get(measure.id, [])
    opposed = measure.opposed
    return Case(
        id=measure.external_id or measure.slug,
        name=measure.title,
        division=measure.body.division_id,
        instrument=measure.instrument,
        path=[(entry.stage, entry.on) for entry in parts.entries.get(measure.id, [])],
        source=(sources[0].url or sources[0].title) if sources else "",
        stance=measure.stance if opposed or "stance" in told or not imported else None,
        session=measure.session,
        file_number=measure.file_number,
        sponsors=measure.sponsor_count,
        sponsor_division=next((each.division_id for each in sponsors if each.division_id), ""),
        votes=_counts(votes[0]) if votes else {},
        body=measure.body.name if "body" in told or not imported else "",
        own_status=measure.own_status,
        year=measure.year if "year" in told or not imported else None,
        extras={key: value for key, value in measure.extras.items() if key != TOLD},
    )


def _counts(vote: Vote) -> dict[str, int]:
    return dict(vote.counts) | ({"seats": vote.seats} if vote.seats else {})


def _bill(measure: Measure, parts: Parts) -> Mapping[str, Any]:
    entries = parts.entries.get(measure.id, [])
    untold = {Stage.FINAL} if measure.awaits_agreement else set()
    told = ACTIONS.keys() - untold
    sources = parts.sources.get(measure.id, [])
    return {
        "identifier": measure.file_number or measure.slug,
        "title": measure.title,
        "classification": [CLASSIFICATIONS[measure.instrument]],
        "legislative_session": measure.session or str(measure.year),
        "jurisdiction_id": measure.body.division_id.replace("division", "jurisdiction", 1)
        + "/government",
        "from_organization": measure.body.name,
        "actions": [_action(entry) for entry in entries if entry.stage in told],
        "votes": [_vote(vote) for vote in parts.votes.get(measure.id, [])],
        "sponsorships": [
            {
                "name": each.name or each.division_id,
                "entity_type": "person" if each.name else "",
                "primary": each.is_primary,
                "classification": "primary" if each.is_primary else "cosponsor",
            }
            for each in parts.sponsors.get(measure.id, [])
        ],
        "sources": [{"url": each.url, "note": each.title} for each in sources if each.url],
        "extras": {
            "url": links.absolute("campaigns.campaign", slug=measure.slug),
            "stance": measure.stance.value,
            "stage": measure.stage.value,
            "verified": measure.verified,
            "status_words": measure.own_status,
            "sponsor_count": measure.sponsor_count,
            "sources_without_link": [each.title for each in sources if not each.url],
            "stages": [
                {"stage": entry.stage.value, "date": entry.on}
                for entry in entries
                if entry.stage not in told
            ],
        },
    }


def _action(entry: StageEntry) -> Mapping[str, Any]:
    word = ACTIONS[entry.stage]
    if entry.stage == Stage.FINAL:
        word = _FINAL_BY_WAY.get(str(entry.facts.get("how", "")), word)
    return {
        "description": entry.stage.value,
        "date": entry.on,
        "classification": [word],
    }


def _vote(vote: Vote) -> Mapping[str, Any]:
    return {
        "motion_text": vote.part or "passage",
        "start_date": vote.on,
        "result": "pass" if vote.passed else "fail",
        "counts": [{"option": option, "value": number} for option, number in vote.counts.items()],
        "sources": [{"url": vote.source_url}] if vote.source_url else [],
    }
