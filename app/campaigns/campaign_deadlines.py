"""By when the next step of a campaign is due, from the reckoning of its council's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.campaigns import deadlines
from app.campaigns import measure_words as words
from app.campaigns.body_models import Instrument
from app.campaigns.measure_models import Measure
from app.campaigns.reckoning import Offer, Question, StepKind, Timeline
from app.campaigns.stages import Stage, Track
from app.foundation import pagecontext

STEPS = {
    Stage.SCOPING: StepKind.ASK,
    Stage.DRAFTING: StepKind.ASK,
    Stage.SEEKING_SPONSOR: StepKind.ASK,
    Stage.SPONSORED: StepKind.FILE,
    Stage.INTRODUCED: StepKind.POSTING,
    Stage.REFERRED: StepKind.COMMITTEE,
    Stage.REPORTED: StepKind.POSTING,
    Stage.DEFERRED: StepKind.POSTING,
    Stage.SCHEDULED: StepKind.COMMENT,
    Stage.ADOPTED: StepKind.SIGNING,
    Stage.AWAITING_EXECUTIVE: StepKind.SIGNING,
    Stage.REQUESTED: StepKind.READY,
}
"""Which deadline counts at a stage."""

NAMES = {
    StepKind.ASK: _l("Ask a sponsor"),
    StepKind.FILE: _l("File it"),
    StepKind.COMMITTEE: _l("Committee"),
    StepKind.POSTING: _l("On the posted agenda"),
    StepKind.COMMENT: _l("Sign up to speak"),
    StepKind.MEETING: _l("Last meeting before the day"),
    StepKind.SIGNING: _l("Signed"),
    StepKind.REQUEST: _l("Ask for the proclamation"),
    StepKind.READY: _l("Proclamation is ready"),
}

OFFERS = {
    Offer.PROCLAMATION: _l("ask for a proclamation instead"),
    Offer.PUBLIC_COMMENT: _l("speak at the meeting"),
    Offer.NEXT_YEAR: _l("prepare next year"),
}


@dataclass(frozen=True)
class Due:
    """The day of the next step, the whole reckoning where there is one, and what it says."""

    on: date | None
    timeline: Timeline | None = None
    late: str = ""

    @property
    def lacks_meetings(self) -> bool:
        """Whether there is no day because nobody has entered when the council meets."""
        found = self._without_a_day
        return found is not None and Question.MEETINGS in found.questions

    @property
    def ends_before(self) -> bool:
        """Whether there is no day because the meetings that were entered end long before it."""
        found = self._without_a_day
        return found is not None and found.ends_before

    @property
    def _without_a_day(self) -> Timeline | None:
        """The reckoning from a council's meetings, where it gave no day."""
        if self.on is not None or self.timeline is None:
            return None
        return None if self.timeline.instrument == Instrument.BALLOT_MEASURE else self.timeline


def of(measure: Measure) -> Due:
    """The next step's last day: what somebody set, else what the council's rules give."""
    if measure.target_on is None or not words.next_step(measure):
        return Due(measure.next_due_on)
    timeline = deadlines.of(measure.body, measure.instrument, measure.target_on)
    return Due(measure.next_due_on or _day(measure, timeline), timeline, _late(timeline))


def of_many(measures: Sequence[Measure]) -> Mapping[int, date | None]:
    """The last day of each one's next step, whatever their number with five statements."""
    asked = [
        (each, deadlines.Wanted(each.body_id, each.instrument, each.target_on))
        for each in measures
        if each.target_on is not None and words.next_step(each) and each.next_due_on is None
    ]
    timelines = deadlines.for_bodies([wanted for _each, wanted in asked]) if asked else ()
    reckoned = {
        each.id: _day(each, timeline)
        for (each, _wanted), timeline in zip(asked, timelines, strict=True)
    }
    return {each.id: each.next_due_on or reckoned.get(each.id) for each in measures}


def _day(measure: Measure, timeline: Timeline) -> date | None:
    kind = STEPS.get(measure.stage)
    if words.track(measure) == Track.PROCLAMATION and measure.stage in _BEFORE_REQUEST:
        kind = StepKind.REQUEST
    step = timeline.step(kind) if kind else None
    if step is None and kind is not None:
        step = timeline.step(StepKind.MEETING)
    return step.day if step else None


_BEFORE_REQUEST = (Stage.SCOPING, Stage.DRAFTING)


def _late(timeline: Timeline) -> str:
    """The council's own deadline has passed: what is still possible."""
    if not timeline.is_late:
        return ""
    ways = "; ".join(
        _("%(way)s (by %(day)s)", way=OFFERS[each.offer], day=pagecontext.short_date(each.by))
        if each.by
        else str(OFFERS[each.offer])
        for each in timeline.alternatives
    )
    return str(_("The last day for filing has passed. You can still: %(ways)s.", ways=ways))
