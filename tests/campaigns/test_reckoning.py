"""Deadlines against a slow walk through the calendar, and the cases that people know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.campaigns import patterns
from app.campaigns.body_models import Instrument, RuleKey
from app.campaigns.counting import Counting
from app.campaigns.patterns import Calendar, Sitting
from app.campaigns.reckoning import (
    Alternative,
    Facts,
    Offer,
    Question,
    StepKind,
    Timeline,
    last_meeting,
    reckon,
)
from app.campaigns.rules import (
    Checked,
    Comment,
    Lead,
    Posting,
    Referral,
    Review,
    Rules,
    Silence,
    Value,
)
from app.work import working_days

JULY_17 = date(2027, 7, 17)
TODAY = date(2027, 3, 1)
DAY = timedelta(days=1)
RESOLUTION, PROCLAMATION = Instrument.RESOLUTION, Instrument.PROCLAMATION


def checked(**values: Value) -> Rules:
    return {RuleKey(key): Checked(value, date(2027, 1, 4)) for key, value in values.items()}


@pytest.fixture
def columbus() -> Facts:
    """Meets on Mondays at 17:00 with a recess from July 13 on."""
    return Facts(
        rules=checked(
            agenda_posting=Posting(72),
            filing=Lead(5, Counting.WORKING),
            asking=Lead(21),
            referral=Referral(needed=False),
            public_comment=Comment(24),
            executive_review=Review(0),
        ),
        calendar=Calendar(
            pattern=patterns.read("Monday 17:00"), recess=(patterns.span("07-13/09-05"),)
        ),
        revision=3,
    )


def days(timeline: Timeline) -> dict[StepKind, date]:
    return {step.kind: step.day for step in timeline.steps}


def test_a_resolution_is_reckoned_back_from_the_last_meeting(columbus: Facts) -> None:
    found = reckon(columbus, RESOLUTION, JULY_17, TODAY)

    assert found.meeting == Sitting(datetime(2027, 7, 12, 17))
    assert days(found) == {
        StepKind.ASK: date(2027, 6, 11),  # 21 days before the filing day is a Saturday
        StepKind.FILE: date(2027, 7, 2),  # July 5 is a holiday
        StepKind.POSTING: date(2027, 7, 9),
        StepKind.COMMENT: date(2027, 7, 11),
        StepKind.MEETING: date(2027, 7, 12),
    }
    assert found.questions == ()
    assert (found.is_late, found.alternatives, found.revision) == (False, (), 3)
    assert not any(step.estimated or step.stale for step in found.steps)


def test_a_meeting_on_the_day_itself_is_too_late(columbus: Facts) -> None:
    found = reckon(columbus, RESOLUTION, date(2027, 7, 12), TODAY)
    assert found.meeting == Sitting(datetime(2027, 6, 28, 17))  # July 5 is a holiday


def test_a_review_moves_everything_to_an_earlier_meeting(columbus: Facts) -> None:
    slow = {**columbus.rules, **checked(executive_review=Review(10, Counting.NO_SUNDAYS))}
    found = reckon(replace(columbus, rules=slow), RESOLUTION, JULY_17, TODAY)
    assert found.meeting == Sitting(datetime(2027, 6, 28, 17))
    assert days(found)[StepKind.SIGNING] == date(2027, 7, 9)


@pytest.mark.parametrize("silence", Silence)
def test_silence_is_told_from_the_rule_and_does_not_move_the_day(
    columbus: Facts, silence: Silence
) -> None:
    reviewed = {**columbus.rules, **checked(executive_review=Review(3, silence=silence))}
    found = reckon(replace(columbus, rules=reviewed), RESOLUTION, JULY_17, TODAY)
    assert days(found)[StepKind.SIGNING] == date(2027, 7, 15)


def test_a_referral_takes_the_last_committee_meeting_that_can_report(columbus: Facts) -> None:
    referred = Facts(
        rules={**columbus.rules, **checked(referral=Referral(days=5, committee="Rules"))},
        calendar=columbus.calendar,
        committees={"Rules": Calendar(pattern=patterns.read("Wednesday 14:00"))},
    )
    found = reckon(referred, RESOLUTION, JULY_17, TODAY)
    committee = found.step(StepKind.COMMITTEE)
    assert committee is not None
    assert (committee.at, committee.estimated) == (datetime(2027, 7, 7, 14), False)
    assert days(found)[StepKind.FILE] == date(2027, 6, 29)
    unknown = replace(referred, committees={})
    guessed = reckon(unknown, RESOLUTION, JULY_17, TODAY).step(StepKind.COMMITTEE)
    assert guessed is not None
    assert (guessed.day, guessed.at, guessed.estimated) == (date(2027, 7, 7), None, True)


def test_72_hours_hold_when_clocks_change(columbus: Facts) -> None:
    """On March 14, 2027 an hour is missing, so the agenda is public an hour earlier."""
    found = reckon(columbus, RESOLUTION, date(2027, 3, 16), date(2027, 1, 4))
    posting = found.step(StepKind.POSTING)
    assert posting is not None
    assert posting.at == datetime(2027, 3, 12, 16)


def test_a_council_without_rules_begins_with_five_questions() -> None:
    found = reckon(Facts(), RESOLUTION, JULY_17, TODAY)
    assert found.questions == (
        Question.MEETINGS,
        Question.FILING,
        Question.REFERRAL,
        Question.REVIEW,
        Question.COMMENT,
    )
    assert (found.steps, found.meeting, found.next, found.is_late) == ((), None, None, False)


def test_what_nobody_has_entered_is_estimated(columbus: Facts) -> None:
    found = reckon(replace(columbus, rules={}), RESOLUTION, JULY_17, TODAY)
    assert {step.kind for step in found.steps if step.estimated} == {
        StepKind.ASK,
        StepKind.FILE,
        StepKind.POSTING,
    }
    assert days(found)[StepKind.FILE] == date(2027, 7, 8)


def test_an_old_rule_is_said_to_be_old(columbus: Facts) -> None:
    found = reckon(columbus, RESOLUTION, date(2028, 7, 17), date(2028, 1, 5))
    assert {step.kind for step in found.steps if step.stale} == {
        StepKind.ASK,
        StepKind.FILE,
        StepKind.POSTING,
        StepKind.COMMENT,
    }


def test_last_days_on_old_meeting_days_are_said_to_be_old(columbus: Facts) -> None:
    old = replace(columbus.calendar, checked_on=date(2026, 1, 4))
    for instrument in (RESOLUTION, PROCLAMATION):
        found = reckon(replace(columbus, calendar=old), instrument, JULY_17, TODAY)
        assert all(step.stale for step in found.steps)
    the_last = Sitting(datetime(2027, 7, 12, 17), True)
    entered = replace(columbus, calendar=replace(old, entered=(the_last,)))
    assert not any(step.stale for step in reckon(entered, RESOLUTION, JULY_17, TODAY).steps)


def test_old_meeting_days_of_a_committee_make_its_own_step_old(columbus: Facts) -> None:
    wednesdays = Calendar(patterns.read("Wednesday 14:00"), checked_on=date(2026, 1, 4))
    referred = replace(
        columbus,
        rules={**columbus.rules, **checked(referral=Referral(days=5, committee="Rules"))},
        committees={"Rules": wednesdays},
    )
    found = reckon(referred, RESOLUTION, JULY_17, TODAY)
    assert [step.kind for step in found.steps if step.stale] == [StepKind.COMMITTEE]


def test_a_passed_deadline_offers_what_is_still_possible(columbus: Facts) -> None:
    found = reckon(columbus, RESOLUTION, JULY_17, date(2027, 7, 6))
    assert found.is_late
    assert found.alternatives == (
        Alternative(Offer.PROCLAMATION, None),
        Alternative(Offer.PUBLIC_COMMENT, date(2027, 7, 12)),
        Alternative(Offer.NEXT_YEAR, date(2028, 6, 9)),
    )
    assert found.next is not None
    assert found.next.kind == StepKind.POSTING


def test_a_proclamation_is_offered_only_while_there_is_time(columbus: Facts) -> None:
    known = replace(columbus, rules={**columbus.rules, **checked(proclamation=Lead(14))})
    found = reckon(known, RESOLUTION, JULY_17, date(2027, 7, 13))
    assert [each.offer for each in found.alternatives] == [Offer.NEXT_YEAR]


@pytest.mark.parametrize(
    ("lead", "by"),
    [
        (Lead(14), date(2027, 7, 2)),
        (Lead(14, Counting.WORKING), date(2027, 6, 25)),
        (Lead(20), date(2027, 6, 25)),
        (Lead(30), date(2027, 6, 16)),
    ],
)
def test_a_mayor_has_it_ready_on_the_last_working_day_before(lead: Lead, by: date) -> None:
    mayor = Facts(rules=checked(proclamation=lead), is_executive=True)
    found = reckon(mayor, PROCLAMATION, JULY_17, TODAY)
    assert days(found) == {StepKind.REQUEST: by, StepKind.READY: date(2027, 7, 16)}
    assert found.questions == ()


def test_a_council_hands_a_proclamation_over_at_its_meeting(columbus: Facts) -> None:
    found = reckon(columbus, PROCLAMATION, JULY_17, TODAY)
    assert days(found) == {
        StepKind.REQUEST: date(2027, 6, 11),
        StepKind.READY: date(2027, 7, 12),
    }
    assert found.questions == (Question.LEAD,)
    assert found.decisive is not None
    assert found.decisive.estimated


def test_the_days_of_a_petition_are_asked_and_not_guessed(columbus: Facts) -> None:
    found = reckon(columbus, Instrument.BALLOT_MEASURE, JULY_17, TODAY)
    assert (found.steps, found.decisive, found.is_late) == ((), None, False)


WEEKLY = st.tuples(
    st.integers(0, 6), st.sampled_from(["", "first ", "second and fourth ", "last "])
)
LEADS = st.builds(Lead, st.integers(0, 30), st.sampled_from(Counting))


@st.composite
def known_facts(draw: st.DrawFn) -> Facts:
    weekday, ordinals = draw(WEEKLY)
    name = patterns.WEEKDAYS[weekday]
    return Facts(
        rules=checked(
            agenda_posting=Posting(draw(st.integers(1, 120)), draw(st.booleans())),
            filing=draw(LEADS),
            asking=draw(LEADS),
            executive_review=Review(draw(st.integers(0, 15)), draw(st.sampled_from(Counting))),
        ),
        calendar=Calendar(
            pattern=patterns.read(f"{ordinals}{name} 18:00"),
            recess=(patterns.span(draw(st.sampled_from(["07-01/07-20", "06-15/08-31"]))),),
        ),
    )


def is_counted(day: date, kind: Counting) -> bool:
    weekend = day.isoweekday() > 5
    return {
        Counting.CALENDAR: True,
        Counting.WORKING: not weekend and working_days.works(day),
        Counting.NO_SUNDAYS: day.isoweekday() < 7,
    }[kind]


def walked_review_end(day: date, review: Review) -> date:
    left = review.days
    while left:
        day += DAY
        left -= is_counted(day, review.counting)
    return day


def walked_back(day: date, lead: Lead) -> date:
    left = lead.days
    while left:
        day -= DAY
        left -= is_counted(day, lead.counting)
    while not working_days.works(day):
        day -= DAY
    return day


@given(known_facts(), st.dates(date(2026, 1, 1), date(2032, 12, 31)))
def test_deadlines_are_those_of_a_slow_walk(facts: Facts, target: date) -> None:
    review = facts.rules[RuleKey.EXECUTIVE_REVIEW].value
    filing = facts.rules[RuleKey.FILING].value
    asking = facts.rules[RuleKey.ASKING].value
    assert isinstance(review, Review)
    assert isinstance(filing, Lead)
    assert isinstance(asking, Lead)
    meeting = target - DAY
    while facts.calendar.sitting(meeting) is None or walked_review_end(meeting, review) > target:
        meeting -= DAY

    found = reckon(facts, RESOLUTION, target, target - timedelta(days=500))

    assert found.meeting is not None
    assert found.meeting.day == meeting
    posting = days(found)[StepKind.POSTING]
    assert posting <= meeting
    file = min(walked_back(meeting, filing), walked_back(posting, Lead(0)))
    assert days(found)[StepKind.FILE] == file
    assert days(found)[StepKind.ASK] == walked_back(file, asking)
    assert (StepKind.SIGNING in days(found)) == (review.days > 0)


@given(known_facts(), st.dates(date(2026, 1, 1), date(2032, 12, 31)))
def test_steps_stand_in_order_and_end_before_the_day(facts: Facts, target: date) -> None:
    found = reckon(facts, RESOLUTION, target, target - timedelta(days=500))
    in_order = [step.day for step in found.steps]
    assert in_order == sorted(in_order)
    assert in_order[-1] <= target
    assert days(found)[StepKind.MEETING] < target


@given(known_facts(), st.dates(date(2026, 1, 1), date(2032, 12, 31)), st.integers(0, 400))
def test_late_is_what_cannot_be_filed_any_more(facts: Facts, target: date, ago: int) -> None:
    today = target - timedelta(days=ago)
    found = reckon(facts, RESOLUTION, target, today)
    assert found.is_late == (days(found)[StepKind.FILE] < today)
    assert bool(found.alternatives) == found.is_late
    assert all(each.by is None or each.by >= today for each in found.alternatives[:-1])


def test_a_calendar_without_a_rhythm_is_known_as_far_as_it_was_entered() -> None:
    mondays = [datetime(2027, 6, 7, 18), datetime(2027, 6, 21, 18)]
    listed = Facts(calendar=Calendar(entered=tuple(Sitting(at, True) for at in mondays)))
    near = last_meeting(listed, date(2027, 7, 6))
    assert near is not None
    assert near.day == date(2027, 6, 21)
    assert last_meeting(listed, date(2027, 7, 7)) is None
    assert reckon(listed, RESOLUTION, JULY_17, date(2027, 6, 1)).steps == ()


def test_without_a_meeting_in_a_year_there_is_no_last_one() -> None:
    long_ago = Calendar(entered=(Sitting(datetime(2020, 1, 6, 10), True),))
    assert last_meeting(Facts(calendar=long_ago), JULY_17) is None
