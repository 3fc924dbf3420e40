"""The numbers of an event for its organizers: how it fills, and how earlier ones went."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.alliances.policy import coordinates
from app.events import queries, turnout, words
from app.events.blueprint import blueprint
from app.events.desk_views import event_or_404
from app.foundation import clock, pagecontext
from app.foundation.policy import allow


@blueprint.get("/desk/<alliance>/events/<int:event_id>/numbers")
@allow(coordinates)
def numbers(alliance: str, event_id: int) -> ResponseReturnValue:
    event = event_or_404(alliance, event_id)
    past = turnout.history(event.alliance_id)
    days = turnout.sign_ups_by_day(event, turnout.a_year_before(event))
    counts = queries.count(event.id)
    return render_template(
        "events/numbers.html",
        alliance=event.alliance,
        event=event,
        confirmed=counts.confirmed,
        counted=next((one for one in past if one.event_id == event.id), None),
        forecast=turnout.forecast(past, counts, event.limit),
        is_over=event.ends_at <= clock.now(),
        days=days,
        has_year_before=any(then for _day, _now, then in days),
        kinds=[
            (str(words.KINDS[kind]), came, expected)
            for kind, (came, expected) in turnout.by_kind(past).items()
        ],
        past=[(one.title, pagecontext.short_date(one.on), one.expected, one.came) for one in past],
        words=words,
    )
