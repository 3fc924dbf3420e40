"""Signing up and cancelling: in two requests, and by the link in the mail without signing in."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.join_views import count_mail, inbox_page
from app.events import mails, queries, sign_ups, words
from app.events.blueprint import blueprint
from app.events.forms import SignUpForm
from app.events.models import SignUp, SignUpState
from app.events.public_views import event_page, seen_or_404
from app.events.queries import Seen
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
    if viewer.person_id is None:
        return _visitor(slug)
    seen = seen_or_404(slug)
    try:
        own = sign_ups.sign_up(seen.event, viewer.person_id)
    except sign_ups.EventClosed:
        return see_other("events.event", slug=slug, done=CLOSED)
    seated = own.state == SignUpState.CONFIRMED
    return see_other("events.event", slug=slug, done="signed-up" if seated else "on-the-list")


def _visitor(slug: str) -> ResponseReturnValue:
    """Whoever is not signed in gets one answer, whether or not we know the address."""
    form = SignUpForm()
    if not form.validate_on_submit():
        return _form_again(seen_or_404(slug), form)
    count_mail()
    visitor = form.visitor()
    try:
        sign_ups.hold(slug, visitor, url_for("events.event", slug=slug))
    except sign_ups.NoSuchEvent:
        abort(404)
    except sign_ups.EventClosed:
        return see_other("events.event", slug=slug, done=CLOSED)
    return inbox_page(visitor.email)


def _form_again(seen: Seen, form: SignUpForm) -> ResponseReturnValue:
    if not seen.takes_sign_ups:
        return see_other("events.event", slug=seen.event.slug, done=CLOSED)
    return event_page(seen, form), 422


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
    except sign_ups.EventClosed:
        return see_other("events.event", slug=slug, done=CLOSED)
    return see_other("events.event", slug=slug, done="not-coming")
