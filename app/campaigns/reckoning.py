"""Deadlines reckoned backwards from the last regular meeting before a day, without a database.

Nothing is reckoned from the day of the observance itself: that day no council may sit. `reckon` is
pure; a step whose rule nobody has entered is marked `estimated`, one whose rule or meeting days
nobody has looked at for a year `stale`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.campaigns import counting, rules
from app.campaigns.body_models import Instrument, RuleKey
from app.campaigns.counting import A_DAY
from app.campaigns.patterns import Calendar, Sitting
from app.foundation import clock
from app.work import working_days

USUAL_ASK = timedelta(days=30)
"""Before the filing day, where the body says nothing: a sponsor needs time to read."""
USUAL_POSTING = rules.Posting(72)
USUAL_LEAD = rules.Lead(30)
FARTHEST_BACK = 400


class StepKind(StrEnum):
    """What must happen, in the order in which it does."""

    ASK = "ask"
    FILE = "file"
    COMMITTEE = "committee"
    POSTING = "posting"
    COMMENT = "comment"
    MEETING = "meeting"
    SIGNING = "signing"
    REQUEST = "request"
    READY = "ready"


DECISIVE = (StepKind.FILE, StepKind.REQUEST)
"""What cannot be made up for."""


class Question(StrEnum):
    """What to ask the clerk; a body without rules begins with these five."""

    MEETINGS = "meetings"
    FILING = "filing"
    REFERRAL = "referral"
    REVIEW = "review"
    COMMENT = "comment"
    LEAD = "lead"


FIVE = (
    Question.MEETINGS,
    Question.FILING,
    Question.REFERRAL,
    Question.REVIEW,
    Question.COMMENT,
)
ANSWERED_BY = {
    Question.FILING: RuleKey.FILING,
    Question.REFERRAL: RuleKey.REFERRAL,
    Question.REVIEW: RuleKey.EXECUTIVE_REVIEW,
    Question.COMMENT: RuleKey.PUBLIC_COMMENT,
    Question.LEAD: RuleKey.PROCLAMATION,
}
"""The rule that an answer becomes; the first question's is the rhythm of meetings."""


class Offer(StrEnum):
    """What is still possible when the body's own deadline has passed."""

    PROCLAMATION = "proclamation"
    PUBLIC_COMMENT = "public_comment"
    NEXT_YEAR = "next_year"


@dataclass(frozen=True)
class Step:
    """One deadline: the last day for it, and the wall time where the rule gives one; `checked_on`
    is when somebody looked at the meeting days that it is one of."""

    kind: StepKind
    day: date
    at: datetime | None = None
    rule: RuleKey | None = None
    estimated: bool = False
    stale: bool = False
    checked_on: date | None = None


@dataclass(frozen=True)
class Alternative:
    """Another way, and the day by which it must be taken; None where nobody knows it yet."""

    offer: Offer
    by: date | None


@dataclass(frozen=True)
class Facts:
    """What is known of one body."""

    rules: rules.Rules = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    committees: Mapping[str, Calendar] = field(default_factory=dict)
    time_zone: str = clock.HOME_ZONE
    is_executive: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Timeline:
    """All deadlines of one campaign before one day, as they stand `today`."""

    instrument: Instrument
    target_day: date
    today: date
    steps: tuple[Step, ...]
    meeting: Sitting | None
    questions: tuple[Question, ...]
    alternatives: tuple[Alternative, ...]
    revision: int
    ends_before: bool = False
    """Whether the meetings that were entered end so long before the day that none is the last."""

    def step(self, kind: StepKind) -> Step | None:
        return next((step for step in self.steps if step.kind == kind), None)

    @property
    def decisive(self) -> Step | None:
        """The step that cannot be made up for: filing, or asking for the proclamation."""
        return next((step for step in self.steps if step.kind in DECISIVE), None)

    @property
    def is_late(self) -> bool:
        """Whether the last day for filing has passed."""
        return self.decisive is not None and self.decisive.day < self.today

    @property
    def next(self) -> Step | None:
        """The first step that has not passed."""
        return next((step for step in self.steps if step.day >= self.today), None)


def reckon(facts: Facts, instrument: Instrument, target_day: date, today: date) -> Timeline:
    """The deadlines before `target_day` by these facts."""
    meeting: Sitting | None = None
    if instrument == Instrument.BALLOT_MEASURE:
        steps: list[Step] = []  # a petition's days are law of the state: the clerk says them
    elif instrument == Instrument.PROCLAMATION:
        meeting, steps = _proclaimed(facts, target_day)
    else:
        meeting, steps = _adopted(facts, target_day)
    steps = [_with_age(facts, step, meeting, today) for step in steps]
    late = any(step.day < today for step in steps if step.kind in DECISIVE)
    return Timeline(
        instrument=instrument,
        target_day=target_day,
        today=today,
        steps=tuple(steps),
        meeting=meeting,
        questions=_questions(facts, instrument),
        alternatives=_alternatives(facts, instrument, target_day, today) if late else (),
        revision=facts.revision,
        ends_before=facts.calendar.is_known and not facts.calendar.reaches(target_day - A_DAY),
    )


