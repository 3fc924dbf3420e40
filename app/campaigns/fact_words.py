"""The facts that stages need: what each is called, and how it is asked on a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.campaigns.votes import Method, Requirement


class Asked(StrEnum):
    """The kind of answer that a fact is."""

    DAY = "day"
    PAST_DAY = "past_day"
    TIME = "time"
    LINE = "line"
    LINES = "lines"
    LINK = "link"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True)
class Fact:
    """One fact: its name, its hint, and what can be chosen where it is a choice."""

    label: Any
    asked: Asked = Asked.LINE
    hint: Any = ""
    options: Mapping[Any, Any] | None = None


METHODS = {
    Method.ROLL_CALL: _l("By roll call"),
    Method.VOICE: _l("By voice"),
    Method.UNANIMOUS_CONSENT: _l("Without objection"),
    Method.SECRET_BALLOT: _l("By secret ballot"),
    Method.ELECTORATE: _l("By the voters"),
}
REQUIREMENTS = {
    Requirement.PRESENT: _l("More than half of those present"),
    Requirement.MEMBERS: _l("More than half of all members"),
    Requirement.TWO_THIRDS: _l("Two thirds of all members"),
    Requirement.OVERRIDE: _l("Two thirds, to override a veto"),
}
RESULTS = {"passed": _l("Passed"), "failed": _l("Voted down")}
CHANNELS = {
    "public": _l("In public"),
    "writing": _l("In writing"),
    "two_people": _l("Said to two of us"),
    "one_person": _l("Said to one of us"),
}
SECTIONS = {
    "consent": _l("Consent calendar"),
    "ceremonial": _l("Ceremonial items"),
    "regular": _l("Regular business"),
    "hearing": _l("Public hearing"),
}
OPINIONS = {
    "favorable": _l("In favor"),
    "unfavorable": _l("Against"),
    "none": _l("Without an opinion"),
}
WAYS = {
    "signed": _l("It was signed"),
    "concurred": _l("The executive agreed"),
    "deemed_approved": _l("The days for a veto passed"),
    "override": _l("A veto was overridden"),
    "no_executive_step": _l("Nobody has to sign it"),
    "issued": _l("It was issued"),
    "electorate": _l("The voters decided"),
}
TEXTS = {"draft": _l("Our newest text"), "other": _l("Another text, which we will enter")}

_DAY, _PAST = Asked.DAY, Asked.PAST_DAY
FACTS: Mapping[str, Fact] = {
    "campaign": Fact(_l("The campaign")),
    "coordinator": Fact(_l("Somebody who coordinates it")),
    "division_id": Fact(_l("The place")),
    "body": Fact(_l("Which council or office decides")),
    "instrument": Fact(_l("What it shall be, such as a resolution")),
    "title": Fact(_l("The title of the text")),
    "whereas": Fact(_l("At least one WHEREAS clause in the text")),
    "resolved": Fact(_l("At least one RESOLVED clause in the text")),
    "text_version": Fact(_l("A saved version of the text")),
    "body_roster": Fact(_l("The list of who sits on the council")),
    "whip_rating": Fact(_l("A first guess of how one member would vote")),
    "ask_sent_on": Fact(_l("Day on which we asked"), _PAST),
    "sponsor_name": Fact(_l("Name of the sponsor")),
    "sponsor_post": Fact(_l("Their post"), hint=_l("For example: Council member, District 2")),
    "commitment_on": Fact(_l("Day on which they agreed"), _PAST),
    "commitment_channel": Fact(_l("How they said so"), Asked.CHOICE, options=CHANNELS),
    "commitment_witness": Fact(
        _l("Who heard it, or a link"), hint=_l("So that somebody else can find it again.")
    ),
    "file_number": Fact(_l("File number"), hint=_l("As the clerk writes it, such as 0213X-2019")),
    "introduced_on": Fact(_l("Day on which it was filed"), _PAST),
    "classification": Fact(
        _l("What the council calls it"), hint=_l("For example: Ceremonial Resolution")
    ),
    "session": Fact(_l("Session or year"), hint=_l("For example: 2027, or 2026-2028")),
    "source_url": Fact(_l("Link to the official page"), Asked.LINK),
    "committee": Fact(_l("Committee")),
    "referred_on": Fact(_l("Day on which it was sent there"), _PAST),
    "reported_on": Fact(_l("Day of the committee's report"), _PAST),
    "recommendation": Fact(_l("The committee's opinion"), Asked.CHOICE, options=OPINIONS),
    "meeting_on": Fact(_l("Day of the meeting"), _DAY),
    "meeting_time": Fact(_l("Time of the meeting"), Asked.TIME),
    "meeting_zone": Fact(_l("Time zone"), hint=_l("Such as America/New_York")),
    "meeting_place": Fact(_l("Where they meet")),
    "agenda_section": Fact(_l("Part of the agenda"), Asked.CHOICE, options=SECTIONS),
    "agenda_url": Fact(_l("Link to the agenda"), Asked.LINK),
    "comment_deadline": Fact(_l("Last day to sign up to speak"), _DAY),
    "deferred_on": Fact(_l("Day on which it was put off"), _PAST),
    "deferred_until": Fact(
        _l("Until when"), hint=_l("A day such as 2027-08-03, or the word indefinite")
    ),
    "vote_on": Fact(_l("Day of the vote"), _PAST),
    "vote_method": Fact(_l("How they voted"), Asked.CHOICE, options=METHODS),
    "vote_counts": Fact(
        _l("The count, as the minutes give it"),
        hint=_l("For example 9-4, or Adopted, (13); Absent: Cedillo, Martinez (2)"),
    ),
    "vote_result": Fact(_l("Result"), Asked.CHOICE, options=RESULTS),
    "vote_requirement": Fact(_l("What was needed"), Asked.CHOICE, options=REQUIREMENTS),
    "adopted_text": Fact(_l("Which text was adopted"), Asked.CHOICE, options=TEXTS),
    "presented_on": Fact(_l("Day on which the executive got it"), _PAST),
    "review_rule": Fact(_l("The rule"), hint=_l("For example: 10 days, silence approves")),
    "review_deadline": Fact(_l("Last day to sign or veto"), _DAY),
    "vetoed_on": Fact(_l("Day of the veto"), _PAST),
    "reasons": Fact(_l("The reasons given"), Asked.LINES),
    "override_rule": Fact(_l("What an override needs")),
    "override_deadline": Fact(_l("Last day for an override"), _DAY),
    "moved_by": Fact(_l("Who moved it")),
    "moved_on": Fact(_l("Day on which it was moved"), _PAST),
    "requested_on": Fact(_l("Day on which we asked"), _PAST),
    "needed_by": Fact(_l("Day by which we need it"), _DAY),
    "lead_time_days": Fact(_l("Days that the office wants"), Asked.NUMBER),
    "requester": Fact(_l("Who asked")),
    "signatures_needed": Fact(_l("Signatures needed"), Asked.NUMBER),
    "signature_deadline": Fact(_l("Last day for signatures"), _DAY),
    "qualified_on": Fact(_l("Day on which it qualified"), _PAST),
    "election_on": Fact(_l("Election day"), _DAY),
    "question_text": Fact(_l("The question on the ballot"), Asked.LINES),
    "final_on": Fact(_l("Day on which it became final"), _PAST),
    "how": Fact(_l("How it became final"), Asked.CHOICE, options=WAYS),
    "official_document": Fact(_l("Link to the official document"), Asked.LINK),
    "recipients": Fact(_l("Who got a copy"), Asked.LINES),
    "sent_on": Fact(_l("Day on which they were sent"), _PAST),
    "sending_method": Fact(_l("How they were sent")),
    "thanked_on": Fact(_l("Day on which we thanked the sponsor"), _PAST),
    "published_on": Fact(_l("Day on which we published it"), _PAST),
    "ended_on": Fact(_l("Day on which it ended"), _PAST),
    "ended_why": Fact(_l("The vote, or the reason")),
    "withdrawn_by": Fact(_l("Who withdrew it")),
    "session_end": Fact(_l("Last day of the session"), _DAY),
    "reason": Fact(_l("Why it rests")),
    "revisit_on": Fact(_l("Day to look at it again"), _DAY),
}


def named(keys: Any) -> str:
    """The facts as a sentence lists them."""
    return "; ".join(str(FACTS[key].label) for key in keys)


def shown(key: str, value: object) -> str:
    """A fact's value in words: the label of a choice, else what was typed."""
    fact = FACTS.get(key)
    if fact is not None and fact.options is not None:
        return str(fact.options.get(str(value), value))
    return str(value)


def number_taken() -> str:
    return str(_l("Another record has this file number in the same session."))
