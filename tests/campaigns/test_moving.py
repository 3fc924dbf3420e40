"""Moving, correcting, and two people who do it at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.campaigns import moving, records, stages, votes
from app.campaigns.body_models import BodyKind, Instrument, RuleKey
from app.campaigns.measure_models import Sponsorship, Stance
from app.campaigns.stages import Stage
from app.campaigns.vote_models import Vote, VoteCast
from app.campaigns.votes import Choice
from app.foundation import clock
from tests.campaigns.councils import BodyFactory, BodyRuleFactory, SeatFactory, SeatTermFactory
from tests.campaigns.world import MeasureFactory, campaign, with_text
from tests.factories import coordinator_of

FILED = {
    "file_number": "0213X-2027",
    "introduced_on": "2027-07-01",
    "classification": "Ceremonial Resolution",
    "session": "2027",
    "source_url": "https://example.org/0213X",
}
ADOPTED = {
    "vote_on": "2027-07-12",
    "vote_method": "roll_call",
    "vote_counts": "Adopted, (6); Absent: Lee (1)",
    "vote_result": "passed",
    "vote_requirement": "majority_of_members",
    "adopted_text": "draft",
    "source_url": "https://example.org/minutes",
}
FINAL = {
    "final_on": "2027-07-14",
    "how": "no_executive_step",
    "official_document": "https://example.org/signed.pdf",
}


def test_a_refused_move_names_what_is_missing_and_changes_nothing(db: Session) -> None:
    measure = campaign()
    with pytest.raises(stages.MissingFacts) as refused:
        moving.move(measure, Stage.DRAFTING, {}, version=measure.version, by_id=None)
    assert list(refused.value.facts) == ["title", "whereas", "resolved", "text_version"]
    assert measure.stage == Stage.SCOPING
    with_text(measure)
    moving.move(measure, Stage.DRAFTING, {}, version=measure.version, by_id=None)
    assert measure.stage == Stage.DRAFTING


def test_facts_go_where_the_program_looks_for_them(db: Session) -> None:
    measure = with_text(campaign(stage=Stage.SPONSORED))
    moving.move(measure, Stage.INTRODUCED, FILED, version=measure.version, by_id=None)
    assert (measure.file_number, measure.session) == ("0213X-2027", "2027")
    measure.stage = Stage.SCHEDULED
    moving.move(measure, Stage.ADOPTED, ADOPTED, version=measure.version, by_id=None)
    vote = db.scalars(select(Vote)).one()
    assert (vote.counts, vote.seats, vote.passed) == ({"yes": 6, "absent": 1}, 7, True)
    assert not measure.verified
    moving.move(measure, Stage.FINAL, FINAL, version=measure.version, by_id=None)
    assert (measure.verified, measure.counted, measure.stage_on) == (True, True, "2027-07-14")
    assert measure.year == 2027


def test_a_sponsor_is_kept_with_post_and_day(db: Session) -> None:
    measure = campaign(stage=Stage.SEEKING_SPONSOR)
    said = {
        "sponsor_name": "Paul Krekorian",
        "sponsor_post": "Council member, District 2",
        "commitment_on": "2027-03-01",
        "commitment_channel": "writing",
        "commitment_witness": "https://example.org/letter",
    }
    moving.move(measure, Stage.SPONSORED, said, version=measure.version, by_id=None)
    sponsor = db.scalars(select(Sponsorship)).one()
    assert (sponsor.name, sponsor.since, sponsor.is_primary) == (
        "Paul Krekorian",
        "2027-03-01",
        True,
    )


def test_of_two_who_move_at_once_one_wins_and_the_other_is_told(db: Session) -> None:
    measure = with_text(campaign())
    opened_by_both = measure.version
    moving.move(measure, Stage.DRAFTING, {}, version=opened_by_both, by_id=None)
    rest = {"reason": "Summer", "revisit_on": "2027-09-01"}
    for stage, facts in ((Stage.DORMANT, rest), (Stage.DRAFTING, {})):
        with pytest.raises(records.StaleVersion):
            moving.move(measure, stage, facts, version=opened_by_both, by_id=None)
    assert measure.stage == Stage.DRAFTING


def test_a_file_number_is_one_record_s_in_a_session(db: Session) -> None:
    first = campaign(file_number="0213X-2027", session="2027")
    second = with_text(campaign(body=first.body, stage=Stage.SPONSORED))
    with pytest.raises(records.NumberTaken):
        moving.move(second, Stage.INTRODUCED, FILED, version=second.version, by_id=None)
    other = FILED | {"session": "2028"}
    moving.move(second, Stage.INTRODUCED, other, version=second.version, by_id=None)
    assert second.session == "2028"


def test_only_assemblies_take_a_text_without_a_sponsor(db: Session) -> None:
    measure = with_text(campaign(stage=Stage.DRAFTING))
    with pytest.raises(moving.NeedsSponsor):
        moving.move(measure, Stage.INTRODUCED, FILED, version=measure.version, by_id=None)
    assembly = BodyFactory(kind=BodyKind.ORGANIZATION)
    ours = campaign(stage=Stage.DRAFTING, body=assembly, instrument=Instrument.ORGANIZATIONAL)
    moving.move(ours, Stage.INTRODUCED, FILED, version=ours.version, by_id=None)
    assert ours.stage == Stage.INTRODUCED


def test_a_correction_jumps_and_is_kept_with_its_reason(db: Session) -> None:
    measure = campaign(stage=Stage.REFERRED)
    ana = coordinator_of(measure.alliance)
    moving.correct(
        measure, Stage.FINAL, "2008-07", "It passed", version=measure.version, by_id=ana.id
    )
    assert (measure.stage, measure.stage_on) == (Stage.FINAL, "2008-07")
    last = moving.history(measure.id)[-1]
    assert (last.correction, last.by_id) == ("It passed", ana.id)
    entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "correct")).one()
    assert entry.detail == {"old": "referred", "new": "final"}


def test_days_out_of_order_are_named(db: Session) -> None:
    measure = campaign(stage_on="2027-07-12")
    records.enter(measure, Stage.DRAFTING, "2027-07", {}, by_id=None)
    records.enter(measure, Stage.SEEKING_SPONSOR, "2027-06-01", {}, by_id=None)
    assert list(moving.disordered(moving.history(measure.id))) == [("2027-07", "2027-06-01")]


def test_a_correction_is_in_order_with_what_it_leaves_standing(db: Session) -> None:
    measure = campaign(stage_on="2026-05-01")
    records.enter(measure, Stage.INTRODUCED, "2026-06-01", {}, by_id=None)
    records.enter(measure, Stage.ADOPTED, "2026-07-14", {}, by_id=None)
    records.enter(measure, Stage.REFERRED, "2026-06-09", {}, by_id=None, correction="No vote yet")
    assert list(moving.disordered(moving.history(measure.id))) == []
    records.enter(measure, Stage.FINAL, "2026-03-01", {}, by_id=None, correction="It passed")
    found = list(moving.disordered(moving.history(measure.id)))
    assert found == [("2026-06-09", "2026-03-01")]


def test_what_we_oppose_is_never_counted(db: Session) -> None:
    wanted = campaign(stage=Stage.FINAL)
    opposed = campaign(stage=Stage.FINAL, stance=Stance.OPPOSE)
    assert (wanted.counted, opposed.counted) == (True, False)


def test_nothing_becomes_public_without_a_source(db: Session) -> None:
    measure = MeasureFactory(published_at=None)
    with pytest.raises(records.NoSource):
        records.publish(measure)
    assert measure.published_at is None


def test_what_was_said_of_a_stage_sets_the_next_last_day(db: Session) -> None:
    measure = campaign(stage=Stage.SCHEDULED)
    day = (clock.today() + timedelta(days=9)).isoformat()
    off = {"deferred_on": clock.today().isoformat(), "deferred_until": day}
    moving.move(measure, Stage.DEFERRED, off, version=measure.version, by_id=None)
    assert measure.next_due_on is not None
    assert measure.next_due_on.isoformat() == day
    meeting = {
        "meeting_on": day,
        "meeting_time": "10:00",
        "meeting_zone": "America/New_York",
        "meeting_place": "City hall",
        "agenda_section": "regular",
        "agenda_url": "https://example.org/agenda",
        "comment_deadline": "2020-01-01",
    }
    moving.move(measure, Stage.SCHEDULED, meeting, version=measure.version, by_id=None)
    assert measure.next_due_on.isoformat() == day
    off["deferred_until"] = "nobody knows"
    moving.move(measure, Stage.DEFERRED, off, version=measure.version, by_id=None)
    assert measure.next_due_on is None


def test_names_of_an_adoption_are_the_roll_call_of_who_sat_there_that_day(db: Session) -> None:
    measure = with_text(campaign(stage=Stage.SCHEDULED))
    seat = SeatFactory(body=measure.body)
    until = date(2027, 12, 31)
    SeatTermFactory(seat=seat, name="Rosa Lee", since=date(2024, 1, 1), until=until)
    SeatTermFactory(seat=seat, name="Ada Bell", since=until + timedelta(days=1))
    stranger = ADOPTED | {"vote_counts": "AYES: Lee NOES: Bell"}
    with pytest.raises(votes.NoSeat) as refused:
        moving.move(measure, Stage.ADOPTED, stranger, version=measure.version, by_id=None)
    assert refused.value.strangers == ["Bell"]


def test_once_adopted_the_time_to_sign_is_counted_from_the_vote(db: Session) -> None:
    measure = with_text(campaign(stage=Stage.SCHEDULED))
    measure.target_on = clock.today() + timedelta(days=300)
    review = {"days": 10, "counting": "calendar", "silence": "approves", "override": "two_thirds"}
    BodyRuleFactory(body=measure.body, key=RuleKey.EXECUTIVE_REVIEW, value=review)
    adopted = ADOPTED | {"vote_on": clock.today().isoformat()}
    moving.move(measure, Stage.ADOPTED, adopted, version=measure.version, by_id=None)
    assert measure.next_due_on == clock.today() + timedelta(days=10)


def test_an_adoption_keeps_its_roll_call(db: Session) -> None:
    measure = with_text(campaign(stage=Stage.SCHEDULED))
    seat = SeatFactory(body=measure.body)
    SeatTermFactory(seat=seat, name="Rosa Lee")
    moving.move(measure, Stage.ADOPTED, ADOPTED, version=measure.version, by_id=None)
    cast = db.execute(select(VoteCast.seat_id, VoteCast.choice)).all()
    assert [tuple(each) for each in cast] == [(seat.id, Choice.ABSENT)]


def test_a_vote_of_the_voters_is_not_held_against_the_council_s_seats(db: Session) -> None:
    measure = with_text(campaign(stage=Stage.SCHEDULED))
    facts = ADOPTED | {"vote_method": "electorate", "vote_counts": "12,345 to 9,876"}
    moving.move(measure, Stage.ADOPTED, facts, version=measure.version, by_id=None)
    [(vote, doubts)] = moving.votes_of(measure.id)
    assert (vote.counts, vote.seats, doubts) == ({"yes": 12345, "no": 9876}, None, [])