def last_meeting(facts: Facts, target_day: date) -> Sitting | None:
    """The last regular meeting before the day after which a review can still end by that day;
    none where the calendar that was entered ends long before."""
    for sitting in _before(facts, target_day):
        if final_day(facts, sitting.day) <= target_day:
            return sitting
    return None


def _before(facts: Facts, target_day: date) -> Iterator[Sitting]:
    if facts.calendar.reaches(target_day - A_DAY):
        yield from facts.calendar.backwards(target_day - A_DAY, FARTHEST_BACK)


def final_day(facts: Facts, adopted_on: date) -> date:
    """The day on which what was adopted stands, the executive's review included."""
    review = _value(facts, RuleKey.EXECUTIVE_REVIEW, rules.Review)
    if review is None:
        return adopted_on
    return counting.ahead(adopted_on, review.days, review.counting)


def _adopted(facts: Facts, target_day: date) -> tuple[Sitting | None, list[Step]]:
    meeting = last_meeting(facts, target_day)
    return meeting, [] if meeting is None else sorted(_steps(facts, meeting), key=_in_order)


def _steps(facts: Facts, meeting: Sitting) -> Iterator[Step]:
    """The steps before and after one meeting of a body that votes."""
    posting = _posting(facts, meeting)
    committee = _committee(facts, meeting, posting)
    file = _file(facts, committee.day if committee else meeting.day, posting, committee)
    yield _ask(facts, file)
    yield file
    if committee:
        yield committee
    yield posting
    comment = _value(facts, RuleKey.PUBLIC_COMMENT, rules.Comment)
    if comment:
        at = meeting.wall_start - timedelta(hours=comment.hours)
        yield Step(StepKind.COMMENT, at.date(), at, RuleKey.PUBLIC_COMMENT)
    estimated = not meeting.known and facts.calendar.pattern is None
    yield Step(StepKind.MEETING, meeting.day, meeting.wall_start, None, estimated)
    if final_day(facts, meeting.day) > meeting.day:
        yield Step(StepKind.SIGNING, final_day(facts, meeting.day), None, RuleKey.EXECUTIVE_REVIEW)


def _posting(facts: Facts, meeting: Sitting) -> Step:
    known = _value(facts, RuleKey.AGENDA_POSTING, rules.Posting)
    at = _hours_before(facts, meeting, known or USUAL_POSTING)
    return Step(StepKind.POSTING, at.date(), at, RuleKey.AGENDA_POSTING, known is None)


def _hours_before(facts: Facts, meeting: Sitting, posting: rules.Posting) -> datetime:
    """The wall time by which the agenda is public; 72 hours are 72 hours when clocks change, too.

    Where weekends do not count nothing needs care, since clocks change on Sundays.
    """
    if not posting.weekends:
        return counting.hours_back(meeting.wall_start, posting.hours, weekends=False)
    instant = clock.instant(meeting.wall_start, facts.time_zone)
    public = instant - timedelta(hours=posting.hours)
    return public.astimezone(ZoneInfo(facts.time_zone)).replace(tzinfo=None)


def _committee(facts: Facts, meeting: Sitting, posting: Step) -> Step | None:
    """The committee's last meeting that still lets it report; by its own calendar if known."""
    referral = _value(facts, RuleKey.REFERRAL, rules.Referral)
    if referral is None or not referral.needed:
        return None
    last = min(meeting.day - referral.days * A_DAY, posting.day)
    calendar = facts.committees.get(referral.committee, Calendar())
    for sitting in calendar.backwards(last, FARTHEST_BACK):
        return Step(
            StepKind.COMMITTEE,
            sitting.day,
            sitting.wall_start,
            RuleKey.REFERRAL,
            checked_on=sitting.checked_on,
        )
    return Step(StepKind.COMMITTEE, last, None, RuleKey.REFERRAL, estimated=True)


def _file(facts: Facts, heard_on: date, posting: Step, committee: Step | None) -> Step:
    """The clerk's last day: so long before the first hearing, else before the agenda is posted."""
    lead = _value(facts, RuleKey.FILING, rules.Lead)
    if lead:
        day = min(counting.back(heard_on, lead.days, lead.counting), posting.day)
    else:
        day = (committee or posting).day - A_DAY
    return Step(StepKind.FILE, _office_day(day), None, RuleKey.FILING, lead is None)


