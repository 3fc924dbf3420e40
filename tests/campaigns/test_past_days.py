"""Days of what happened have come; those of plans may lie ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.campaigns import fact_words, stages
from app.campaigns.aftercare_forms import CopiesForm, ThanksForm
from app.campaigns.campaign_forms import CorrectionForm, facts_form
from app.campaigns.fact_words import Asked
from app.campaigns.lobbying_forms import LobbyingForm
from app.campaigns.stages import Stage
from app.foundation import clock

PLANS = {
    *("meeting_on", "comment_deadline", "review_deadline", "override_deadline", "needed_by"),
    *("signature_deadline", "election_on", "session_end", "revisit_on"),
}
GUAM = "Pacific/Guam"


def test_every_day_of_what_happened_is_known_as_one() -> None:
    days = {key for key, fact in fact_words.FACTS.items() if fact.asked == Asked.DAY}
    past = {key for key, fact in fact_words.FACTS.items() if fact.asked == Asked.PAST_DAY}
    assert days == PLANS
    assert past == {*stages.DAYS.values(), "thanked_on"}


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_takes_no_day_of_what_happened_that_is_still_to_come(
    app: Flask, stage: Stage
) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    days = {key for key in stages.FACTS[stage] if key.endswith(("_on", "_by", "deadline", "_end"))}
    with app.test_request_context(method="POST", data=dict.fromkeys(days, tomorrow)):
        form = facts_form(Stage.SCOPING, stage, "America/New_York")
        form.validate()
        refused = {key for key, errors in form.errors.items() if "still to come" in str(errors)}
    assert refused == {key for key in days if fact_words.FACTS[key].asked == Asked.PAST_DAY}


@pytest.mark.parametrize(("zone", "has_come"), [(GUAM, True), ("America/New_York", False)])
def test_a_day_has_come_when_it_has_come_at_the_council(
    app: Flask, zone: str, has_come: bool
) -> None:
    with time_machine.travel(datetime(2027, 7, 6, 18, tzinfo=UTC), tick=False):
        day = clock.today(GUAM).isoformat()
        with app.test_request_context(
            method="POST", data={"committee": "Rules", "referred_on": day}
        ):
            assert facts_form(Stage.INTRODUCED, Stage.REFERRED, zone).validate() == has_come
        told = {"stage": "referred", "on": day, "reason": "So it was"}
        with app.test_request_context(method="POST", data=told):
            assert CorrectionForm().at(zone).validate() == has_come


def test_nobody_was_thanked_or_lobbied_tomorrow(app: Flask) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    with app.test_request_context(method="POST", data={"on": tomorrow, "sent_on": tomorrow}):
        thanks, copies, lobbying = ThanksForm(), CopiesForm(), LobbyingForm()
        copies.offer([])
        lobbying.offer([])
        told = [
            form.validate() or form[at].errors
            for form, at in ((thanks, "on"), (copies, "sent_on"), (lobbying, "on"))
        ]
    assert told == [["This day is still to come."]] * 3
