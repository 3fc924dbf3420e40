"""How pages call the stages, phases and instruments, what happened, and what is next."""

from __future__ import annotations

from typing import Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.campaigns import stages
from app.campaigns.body_models import Instrument
from app.campaigns.measure_models import Measure, SourceKind, Stance
from app.campaigns.stages import Phase, Stage, Track

PHASES = {
    Phase.PREPARE: _l("Prepare"),
    Phase.SPONSOR: _l("Sponsor"),
    Phase.BEFORE: _l("Before the council"),
    Phase.DECIDED: _l("Decided"),
    Phase.FOLLOW_THROUGH: _l("Follow-through"),
    Phase.ASIDE: _l("Resting"),
}

_PHASES_ON = {
    (Track.PROCLAMATION, Phase.BEFORE): _l("At the office"),
    (Track.BALLOT, Phase.BEFORE): _l("On the way to the ballot"),
    (Track.MEMBERS, Phase.BEFORE): _l("Before the assembly"),
}
"""What only a council does is called otherwise where there is none."""

STAGES = {
    Stage.SCOPING: _l("Idea"),
    Stage.DRAFTING: _l("Writing the text"),
    Stage.SEEKING_SPONSOR: _l("Finding a sponsor"),
    Stage.SPONSORED: _l("Has a sponsor"),
    Stage.INTRODUCED: _l("Filed"),
    Stage.REFERRED: _l("In committee"),
    Stage.REPORTED: _l("Back from committee"),
    Stage.SCHEDULED: _l("On an agenda"),
    Stage.DEFERRED: _l("Put off"),
    Stage.ADOPTED: _l("Adopted"),
    Stage.AWAITING_EXECUTIVE: _l("Waiting for a signature"),
    Stage.VETOED: _l("Vetoed"),
    Stage.RECONSIDERED: _l("Voted on again"),
    Stage.REQUESTED: _l("Asked for"),
    Stage.PETITIONING: _l("Collecting signatures for the ballot"),
    Stage.QUALIFIED: _l("On the ballot"),
    Stage.FINAL: _l("Passed"),
    Stage.TRANSMITTED: _l("Passed, copies sent"),
    Stage.COMPLETED: _l("Passed, all done"),
    Stage.FAILED: _l("Voted down"),
    Stage.WITHDRAWN: _l("Withdrawn"),
    Stage.EXPIRED: _l("Session ended without a vote"),
    Stage.DECLINED: _l("Declined"),
    Stage.RESCINDED: _l("Taken back"),
    Stage.DORMANT: _l("Resting"),
}

_STAGES_ON = {
    (Track.PROCLAMATION, Stage.FINAL): _l("Proclaimed"),
    (Track.PROCLAMATION, Stage.TRANSMITTED): _l("Proclaimed, copies sent"),
    (Track.PROCLAMATION, Stage.COMPLETED): _l("Proclaimed, all done"),
}
"""Nobody votes on a proclamation, so none has passed."""

HAPPENED = {
    Stage.SCOPING: _l("We are starting again"),
    Stage.DRAFTING: _l("We have a text to work on"),
    Stage.SEEKING_SPONSOR: _l("We asked somebody to sponsor it"),
    Stage.SPONSORED: _l("Somebody agreed to sponsor it"),
    Stage.INTRODUCED: _l("It was filed"),
    Stage.REFERRED: _l("It was sent to a committee"),
    Stage.REPORTED: _l("The committee sent it back with its opinion"),
    Stage.SCHEDULED: _l("It is on the agenda of a meeting"),
    Stage.DEFERRED: _l("It was put off"),
    Stage.ADOPTED: _l("It was adopted"),
    Stage.AWAITING_EXECUTIVE: _l("It went to the mayor or executive to be signed"),
    Stage.VETOED: _l("It was vetoed"),
    Stage.RECONSIDERED: _l("The vote was opened again"),
    Stage.REQUESTED: _l("We asked for the proclamation"),
    Stage.PETITIONING: _l("We began to collect signatures"),
    Stage.QUALIFIED: _l("It will be on the ballot"),
    Stage.FINAL: _l("It is final"),
    Stage.TRANSMITTED: _l("Copies were sent"),
    Stage.COMPLETED: _l("We thanked everybody and published it: all done"),
    Stage.FAILED: _l("It was voted down"),
    Stage.WITHDRAWN: _l("It was withdrawn"),
    Stage.EXPIRED: _l("The session ended without a vote"),
    Stage.DECLINED: _l("The request was declined"),
    Stage.RESCINDED: _l("It was taken back"),
    Stage.DORMANT: _l("We let it rest for now"),
}
"""The answers to "What happened?"; some depend on where the resolution stood."""

