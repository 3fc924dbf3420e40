"""How pages call actors, outcomes, stages, positions, and what a search can find."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from app.library.models import Actor, OutcomeState, RecommendationActor
from app.library.reading_models import EntryKind, LinkRole, Position, PressState, SituationStage

ACTORS = {
    Actor.PRESIDENT: _l("The President"),
    Actor.STATE: _l("State Department"),
    Actor.CONGRESS: _l("Congress"),
    Actor.COMMITTEES: _l("Committees of Congress"),
    Actor.JUSTICE: _l("Justice Department"),
    Actor.DEFENSE: _l("Defense Department"),
    Actor.TREASURY: _l("Treasury Department"),
    Actor.HOMELAND: _l("Department of Homeland Security"),
    Actor.INTELLIGENCE: _l("Intelligence agencies"),
    Actor.USAID: _l("Agency for International Development"),
    Actor.NSC: _l("National Security Council"),
    Actor.UN_MISSION: _l("Mission to the United Nations"),
    Actor.SECURITY_COUNCIL: _l("UN Security Council"),
    Actor.GOVERNMENT: _l("The government as a whole"),
    Actor.COUNCIL: _l("Your council or board"),
    Actor.LEGISLATURE: _l("Your state's legislature"),
}

OUTCOMES = {
    OutcomeState.OPEN: (_l("Open"), ""),
    OutcomeState.PARTLY: (_l("Partly met"), "due"),
    OutcomeState.MET: (_l("Met"), "ok"),
    OutcomeState.REVERSED: (_l("Reversed"), "no"),
    OutcomeState.OVERTAKEN: (_l("Overtaken by events"), "off"),
}
"""What became of a recommendation, and the tone of its tag."""

STAGES = {
    SituationStage.REFERRED: _l("Referred to the Court"),
    SituationStage.EXAMINED: _l("Preliminary examination"),
    SituationStage.INVESTIGATED: _l("Investigation"),
    SituationStage.TRIED: _l("Trial"),
    SituationStage.ENDED: _l("Closed"),
}

POSITIONS = {
    Position.FOR: (_l("For"), "ok"),
    Position.AGAINST: (_l("Against"), "no"),
    Position.QUALIFIED: (_l("It depends"), "due"),
}

LINKS = {
    LinkRole.KEY_RESOURCE: _l("Key resources"),
    LinkRole.PREDECESSOR: _l("The question before this one"),
    LinkRole.MENTIONED: _l("Mentioned in the text"),
}

KINDS = {
    EntryKind.RECOMMENDATION: _l("Recommendation"),
    EntryKind.POINT: _l("Talking point"),
    EntryKind.ANALYSIS: _l("Analysis"),
    EntryKind.STATEMENT: _l("Statement"),
    EntryKind.DEBATE: _l("Debate"),
    EntryKind.SITUATION: _l("Situation"),
}

PRESS = {
    PressState.SEEN: (_l("Needs a writer"), "due"),
    PressState.TAKEN: (_l("Somebody is writing"), ""),
    PressState.SENT: (_l("Sent"), ""),
    PressState.PRINTED: (_l("Printed"), "ok"),
    PressState.CLOSED: (_l("Closed"), "off"),
}


def actors_of(actors: Sequence[RecommendationActor]) -> str:
    """State Department (Legal Adviser), Congress."""
    return ", ".join(
        f"{ACTORS[each.actor]} ({each.detail})" if each.detail else str(ACTORS[each.actor])
        for each in actors
    )
