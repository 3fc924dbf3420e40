"""Asking again: this year's campaign drafted from last year's record, taken up or declined."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from app.accounts.audit import audit
from app.campaigns import (
    campaign_plan,
    deadlines,
    moving,
    records,
    renewal_queries,
    sponsors,
    stages,
    texts,
    whip,
)
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure, MeasureSource, SourceKind
from app.campaigns.reckoning import StepKind
from app.campaigns.renewal_models import Renewal, RenewalState
from app.campaigns.stages import Stage
from app.campaigns.text_models import TextVersion
from app.events import answers, cloning
from app.events.models import Edition
from app.foundation import clock, links
from app.foundation.db import db


class NothingToRenew(Exception):
    """Only what passed is asked for again."""


class AskedAlready(Exception):
    """The council is asked this year, by a campaign of its own."""

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure.slug)
        self.measure = measure


def draft_for(edition: Edition, alliance_ids: Collection[int] | None = None) -> int:
    """Draft the renewals of a day for these alliances, or for all; how many."""
    found = renewal_queries.to_renew(edition, alliance_ids)
    for prior in found:
        _draft(prior, edition.year, edition=edition)
    return len(found)


def renew(prior: Measure) -> Renewal:
    """Draft the next asking of one record, or find it where it was drafted.

    Raises NothingToRenew, and AskedAlready with a campaign that somebody began by hand.
    """
    if not prior.counted:
        raise NothingToRenew
    db.execute(select(Measure.id).where(Measure.id == prior.id).with_for_update())
    year = next_year_of(prior)
    known = renewal_queries.of_prior(prior.id, year)
    if known is not None and known.measure is not None:
        return known
    newer = renewal_queries.asked_again(prior, year)
    if newer is not None:
        raise AskedAlready(newer)
    return _draft(prior, year, edition=_edition_after(prior, year), known=known)


def next_year_of(prior: Measure) -> int:
    """This year, or the next one where this year's day is over or it passed for this year's day."""
    today = clock.today()
    last = max(prior.year, prior.target_on.year if prior.target_on else 0)
    if last >= today.year:
        return last + 1
    over = prior.target_on is not None and moved(prior.target_on, today.year) <= today
    return today.year + over


def accept(renewal: Renewal, *, by_id: int | None, owner_id: int | None) -> bool:
    """The alliance asks again: its campaign has an owner, is public and has a plan.

    False where it stays private for want of a source. Once it is answered, nothing changes.
    """
    measure = renewal.measure
    if measure is None or renewal.state != RenewalState.DRAFTED:
        return measure is not None and measure.published_at is not None
    measure.owner_id = owner_id
    _ask_sponsors(renewal.prior, measure)
    campaign_plan.begin(measure)
    _answer(renewal, RenewalState.ACCEPTED, by_id)
    if renewal.edition_id and measure.alliance_id:
        answers.answer_otherwise(renewal.edition_id, measure.alliance_id, by_id=by_id)
    try:
        records.publish(measure)
    except records.NoSource:
        return False
    return True


def decline(renewal: Renewal, reason: str, *, by_id: int | None) -> None:
    """Not this year, and why; the draft goes. What was taken up is ended on its own page."""
    draft = renewal.measure
    if renewal.state != RenewalState.DRAFTED:
        return
    renewal.measure = None
    renewal.reason = reason
    _answer(renewal, RenewalState.DECLINED, by_id)
    if draft is not None and draft.published_at is None:
        db.delete(draft)
        db.flush()


def _draft(
    prior: Measure, year: int, *, edition: Edition | None, known: Renewal | None = None
) -> Renewal:
    """A new record like the old one, linked to it, with last year's text."""
    body = db.get_one(Body, prior.body_id)
    target = _target(prior, year, edition)
    plan = records.Plan(
        title=cloning.of_year(prior.title, prior.year, year),
        instrument=prior.instrument,
        about=prior.about,
        session=str(year),
        target_on=target,
        edition_id=edition.id if edition else None,
        ask_id=prior.ask_id,
    )
    alliance_id = prior.alliance_id or body.alliance_id
    measure = records.begin(body, plan, alliance_id=alliance_id, by_id=None)
    measure.year = year
    measure.prior_session_id = prior.id
    _copy_text(prior, measure)
    _name_source(prior, measure)
    _ask_sponsors(prior, measure)
    _begin_drafting(measure)
    renewal = known or Renewal(prior=prior, year=year)
    renewal.edition_id = edition.id if edition else None
    renewal.measure = measure
    renewal.state, renewal.reason, renewal.answered_at = RenewalState.DRAFTED, "", None
    renewal.drafted_at = clock.now()
    db.add(renewal)
    db.flush()
    audit("campaigns", "renewal-drafted", measure.id, prior=prior.id)
    return renewal


def _copy_text(prior: Measure, measure: Measure) -> None:
    """The text as it was adopted, else its newest version, as the first of the new record."""
    old = _text_of(prior.id)
    if old is not None:
        title = cloning.of_year(old.title, prior.year, measure.year)
        texts.save_version(measure, title, texts.parts_of(old), by_id=None)


def _text_of(measure_id: int) -> TextVersion | None:
    versions = texts.versions(measure_id)
    return next((each for each in versions if each.adopted), versions[0] if versions else None)


def _name_source(prior: Measure, measure: Measure) -> None:
    """Last year's record is where this one comes from; it verifies nothing about this year."""
    title = f"{prior.year}: {prior.title}"
    if prior.published_at is not None:
        url = links.absolute("campaigns.campaign", slug=prior.slug)
    else:
        known = select(MeasureSource.url).where(MeasureSource.measure_id == prior.id)
        url = db.scalar(known.order_by(MeasureSource.id).limit(1)) or ""
    if url:
        records.add_source(measure, SourceKind.OTHER, title, url=url)


def _begin_drafting(measure: Measure) -> None:
    """A record with last year's text is past its first stage, where all that it needs is known."""
    try:
        moving.move(measure, Stage.DRAFTING, {}, version=measure.version, by_id=None)
    except stages.MissingFacts:
        return


def _ask_sponsors(prior: Measure, measure: Measure) -> None:
    """Last year's sponsors who are still in office are asked first, by the campaign's owner."""
    due = _ask_day(measure)
    for sponsor in sponsors.of(prior):
        if sponsor.seat_id is not None:
            whip.assign(measure, sponsor.seat_id, measure.owner_id, due)


def _ask_day(measure: Measure) -> date | None:
    if measure.target_on is None:
        return None
    timeline = deadlines.of(
        db.get_one(Body, measure.body_id), measure.instrument, measure.target_on
    )
    step = timeline.step(StepKind.ASK) or timeline.step(StepKind.REQUEST)
    return max(step.day, timeline.today) if step else None


def _target(prior: Measure, year: int, edition: Edition | None) -> date | None:
    if edition is not None:
        return edition.on
    return moved(prior.target_on, year) if prior.target_on else None


def _edition_after(prior: Measure, year: int) -> Edition | None:
    """The same day of the new year, where the record says which day it was for."""
    if prior.edition_id is None:
        return None
    old = db.get_one(Edition, prior.edition_id)
    return db.scalars(
        select(Edition).where(Edition.observance_key == old.observance_key, Edition.year == year)
    ).first()


def moved(day: date, year: int) -> date:
    """The same day of another year; February 29 becomes March 1."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _answer(renewal: Renewal, state: RenewalState, by_id: int | None) -> None:
    renewal.state = state
    renewal.answered_at = clock.now()
    renewal.answered_by_id = by_id
    db.flush()
    audit("campaigns", f"renewal-{state}", renewal.id)