_HAPPENED_FROM = {
    (Stage.SEEKING_SPONSOR, Stage.DRAFTING): _l("The text must change first"),
    (Stage.SPONSORED, Stage.DRAFTING): _l("The text must change first"),
    (Stage.SPONSORED, Stage.SEEKING_SPONSOR): _l("The sponsor stepped back"),
    (Stage.DORMANT, Stage.DRAFTING): _l("We are working on the text again"),
    (Stage.DORMANT, Stage.SEEKING_SPONSOR): _l("We are looking for a sponsor again"),
    (Stage.VETOED, Stage.FINAL): _l("The veto was overridden"),
    (Stage.VETOED, Stage.FAILED): _l("The veto stands"),
    (Stage.REQUESTED, Stage.FINAL): _l("The proclamation was issued"),
    (Stage.AWAITING_EXECUTIVE, Stage.FINAL): _l("It was signed, or the days for a veto are over"),
    (Stage.QUALIFIED, Stage.ADOPTED): _l("The voters said yes"),
    (Stage.QUALIFIED, Stage.FAILED): _l("The voters said no"),
    (Stage.PETITIONING, Stage.FAILED): _l("There were too few signatures"),
}

NEXT = {
    Stage.SCOPING: _l("Write the text"),
    Stage.DRAFTING: _l("Ask somebody to sponsor it"),
    Stage.SEEKING_SPONSOR: _l("Get a sponsor's yes"),
    Stage.SPONSORED: _l("Have the sponsor file it"),
    Stage.INTRODUCED: _l("Find out which meeting or committee takes it up"),
    Stage.REFERRED: _l("Talk to the members of the committee"),
    Stage.REPORTED: _l("Get it onto the agenda"),
    Stage.SCHEDULED: _l("Bring speakers to the meeting"),
    Stage.DEFERRED: _l("Ask the sponsor for a new day"),
    Stage.ADOPTED: _l("Find out whether somebody must still sign it"),
    Stage.AWAITING_EXECUTIVE: _l("Ask the executive's office to sign it"),
    Stage.VETOED: _l("Decide whether to ask for an override"),
    Stage.RECONSIDERED: _l("Find out when they vote again"),
    Stage.REQUESTED: _l("Call the office: is the proclamation coming?"),
    Stage.PETITIONING: _l("Collect the signatures"),
    Stage.QUALIFIED: _l("Win the vote"),
    Stage.FINAL: _l("Get the official copy, thank the sponsor, send copies"),
    Stage.TRANSMITTED: _l("Thank the sponsor and publish it"),
    Stage.DORMANT: _l("Look at it again"),
}
"""What is next at each stage where something is."""

_NEXT_ON = {
    (Track.PROCLAMATION, Stage.DRAFTING): _l("Ask the mayor's office for the proclamation"),
    (Track.BALLOT, Stage.DRAFTING): _l("Begin to collect signatures"),
    (Track.MEMBERS, Stage.DRAFTING): _l("File it with the assembly"),
}

INSTRUMENTS = {
    Instrument.RESOLUTION: _l("Resolution"),
    Instrument.COMMEMORATION: _l("Ceremonial resolution"),
    Instrument.MEMORIAL: _l("Memorial"),
    Instrument.PROCLAMATION: _l("Proclamation"),
    Instrument.ORDINANCE: _l("Ordinance"),
    Instrument.MOTION: _l("Motion"),
    Instrument.BALLOT_MEASURE: _l("Ballot question"),
    Instrument.ORGANIZATIONAL: _l("Resolution of an organization"),
}

