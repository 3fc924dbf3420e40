"""Deadlines from the rows of councils: one, many, and told when they are out of date."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.campaigns import deadlines
from app.campaigns.body_models import BodyKind, Instrument, MeetingKind, RuleKey
from app.campaigns.deadlines import Wanted, body_changed
from app.campaigns.reckoning import StepKind
from tests.campaigns.councils import (
    BodyFactory,
    BodyRuleFactory,
    CommitteeFactory,
    DivisionFactory,
    MeetingFactory,
    MeetingPatternFactory,
)
from tests.factories import AllianceFactory, seed_places
from tests.statements import count_statements

JULY_17 = date(2027, 7, 17)
RESOLUTION = Instrument.RESOLUTION


def test_the_rows_of_a_council_become_its_deadlines(db: Session) -> None:
    seed_places(db)
    body = BodyFactory()
    rules = CommitteeFactory(body=body, name="Rules")
    BodyRuleFactory(body=body)
    BodyRuleFactory(
        body=body, key=RuleKey.REFERRAL, value={"needed": True, "days": 3, "committee": "Rules"}
    )
    MeetingPatternFactory(body=body, rule="Monday 17:00", exceptions=["2027-07-05"])
    MeetingPatternFactory(body=body, committee=rules, rule="Wednesday 14:00")
    MeetingFactory(body=body, wall_start=datetime(2027, 7, 12, 17), cancelled=True)
    MeetingFactory(body=body, wall_start=datetime(2027, 7, 14, 9), kind=MeetingKind.SPECIAL)

    found = deadlines.of(body, RESOLUTION, JULY_17)

    assert {step.kind: step.at for step in found.steps if step.at} == {
        StepKind.COMMITTEE: datetime(2027, 6, 23, 14),
        StepKind.POSTING: datetime(2027, 6, 25, 17),
        StepKind.MEETING: datetime(2027, 6, 28, 17),
    }


def test_a_meeting_that_somebody_entered_outranks_the_rule(db: Session) -> None:
    seed_places(db)
    body = BodyFactory()
    MeetingPatternFactory(body=body, rule="Monday 17:00")
    MeetingFactory(body=body, wall_start=datetime(2027, 7, 15, 9))
    meeting = deadlines.of(body, RESOLUTION, JULY_17).meeting
    assert meeting is not None
    assert (meeting.wall_start, meeting.known) == (datetime(2027, 7, 15, 9), True)


def test_a_mayor_s_office_holds_no_meetings(db: Session) -> None:
    seed_places(db)
    body = BodyFactory(kind=BodyKind.EXECUTIVE)
    BodyRuleFactory(body=body, key=RuleKey.PROCLAMATION, value={"days": 14})
    found = deadlines.of(body, Instrument.PROCLAMATION, JULY_17)
    assert [step.day for step in found.steps] == [date(2027, 7, 2), date(2027, 7, 16)]


def test_a_change_is_counted_and_told(db: Session) -> None:
    seed_places(db)
    body = BodyFactory()
    told: list[int] = []

    def hear(body_id: int) -> None:
        told.append(body_id)

    with body_changed.connected_to(hear):
        deadlines.changed(body)

    assert told == [body.id]
    assert deadlines.of(body, RESOLUTION, JULY_17).revision == 2


def _councils(number: int) -> list[Wanted]:
    division, alliance = DivisionFactory(), AllianceFactory()
    wanted = []
    for _ in range(number):
        body = BodyFactory(division=division, alliance=alliance)
        BodyRuleFactory(body=body)
        BodyRuleFactory(body=body, key=RuleKey.FILING, value={"days": 14, "counting": "working"})
        MeetingPatternFactory(body=body, recess=["07-01/08-10"])
        wanted.append(Wanted(body.id, RESOLUTION, JULY_17))
    return wanted


def test_many_councils_need_as_many_statements_as_one(db: Session) -> None:
    seed_places(db)
    for number in (1, 30):
        wanted = _councils(number)
        db.flush()
        db.expire_all()
        with count_statements() as statements:
            found = deadlines.for_bodies(wanted)
        assert len(statements) == 5
        assert {timeline.steps[-1].day for timeline in found} == {date(2027, 6, 28)}
