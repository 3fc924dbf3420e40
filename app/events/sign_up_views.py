"""Signing up and cancelling: in two requests, and by the link in the mail without signing in."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.join_views import count_mail, inbox_page
from app.events import mails, queries, seating, shifts, sign_ups, words
from app.events.blueprint import blueprint
from app.events.models import SignUp, SignUpState
from app.events.public_views import asks_of, event_page, locked_or_404, seen_or_404
from app.events.queries import Seen
from app.events.sign_up_forms import SignUpForm, TakingPart, form_for
from app.foundation import tokens
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in, viewer
from app.foundation.web import find_or_404, see_other

notices(
    signed_up=_l("You are signed up. We have sent you a mail with a calendar entry."),
    on_the_list=_l(
        "Every seat is taken, so you are on the waiting list. If one becomes free, we write to you."
    ),
    not_coming=_l("Your seat is free for somebody else. Thank you for telling us."),
    event_closed=_l("Nobody can sign up for this event any more."),
)
CLOSED = "event-closed"


@blueprint.post("/events/<slug>/sign-up")
@allow(anyone)
def sign_up(slug: str) -> ResponseReturnValue:
    seen = locked_or_404(slug)
    form = form_for(asks_of(seen), TakingPart if viewer.is_signed_in else SignUpForm)
    if not seen.takes_sign_ups:
        return see_other("events.event", slug=slug, done=CLOSED)
    if not form.validate_on_submit():
        return event_page(seen_or_404(slug), form), 422
    try:
        return _visitor(seen, form) if isinstance(form, SignUpForm) else _member(seen, form)
    except seating.EventClosed:
        return see_other("events.event", slug=slug, done=CLOSED)
    except shifts.ShiftFull as refusal:
        return _shift_full(slug, form, refusal)


def _member(seen: Seen, form: TakingPart) -> ResponseReturnValue:
    own = sign_ups.sign_up(seen.event, viewer.person_id or 0, form.wish())
    seated = own.state == SignUpState.CONFIRMED
    done = "signed-up" if seated else "on-the-list"
    return see_other("events.event", slug=seen.event.slug, done=done)


def _visitor(seen: Seen, form: SignUpForm) -> ResponseReturnValue:
    """Whoever is not signed in gets one answer, whether or not we know the address."""
    count_mail()
    visitor = form.visitor()
    next_url = url_for("events.event", slug=seen.event.slug)
    sign_ups.hold(seen.event, visitor, next_url, form.wish())
    return inbox_page(visitor.email)


def add_shift_full(form: TakingPart, refusal: shifts.ShiftFull) -> None:
    titles = ", ".join(refusal.titles)
    form.add_error("shifts", _("Somebody else was faster: %(titles)s is full.", titles=titles))


def _shift_full(slug: str, form: TakingPart, refusal: shifts.ShiftFull) -> ResponseReturnValue:
    """Somebody else took the last place meanwhile: the page as it is now, and what was typed."""
    add_shift_full(form, refusal)
    return event_page(seen_or_404(slug), form), 422


@blueprint.route("/events/<slug>/cancel-sign-up", methods=["GET", "POST"])
@allow(signed_in)
def cancel_own(slug: str) -> ResponseReturnValue:
    found = find_or_404(seen_or_404(slug).own)
    own = find_or_404(queries.sign_up(found.id))
    return _cancel(own, url_for("events.cancel_own", slug=slug))


@blueprint.route("/events/sign-ups/<token>", methods=["GET", "POST"])
@allow(anyone)
def cancel_by_link(token: str) -> ResponseReturnValue:
    """The link in each mail about a seat: opening asks, the button acts."""
    ids = tokens.read(mails.CANCEL, token)
    if ids is None or len(ids) != 1:
        abort(404)
    own = find_or_404(queries.sign_up(ids[0]))
    return _cancel(own, url_for("events.cancel_by_link", token=token))


def _cancel(own: SignUp, action: str) -> ResponseReturnValue:
    slug = own.event.slug
    if request.method == "GET":
        return render_template(
            "events/cancel_sign_up.html", own=own, event=own.event, action=action, words=words
        )
    try:
        sign_ups.cancel(own)
    except seating.EventClosed:
        return see_other("events.event", slug=slug, done=CLOSED)
    return see_other("events.event", slug=slug, done="not-coming")