STANCES = {
    Stance.SUPPORT: _l("We want it to pass"),
    Stance.OPPOSE: _l("We oppose it and watch it"),
}

SOURCES = {
    SourceKind.OFFICIAL_COPY: _l("Official copy"),
    SourceKind.OFFICIAL_PAGE: _l("Official page"),
    SourceKind.JOURNAL: _l("Journal or minutes"),
    SourceKind.NEWS: _l("News"),
    SourceKind.OTHER: _l("Other"),
}

_TRACKS = {
    Instrument.PROCLAMATION: Track.PROCLAMATION,
    Instrument.BALLOT_MEASURE: Track.BALLOT,
    Instrument.ORGANIZATIONAL: Track.MEMBERS,
}


class Tagged(Protocol):
    """What a tag is drawn from: a record, a line of the register or of a digest."""

    @property
    def stage(self) -> Stage: ...
    @property
    def stance(self) -> Stance: ...
    @property
    def instrument(self) -> Instrument: ...
    @property
    def awaits_agreement(self) -> bool: ...


def track(measure: Measure) -> Track:
    return _track(measure.instrument)


def _track(instrument: Instrument) -> Track:
    return _TRACKS.get(instrument, Track.COUNCIL)


def stage_word(stage: Stage, instrument: Instrument) -> str:
    """The stage in words, as one says it of a resolution or of a proclamation."""
    return str(_STAGES_ON.get((_track(instrument), stage), STAGES[stage]))


def happened(old: Stage, new: Stage) -> str:
    """One plain answer to "What happened?"."""
    return str(_HAPPENED_FROM.get((old, new), HAPPENED[new]))


def next_step(measure: Measure) -> str:
    """What is to be done next: what somebody wrote, else what usually follows; or nothing."""
    if measure.next_step:
        return measure.next_step
    if measure.opposed:
        return _watching(measure.stage)
    usual = _NEXT_ON.get((track(measure), measure.stage), NEXT.get(measure.stage, ""))
    return str(usual)


def _watching(stage: Stage) -> str:
    """The next step about what we oppose: nothing is asked for, and nothing thanked for."""
    if stage not in stages.RUNNING:
        return ""
    if stages.PHASES[stage] == Phase.DECIDED:
        return str(_("Watch whether it becomes final"))
    return str(_("Ask the clerk when it comes up, and watch it"))


def phases(measure: Measure) -> list[str]:
    """The names of the steps on the way that a campaign goes."""
    return [_phase(measure, phase) for phase in stages.steps(measure.stage, track(measure))]


def position(measure: Measure) -> stages.Position:
    return stages.position(measure.stage, track(measure))


def _phase(measure: Measure, phase: Phase) -> str:
    return str(_PHASES_ON.get((track(measure), phase), PHASES[phase]))


def step(measure: Measure) -> str:
    """Step 2 of 5: Sponsor."""
    here, all_names = position(measure), phases(measure)
    name = _phase(measure, here.phase)
    if not here.step:
        return name
    steps = len(all_names)
    return str(
        _("Step %(number)s of %(steps)s: %(name)s", number=here.step, steps=steps, name=name)
    )


def tag(measure: Tagged) -> tuple[str, str]:
    """The stage in words and the tone of its tag; what we oppose never looks like a win."""
    word = stage_word(measure.stage, measure.instrument)
    if measure.stance == Stance.OPPOSE:
        return str(_("We oppose it: %(stage)s", stage=word)), "off"
    if measure.stage in stages.PASSED and measure.awaits_agreement:
        return _being_checked(measure.instrument), "due"
    if measure.stage in stages.PASSED:
        return word, "ok"
    if measure.stage in stages.TERMINAL or measure.stage == Stage.VETOED:
        return word, "no"
    return word, "off" if measure.stage == Stage.DORMANT else "due"


def _being_checked(instrument: Instrument) -> str:
    if _track(instrument) == Track.PROCLAMATION:
        return str(_("Proclaimed, being checked"))
    return str(_("Passed, being checked"))


def where(measure: Measure) -> str:
    """Columbus, OH."""
    return ", ".join(part for part in (measure.place, measure.us_state) if part)
