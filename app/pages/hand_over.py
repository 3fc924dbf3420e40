"""The page that a new coordinator begins with: what moved to them, and what to do first."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.alliances import queries
from app.alliances.policy import coordinates
from app.campaigns import measure_queries as campaigns
from app.campaigns import measure_words
from app.events import queries as events
from app.foundation import clock
from app.foundation.policy import allow
from app.foundation.web import find_or_404
from app.pages import hand_over_words
from app.pages.blueprint import blueprint
from app.work import hand_over_plan, registry
from app.work import queries as work
from app.work import words as to_do_words


@blueprint.get("/desk/<alliance>/hand-overs/<int:number>")
@allow(coordinates)
def hand_over(alliance: str, number: int) -> ResponseReturnValue:
    found = find_or_404(queries.by_slug(alliance))
    done = find_or_404(queries.hand_over(found.id, number))
    return render_template(
        "pages/hand_over.html",
        alliance=found,
        hand_over=done,
        moved=hand_over_words.moved(done.moved),
        steps=work.about(hand_over_plan.SUBJECT, done.id),
        events=events.upcoming(found.id),
        campaigns=campaigns.running(found.id),
        next_step_of=measure_words.next_step,
        title_of=registry.title_of,
        to_do_words=to_do_words,
        today=clock.today(found.time_zone),
    )
