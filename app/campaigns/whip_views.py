"""The desk's page of where the votes stand: seats, asks, what-if, votes as the minutes say."""

from __future__ import annotations

from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.alliances import queries as alliances
from app.alliances.policy import coordinates
from app.campaigns import campaign_desk, fact_words, moving, partial, votes, whip, whip_words
from app.campaigns import decider_words as deciders
from app.campaigns.blueprint import blueprint
from app.campaigns.body_models import Seat
from app.campaigns.desk_campaign_views import campaign_or_404
from app.campaigns.measure_models import Measure
from app.campaigns.standing import Heard, Level
from app.campaigns.vote_models import Vote
from app.campaigns.whip_forms import AskForm, VoteForm, WordForm
from app.foundation import clock
from app.foundation.db import db
from app.foundation.forms import typed
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other

notices(
    seat_noted=_l("Noted."),
    vote_kept=_l("The vote is kept."),
    vote_gone=_l("The vote is taken out."),
    vote_odd=_l("The vote is kept, but please check it: the numbers do not add up."),
)


@blueprint.get("/desk/<alliance>/campaigns/<int:measure_id>/votes")
@allow(coordinates)
def where_votes_stand(alliance: str, measure_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    imagined = _imagined()
    return render_template(
        "campaigns/votes.html",
        alliance=measure.alliance,
        measure=measure,
        board=whip.board(measure, imagined),
        imagined=imagined,
        votes=moving.votes_of(measure.id),
        fact_words=fact_words,
        partial=partial,
        words=whip_words,
        deciders=deciders,
    )


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/votes/<int:seat_id>/word", methods=["GET", "POST"]
)
@allow(coordinates)
def seat_word(alliance: str, measure_id: int, seat_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    seat = _seat_or_404(measure, seat_id)
    today = clock.today(measure.body.time_zone).isoformat()
    usual = {"on": today, "asked_by": str(viewer.person_id)}
    form = WordForm(data=usual).at(measure.body.time_zone)
    form.offer(alliances.coordinators(measure.alliance_id or 0))
    if not form.validate_on_submit():
        title = _("What did %(seat)s say?", seat=_named(measure, seat))
        return campaign_desk.form_page(measure, form, title, _("Save")), 422 if form.errors else 200
    whip.note_word(
        measure,
        seat.id,
        Level(form.level.data),
        Heard(form.heard.data),
        date.fromisoformat(typed(form.on)),
        evidence=typed(form.evidence),
        asked_by_id=int(form.asked_by.data) if form.asked_by.data else None,
    )
    return _back(alliance, measure_id, "seat-noted")


@blueprint.route(
    "/desk/<alliance>/campaigns/<int:measure_id>/votes/<int:seat_id>/ask", methods=["GET", "POST"]
)
@allow(coordinates)
def seat_ask(alliance: str, measure_id: int, seat_id: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    seat = _seat_or_404(measure, seat_id)
    form = AskForm()
    form.offer(alliances.coordinators(measure.alliance_id or 0))
    if not form.validate_on_submit():
        title = _("Who asks %(seat)s?", seat=_named(measure, seat))
        return campaign_desk.form_page(measure, form, title, _("Save")), 422 if form.errors else 200
    owner_id = int(form.owner.data) if form.owner.data else None
    whip.assign(measure, seat.id, owner_id, form.due())
    return _back(alliance, measure_id, "seat-noted")


@blueprint.route("/desk/<alliance>/campaigns/<int:measure_id>/votes/new", methods=["GET", "POST"])
@allow(coordinates)
def add_vote(alliance: str, measure_id: int) -> ResponseReturnValue:
    """A vote with its roll call where the minutes name people."""
    measure = campaign_or_404(alliance, measure_id)
    today = clock.today(measure.body.time_zone).isoformat()
    needed = whip.requirement_of(measure).value
    usual = {"vote_on": today, "vote_requirement": needed}
    form = VoteForm(data=usual).at(measure.body.time_zone)
    if not form.validate_on_submit():
        return _vote_page(measure, form), 422 if form.errors else 200
    try:
        vote = moving.keep_vote(measure, form.data)
    except votes.NoSeat as error:
        form.add_error("vote_counts", whip_words.no_seat(error))
        return _vote_page(measure, form), 422
    vote.part = typed(form.part)
    return _back(alliance, measure_id, "vote-odd" if moving.doubts_of(vote) else "vote-kept")


@blueprint.post("/desk/<alliance>/campaigns/<int:measure_id>/votes/<int:number>/remove")
@allow(coordinates)
def remove_vote(alliance: str, measure_id: int, number: int) -> ResponseReturnValue:
    measure = campaign_or_404(alliance, measure_id)
    vote = find_or_404(db.get(Vote, number))
    if vote.measure_id != measure.id:
        abort(404)
    moving.take_out_vote(vote)
    return _back(alliance, measure_id, "vote-gone")


def _vote_page(measure: Measure, form: VoteForm) -> str:
    return campaign_desk.form_page(measure, form, _("Enter a vote"), _("Keep this vote"))


def _seat_or_404(measure: Measure, seat_id: int) -> Seat:
    seat = find_or_404(db.get(Seat, seat_id))
    if seat.body_id != measure.body_id:
        abort(404)
    return seat


def _named(measure: Measure, seat: Seat) -> str:
    return whip.holders(measure.body_id).get(seat.id, seat.label)


def _imagined() -> dict[int, Level]:
    """The what-if in the address: `s12=yes`."""
    return {
        int(key[1:]): Level(value)
        for key, value in request.args.items()
        if key[:1] == "s" and key[1:].isdecimal() and len(key) < 18 and value in set(Level)
    }


def _back(alliance: str, measure_id: int, done: str) -> ResponseReturnValue:
    return see_other(
        "campaigns.where_votes_stand", alliance=alliance, measure_id=measure_id, done=done
    )