def _ask(facts: Facts, file: Step) -> Step:
    lead = _value(facts, RuleKey.ASKING, rules.Lead)
    day = counting.back(file.day, lead.days, lead.counting) if lead else file.day - USUAL_ASK
    return Step(StepKind.ASK, _office_day(day), None, RuleKey.ASKING, lead is None)


def _proclaimed(facts: Facts, target_day: date) -> tuple[Sitting | None, list[Step]]:
    """A proclamation is handed over at the last meeting before the day, where there are meetings;
    a mayor's office has it ready on its last working day before."""
    meeting = None
    if not facts.is_executive:
        meeting = next(_before(facts, target_day), None)
    ready = meeting.day if meeting else _office_day(target_day - A_DAY)
    known = _value(facts, RuleKey.PROCLAMATION, rules.Lead)
    lead = known or USUAL_LEAD
    by = _office_day(counting.back(ready, lead.days, lead.counting))
    at = meeting.wall_start if meeting else None
    return meeting, [
        Step(StepKind.REQUEST, by, None, RuleKey.PROCLAMATION, known is None),
        Step(StepKind.READY, ready, at),
    ]


def _alternatives(
    facts: Facts, instrument: Instrument, target_day: date, today: date
) -> tuple[Alternative, ...]:
    """What can still be done for the day: only ways whose own last day has not passed."""
    found = []
    if instrument != Instrument.PROCLAMATION:
        request = _proclaimed(facts, target_day)[1][0]
        known = RuleKey.PROCLAMATION in facts.rules
        if not known or request.day >= today:
            found.append(Alternative(Offer.PROCLAMATION, request.day if known else None))
    spoken = next(_open_to_speakers(facts, target_day, today), None)
    if spoken:
        found.append(Alternative(Offer.PUBLIC_COMMENT, spoken))
    return (*found, Alternative(Offer.NEXT_YEAR, _next_year(facts, instrument, target_day)))


def _open_to_speakers(facts: Facts, target_day: date, today: date) -> Iterator[date]:
    """Days of meetings up to the target day at which one can still ask to speak."""
    comment = _value(facts, RuleKey.PUBLIC_COMMENT, rules.Comment) or rules.Comment()
    for sitting in facts.calendar.onwards(today, max(0, (target_day - today).days + 1)):
        if (sitting.wall_start - timedelta(hours=comment.hours)).date() >= today:
            yield sitting.day


def _next_year(facts: Facts, instrument: Instrument, target_day: date) -> date | None:
    """When to begin for the same day of the next year."""
    again = _a_year_later(target_day)
    if instrument == Instrument.PROCLAMATION:
        steps = _proclaimed(facts, again)[1]
    else:
        steps = _adopted(facts, again)[1]
    return steps[0].day if steps else None


def _a_year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def _questions(facts: Facts, instrument: Instrument) -> tuple[Question, ...]:
    if instrument == Instrument.PROCLAMATION:
        return () if RuleKey.PROCLAMATION in facts.rules else (Question.LEAD,)
    return unasked(facts)


def unasked(facts: Facts) -> tuple[Question, ...]:
    """What nobody has asked the clerk yet; five questions at first, one of an executive."""
    return tuple(each for each in to_ask(facts) if not _is_answered(facts, each))


def to_ask(facts: Facts) -> tuple[Question, ...]:
    """All questions of the call, answered or not."""
    return (Question.LEAD,) if facts.is_executive else FIVE


def _is_answered(facts: Facts, question: Question) -> bool:
    if question == Question.MEETINGS:
        return facts.calendar.is_known
    return ANSWERED_BY[question] in facts.rules


def _value(facts: Facts, key: RuleKey, kind: type[rules.Known]) -> rules.Known | None:
    checked = facts.rules.get(key)
    return checked.value if checked and isinstance(checked.value, kind) else None


def _with_age(facts: Facts, step: Step, meeting: Sitting | None, today: date) -> Step:
    """A step by an old rule, or reckoned from a meeting on old meeting days, is said to be old."""
    rule = facts.rules.get(step.rule) if step.rule else None
    rests_on = (each.checked_on for each in (rule, meeting, step) if each is not None)
    stale = any(day is not None and rules.is_stale(day, today) for day in rests_on)
    return replace(step, stale=True) if stale else step


def _office_day(day: date) -> date:
    """The working day on or before a day: offices take nothing on others."""
    while not working_days.works(day):
        day -= A_DAY
    return day


def _in_order(step: Step) -> tuple[date, int]:
    return step.day, list(StepKind).index(step.kind)
