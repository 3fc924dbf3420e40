"""Signing in and out, and proving again who one is before a delicate act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import actions, passwords, queries, sessions
from app.accounts.blueprint import blueprint
from app.accounts.entering import client_address, enter
from app.accounts.forms import LoginForm, ReauthenticateForm
from app.accounts.join_views import count_mail, inbox_page
from app.foundation import clock, edge, text, tokens
from app.foundation.db import db
from app.foundation.forms import typed
from app.foundation.limits import Limit
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, signed_in, viewer
from app.foundation.web import find_or_404, safe_next
from app.people.models import Person, Standing

WINDOW = timedelta(minutes=5)
BY_ACCOUNT = Limit("sign-in by account", 10, WINDOW)
BY_CLIENT = Limit("sign-in by client", 10, WINDOW)
CHOOSE_WITHIN = timedelta(minutes=10)
notices(
    signed_out=_l("You are signed out."),
    signed_out_everywhere=_l("You are signed out on every device."),
)


@blueprint.get("/login")
@allow(anyone)
def login() -> ResponseReturnValue:
    goal = safe_next(request.args.get("next"))
    if viewer.is_signed_in:
        return redirect(goal or url_for("pages.me"), 303)
    return render_template("accounts/login.html", form=LoginForm(next=goal or ""))


@blueprint.post("/login")
@allow(anyone)
def sign_in() -> ResponseReturnValue:
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form), 422
    goal = safe_next(form.next.data) or ""
    if form.link.data or not form.password.data:
        count_mail()
        actions.ask_for_link(typed(form.email), goal)
        return inbox_page(typed(form.email))
    return _with_password(form, goal)


def _with_password(form: LoginForm, goal: str) -> ResponseReturnValue:
    account = text.canonical_email(typed(form.email))
    check_failures(account)
    people = passwords.owners(account, typed(form.password))
    if not people:
        count_failure(account)
        form.add_error("password", _("The address and the password do not fit together."))
        return render_template("accounts/login.html", form=form), 422
    BY_ACCOUNT.reset(account)
    if len(people) > 1:
        return _which(people, goal)
    return enter(people[0], goal)


def check_failures(account: str) -> None:
    """Raise TooMany at the eleventh try after ten failures in five minutes."""
    BY_ACCOUNT.check(account)
    BY_CLIENT.check(client_address())


def count_failure(account: str) -> None:
    """Count a failure although the request is refused and rolled back."""
    client = client_address()
    edge.whatever_happens(lambda: BY_ACCOUNT.note(account))
    edge.whatever_happens(lambda: BY_CLIENT.note(client))


def _which(people: Sequence[Person], goal: str) -> str:
    """Two people share an address and a password; the proof is good for ten minutes."""
    proof = tokens.sign("which", int(clock.now().timestamp()), *[person.id for person in people])
    return render_template("accounts/which.html", people=people, proof=proof, goal=goal)


@blueprint.post("/login/which")
@allow(anyone)
def choose_person() -> ResponseReturnValue:
    proven = tokens.read("which", request.form.get("proof", ""))
    chosen = request.form.get("person", "")
    now = clock.now().timestamp()
    if proven is None or now - proven[0] > CHOOSE_WITHIN.total_seconds():
        return redirect(url_for("accounts.login"), 303)
    person_id = next((each for each in proven[1:] if str(each) == chosen), None)
    person = find_or_404(db.get(Person, person_id) if person_id else None)
    at = datetime.fromtimestamp(proven[0] + 1, UTC)
    if person.standing != Standing.ACTIVE or not passwords.unchanged_since(person.id, at):
        abort(404)
    return enter(person, request.form.get("next"))


@blueprint.post("/logout")
@allow(anyone)
def logout() -> ResponseReturnValue:
    if viewer.session_id is not None:
        sessions.end(viewer.session_id)
    return _left("signed-out")


@blueprint.post("/logout/everywhere")
@allow(signed_in)
def logout_everywhere() -> ResponseReturnValue:
    sessions.end_all(queries.myself().id)
    return _left("signed-out-everywhere")


def _left(done: str) -> ResponseReturnValue:
    response = make_response(redirect(url_for("pages.home", done=done), 303))
    sessions.take_cookie(response)
    return response


@blueprint.get("/reauthenticate")
@allow(signed_in)
def reauthenticate() -> ResponseReturnValue:
    goal = safe_next(request.args.get("next")) or ""
    return _reauthenticate_page(ReauthenticateForm(next=goal))


@blueprint.post("/reauthenticate")
@allow(signed_in)
def prove_again() -> ResponseReturnValue:
    form = ReauthenticateForm()
    person = queries.myself()
    goal = safe_next(form.next.data) or url_for("pages.me")
    if form.link.data and person.address is not None:
        count_mail()
        actions.ask_for_fresh_link(person, person.address, goal)
        return inbox_page(person.address.email or "")
    account = (person.address and person.address.email) or str(person.id)
    check_failures(account)
    if not form.validate_on_submit() or not passwords.fits(person.id, typed(form.password)):
        count_failure(account)
        form.add_error("password", _("This is not your password."))
        return _reauthenticate_page(form), 422
    BY_ACCOUNT.reset(account)
    sessions.freshen(viewer.session_id or 0)
    return redirect(goal, 303)


def _reauthenticate_page(form: ReauthenticateForm) -> str:
    person = queries.myself()
    return render_template(
        "accounts/reauthenticate.html",
        form=form,
        has_password=passwords.has_password(person.id),
        has_address=person.address is not None,
    )
