"""A coordinator answers the call of a day: accept the draft, change it, or say why not."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.alliances.policy import coordinates
from app.events import actions, answers, calls, editions, queries, words
from app.events.blueprint import blueprint
from app.events.call_forms import NotThisYearForm
from app.events.call_models import EditionAnswer
from app.events.desk_views import alliance_or_404
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, viewer
from app.foundation.web import find_or_404, see_other

notices(
    call_accepted=_l("Published. Your plan has begun: this is what comes first."),
    call_declined=_l("Thank you for answering. National staff will read why."),
    call_again=_l("Welcome back! Your draft is here again."),
    call_no_draft=_l("There is no draft to accept. Please begin an event."),
)


@blueprint.get("/desk/<alliance>/calls")
@allow(coordinates)
def calls_of_alliance(alliance: str) -> ResponseReturnValue:
    ours = alliance_or_404(alliance)
    return render_template(
        "events/calls.html",
        alliance=ours,
        answers=calls.of_alliance(ours.id),
        editions=editions,
        words=words,
    )


@blueprint.get("/desk/<alliance>/calls/<key>/<int:year>")
@allow(coordinates)
def call(alliance: str, key: str, year: int) -> ResponseReturnValue:
    answer = answer_or_404(alliance, key, year)
    like, draft = answer.like, answer.event
    return render_template(
        "events/call.html",
        alliance=answer.alliance,
        answer=answer,
        edition=answer.edition,
        title=editions.title_of(answer.edition),
        countdown=editions.countdown(answer.edition),
        signed_up=queries.count(like.id).confirmed if like else 0,
        report=calls.report_of(like) if like else None,
        other_weekday=like and draft and draft.wall_start.weekday() != like.wall_start.weekday(),
        offers=answers.offers_to(answer),
        words=words,
    )


@blueprint.post("/desk/<alliance>/calls/<key>/<int:year>/accept")
@allow(coordinates)
def accept_call(alliance: str, key: str, year: int) -> ResponseReturnValue:
    answer = answer_or_404(alliance, key, year, lock=True)
    owner_id = viewer.person_id if viewer.leads(answer.alliance_id) else None
    refusal = ""
    try:
        answers.accept(answer, by_id=viewer.person_id, owner_id=owner_id)
    except answers.NothingDrafted:
        refusal = "call-no-draft"
    except actions.EventOver:
        refusal = "event-over"
    except actions.NoWayIn:
        refusal = "event-no-way-in"
    if refusal:
        return see_other("events.call", alliance=alliance, key=key, year=year, done=refusal)
    number = answer.event_id
    return see_other("events.plan", alliance=alliance, event_id=number, done="call-accepted")


@blueprint.get("/desk/<alliance>/calls/<key>/<int:year>/decline")
@allow(coordinates)
def decline_call(alliance: str, key: str, year: int) -> ResponseReturnValue:
    return _decline_page(answer_or_404(alliance, key, year), NotThisYearForm())


@blueprint.post("/desk/<alliance>/calls/<key>/<int:year>/decline")
@allow(coordinates)
def do_decline_call(alliance: str, key: str, year: int) -> ResponseReturnValue:
    answer = answer_or_404(alliance, key, year, lock=True)
    form = NotThisYearForm()
    if not form.validate():
        return _decline_page(answer, form), 422
    answers.decline(answer, form.reason.data or "", by_id=viewer.person_id)
    return see_other("events.call", alliance=alliance, key=key, year=year, done="call-declined")


@blueprint.post("/desk/<alliance>/calls/<key>/<int:year>/again")
@allow(coordinates)
def reconsider_call(alliance: str, key: str, year: int) -> ResponseReturnValue:
    answers.reconsider(answer_or_404(alliance, key, year, lock=True))
    return see_other("events.call", alliance=alliance, key=key, year=year, done="call-again")


def answer_or_404(alliance: str, key: str, year: int, *, lock: bool = False) -> EditionAnswer:
    return find_or_404(calls.answer_of(alliance, key, year, lock=lock))


def _decline_page(answer: EditionAnswer, form: NotThisYearForm) -> str:
    return render_template(
        "events/decline_call.html",
        alliance=answer.alliance,
        answer=answer,
        edition=answer.edition,
        title=editions.title_of(answer.edition),
        form=form,
    )
