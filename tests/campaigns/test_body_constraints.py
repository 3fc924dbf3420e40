"""What the database itself refuses about councils."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.campaigns.councils import (
    BodyFactory,
    BodyRuleFactory,
    CommitteeFactory,
    MeetingFactory,
    MeetingPatternFactory,
    SeatFactory,
    SeatTermFactory,
)


def test_a_council_has_one_value_for_a_rule(db: Session) -> None:
    rule = BodyRuleFactory()
    with pytest.raises(IntegrityError):
        BodyRuleFactory(body_id=rule.body_id)


def test_a_council_meets_once_at_a_time_and_its_committee_beside_it(db: Session) -> None:
    body = BodyFactory()
    committee = CommitteeFactory(body=body)
    MeetingFactory(body=body)
    assert MeetingFactory(body=body, committee=committee).committee_id == committee.id
    with pytest.raises(IntegrityError):
        MeetingFactory(body=body)


def test_a_council_has_one_pattern_of_its_own(db: Session) -> None:
    body = BodyFactory()
    committee = CommitteeFactory(body=body)
    MeetingPatternFactory(body=body)
    assert MeetingPatternFactory(body=body, committee=committee).committee_id == committee.id
    with pytest.raises(IntegrityError):
        MeetingPatternFactory(body=body)


def test_a_term_does_not_end_before_it_begins(db: Session) -> None:
    term = SeatTermFactory(seat=SeatFactory())
    assert term.until > term.since
    with pytest.raises(IntegrityError):
        SeatTermFactory(seat=term.seat, until=term.since - timedelta(days=1))
