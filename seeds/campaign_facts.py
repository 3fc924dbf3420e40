"""What the demo's campaigns say when they enter a stage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from app.campaigns import whip
from app.campaigns.body_models import Instrument
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from seeds.campaign_plans import Running
from seeds.world import World


def facts(world: World, measure: Measure, running: Running, on: date) -> Mapping[str, str]:
    """Every fact that a stage may need, as if it was entered on this day."""
    page = f"https://example.org/{measure.slug}"
    later = on + timedelta(days=21)
    days = (
        *("ask_sent_on", "commitment_on", "introduced_on", "referred_on", "reported_on"),
        *("deferred_on", "vote_on", "presented_on", "vetoed_on", "requested_on", "final_on"),
        *("sent_on", "thanked_on", "published_on", "ended_on"),
    )
    coming = (
        *("comment_deadline", "deferred_until", "review_deadline", "session_end"),
        *("override_deadline", "needed_by", "revisit_on"),
    )
    is_paper = running.instrument == Instrument.PROCLAMATION
    return {
        **dict.fromkeys(days, on.isoformat()),
        **dict.fromkeys(coming, later.isoformat()),
        **dict.fromkeys(("source_url", "agenda_url", "official_document"), page),
        **FACTS,
        "meeting_on": _meeting(running, on).isoformat(),
        "sponsor_name": _sponsor(measure),
        "file_number": f"{200 + measure.id}-{on.year}",
        "session": str(on.year),
        "meeting_zone": measure.body.time_zone,
        "vote_counts": "9-4" if measure.body.members == 13 else "6-3",
        "how": "issued" if is_paper else "no_executive_step",
        "requester": world.alliances[running.town].name,
    }


FACTS = {
    "sponsor_post": "Council member",
    "commitment_channel": "two_people",
    "commitment_witness": "Two members of the alliance",
    "classification": "Resolution",
    "committee": "Committee on Human Rights",
    "recommendation": "favorable",
    "meeting_time": "18:00",
    "meeting_place": "City Hall, council chamber",
    "agenda_section": "regular",
    "vote_method": "roll_call",
    "vote_result": "passed",
    "vote_requirement": "majority_of_members",
    "adopted_text": "draft",
    "review_rule": "10 days, silence approves",
    "reasons": "The mayor holds that the city should not speak on foreign matters.",
    "override_rule": "Two thirds of all members",
    "lead_time_days": "14",
    "recipients": "Both senators and the representatives of the city",
    "sending_method": "By mail",
    "ended_why": "Voted down after a long evening",
    "withdrawn_by": "The sponsor",
    "reason": "The council waits for its new members",
}


def _meeting(running: Running, on: date) -> date:
    """Three weeks ahead, or when it was decided: the next stage is entered five days later."""
    return on + timedelta(days=21 if running.way[-1] == Stage.SCHEDULED else 5)


def _sponsor(measure: Measure) -> str:
    return next(iter(whip.holders(measure.body_id).values()), "A council member")
