"""What those who decide are asked for: a vote, a proclamation, their name, or an override."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Wording:
    """Sentences with gaps for `title`, `official` and `council`, lazily translated."""

    letter: Any
    question: Any
    call: Any
    call_question: Any
    speech: Any
    last_words: Any
    together: Any
    sign_on: Any
    visit: Any


VOTE = Wording(
    letter=_l("I ask that you vote for this: %(title)s."),
    question=_l("Will you vote for it? Please let me know."),
    call=_l("I ask %(official)s to vote for this: %(title)s."),
    call_question=_l("Can you tell me how %(official)s will vote? Thank you."),
    speech=_l("I ask you to vote for this: %(title)s."),
    last_words=_l("Please vote yes. Thank you."),
    together=_l("We ask the %(council)s to vote for this: %(title)s."),
    sign_on=_l(
        "The organizations and people who sign below ask the %(council)s to adopt this: %(title)s."
    ),
    visit=_l("How will they vote?"),
)
PROCLAIM = Wording(
    letter=_l("I ask that you issue this proclamation: %(title)s."),
    question=_l("Will you issue it? Please let me know."),
    call=_l("I ask that %(official)s issue this proclamation: %(title)s."),
    call_question=_l("Can you tell me whether %(official)s will issue it? Thank you."),
    speech=_l("I ask you to issue this proclamation: %(title)s."),
    last_words=_l("Please issue it. Thank you."),
    together=_l("We ask the %(council)s to issue this proclamation: %(title)s."),
    sign_on=_l(
        "The organizations and people who sign below ask the %(council)s to issue this "
        "proclamation: %(title)s."
    ),
    visit=_l("Will they issue it?"),
)
SIGN = Wording(
    letter=_l("I ask that you sign this: %(title)s."),
    question=_l("Will you sign it? Please let me know."),
    call=_l("I ask that %(official)s sign this: %(title)s."),
    call_question=_l("Can you tell me whether %(official)s will sign it? Thank you."),
    speech=_l("I ask that this be signed: %(title)s."),
    last_words=_l("Please see that it is signed. Thank you."),
    together=_l("We ask that this be signed: %(title)s."),
    sign_on=_l("The organizations and people who sign below ask that this be signed: %(title)s."),
    visit=_l("Will they sign it?"),
)
OVERRIDE = Wording(
    letter=_l("I ask that you vote to override the veto of this: %(title)s."),
    question=_l("Will you vote to override it? Please let me know."),
    call=_l("I ask %(official)s to vote to override the veto of this: %(title)s."),
    call_question=VOTE.call_question,
    speech=_l("I ask you to vote to override the veto of this: %(title)s."),
    last_words=VOTE.last_words,
    together=_l("We ask the %(council)s to override the veto of this: %(title)s."),
    sign_on=_l(
        "The organizations and people who sign below ask the %(council)s to override the veto of "
        "this: %(title)s."
    ),
    visit=VOTE.visit,
)
