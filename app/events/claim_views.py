"""Taking an offered seat by the link in its mail, without signing in: opening asks, POST acts."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.events import mails, queries, seating, sign_ups, waiting, words
from app.events.blueprint import blueprint
from app.events.models import SignUp, SignUpState
from app.foundation import tokens
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone
from app.foundation.web import find_or_404, see_other

notices(
    seat_taken=_l("The seat is yours. We have sent you a mail with a calendar entry."),
    in_line_again=_l("You are on the waiting list again, at its end."),
)


@blueprint.get("/events/offers/<token>")
@allow(anyone)
def claim(token: str) -> ResponseReturnValue:
    own, offer = _offered_or_404(token)
    return _claim_page(own, offer, token)


@blueprint.post("/events/offers/<token>")
@allow(anyone)
def do_claim(token: str) -> ResponseReturnValue:
    """Take the seats; of the guests those who still come."""
    own, offer = _offered_or_404(token)
    if own.offers != offer:
        return _claim_page(own, offer, token), 410
    try:
        waiting.claim(own, _guests_who_come(own))
    except waiting.OfferOver:
        return _claim_page(own, offer, token), 410
    except seating.EventClosed:
        return see_other("events.event", slug=own.event.slug, done="event-closed")
    return see_other("events.event", slug=own.event.slug, done="seat-taken")


@blueprint.post("/events/offers/<token>/again")
@allow(anyone)
def wait_again(token: str) -> ResponseReturnValue:
    """Whoever came too late goes back to the end of the line, if they want."""
    own, _offer = _offered_or_404(token)
    try:
        sign_ups.wait_again(own)
    except seating.EventClosed:
        return see_other("events.event", slug=own.event.slug, done="event-closed")
    done = "seat-taken" if own.state == SignUpState.CONFIRMED else "in-line-again"
    return see_other("events.event", slug=own.event.slug, done=done)


def _offered_or_404(token: str) -> tuple[SignUp, int]:
    ids = tokens.read(mails.CLAIM, token)
    if ids is None or len(ids) != 2:
        abort(404)
    return find_or_404(queries.sign_up(ids[0])), ids[1]


def _guests_who_come(own: SignUp) -> list[str]:
    """Those whose boxes are ticked; a party that is offered all its seats need not tick any."""
    if "choose" not in request.form:
        return list(own.guests)
    ticked = request.form.getlist("guest")
    return [name for number, name in enumerate(own.guests) if str(number) in ticked]


def _claim_page(own: SignUp, offer: int, token: str) -> str:
    return render_template(
        "events/claim.html",
        own=own,
        event=own.event,
        token=token,
        standing=_standing(own, offer),
        words=words,
    )


def _standing(own: SignUp, offer: int) -> str:
    """What became of an offer, for the page to explain."""
    if own.state == SignUpState.CONFIRMED:
        return "taken"
    if not seating.is_open(own.event):
        return "closed"
    if own.state == SignUpState.WAITING:
        return "waits"
    if own.state == SignUpState.OFFERED and seating.is_promised(own):
        return "open" if own.offers == offer else "newer"
    given_back = own.state == SignUpState.CANCELLED and own.held_until is None
    return "given_back" if given_back else "late"
