"""Joining, the inbox page with its six digits, and the page of an e-mailed link."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import actions, links, queries
from app.accounts.blueprint import blueprint
from app.accounts.entering import client_address, enter
from app.accounts.forms import CodeForm, JoinForm
from app.accounts.models import EmailLink, LinkKind
from app.foundation import edge, text
from app.foundation.db import db
from app.foundation.forms import typed
from app.foundation.limits import Limit
from app.foundation.pagecontext import notices
from app.foundation.policy import allow, anyone, from_before, viewer
from app.foundation.web import safe_next, see_other
from app.people.models import Address, Person

MAILS_BY_CLIENT = Limit("mails asked for by client", 60, timedelta(hours=1))
CODES_BY_CLIENT = Limit("codes by client", 30, timedelta(minutes=10))
CODES_BY_ADDRESS = Limit("codes by address", 30, timedelta(days=1))
"""New links bring new tries; so there are not more in a day, from however many places."""
DONE = {
    LinkKind.CONFIRM: "confirmed",
    LinkKind.SIGN_IN: "signed-in",
    LinkKind.CHANGE_ADDRESS: "address-changed",
}
notices(
    confirmed=_l("Your address is confirmed, and you are signed in."),
    signed_in=_l("You are signed in."),
    wish_confirmed=_l("Confirmed. A mail tells you the rest; on this device nobody is signed in."),
    address_changed=_l("From now on we write to this address. Other devices are signed out."),
    from_before=_l("This page was open since before you signed in. Please press once more."),
)


@blueprint.get("/join")
@allow(anyone)
def join() -> ResponseReturnValue:
    form = JoinForm(alliance=request.args.get("alliance", "")[:80])
    form.place.data = request.args.get("zip", "")[:10]
    return _join_page(form)


@blueprint.post("/join")
@allow(anyone)
def send_join() -> ResponseReturnValue:
    form = JoinForm()
    if not form.validate_on_submit():
        return _join_page(form), 422
    count_mail()
    actions.join(form.answers())
    return inbox_page(typed(form.email))


def _join_page(form: JoinForm) -> str:
    """The form, naming the alliance that is joined as well; one that nobody may ask is dropped."""
    alliance = current_app.extensions["alliance_to_ask"](form.alliance.data or "")
    if alliance is None:
        form.alliance.data = ""
    return render_template("accounts/join.html", form=form, alliance=alliance)


def count_mail() -> None:
    """One mail more that this client asked for, whoever gets it."""
    MAILS_BY_CLIENT.take(client_address())


def inbox_page(email: str = "") -> str:
    """The one answer to everybody who asked for a mail."""
    form = CodeForm(formdata=None, email=email)
    return render_template("accounts/check_inbox.html", form=form, email=email)


@blueprint.get("/check-inbox")
@allow(anyone)
def check_inbox() -> ResponseReturnValue:
    return inbox_page()


@blueprint.post("/check-inbox")
@allow(anyone)
def enter_code() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate_on_submit():
        return _inbox_again(form)
    link = _link_of_code(form)
    people = actions.candidates(link) if link else ()
    if link is None or not people:
        form.add_error("code", _("This code does not fit, or it is no longer good."))
        return _inbox_again(form)
    return _press(link, code_form=form)


def _inbox_again(form: CodeForm) -> ResponseReturnValue:
    return render_template("accounts/check_inbox.html", form=form, email=form.email.data), 422


def _link_of_code(form: CodeForm) -> EmailLink | None:
    """The link of a typed code; a wrong one is counted whatever happens."""
    email = text.canonical_email(typed(form.email))
    CODES_BY_CLIENT.check(client_address())
    CODES_BY_ADDRESS.check(email)
    address = queries.address_of(email)
    link = links.with_code(address, typed(form.code)) if address else None
    if link is None:
        client, address_id = client_address(), address.id if address else 0
        edge.whatever_happens(lambda: CODES_BY_CLIENT.note(client))
        edge.whatever_happens(lambda: CODES_BY_ADDRESS.note(email))
        edge.whatever_happens(lambda: links.count_try(address_id))
    return link


@blueprint.get("/confirm/<token>")
@allow(anyone)
def confirm(token: str) -> ResponseReturnValue:
    """Show one button. Mail scanners open links, so opening changes nothing."""
    link = links.find(token)
    if link is None or not links.is_live(link) or not actions.candidates(link):
        return _dead_link(link)
    return _link_page(link)


def press_from_before(token: str) -> ResponseReturnValue:
    """Pressed twice, or gone back to: the first time signed this browser in."""
    link = links.find(token)
    if link is not None and links.is_live(link):
        return see_other("accounts.confirm", token=token, done="from-before")
    if link is not None and link.used_at and link.person_id == viewer.person_id:
        return see_other("pages.me", done=DONE[link.kind])
    return _dead_link(link)


@blueprint.post("/confirm/<token>")
@allow(anyone)
@from_before(press_from_before)
def press(token: str) -> ResponseReturnValue:
    link = links.find(token)
    if link is None or not links.is_live(link) or not actions.candidates(link):
        return _dead_link(link)
    return _press(link)


def _press(link: EmailLink, code_form: CodeForm | None = None) -> ResponseReturnValue:
    person = _meant(link)
    if person is None:
        return _link_page(link, code_form)
    try:
        actions.press(link, person)
    except actions.LinkUsed:
        return _dead_link(link)
    if code_form is not None and link.kind == LinkKind.CONFIRM and link.next_url:
        return _confirmed_here(link)
    return enter(person, link.next_url, done=DONE[link.kind])


def _confirmed_here(link: EmailLink) -> ResponseReturnValue:
    """A code makes real what was asked for on this device, which may be somebody else's phone:
    it signs nobody in. The link in the mail does, where the mail is read."""
    goal = safe_next(link.next_url) or url_for("accounts.check_inbox")
    return redirect(f"{goal}?{urlencode({'done': 'wish-confirmed'})}", 303)


def _meant(link: EmailLink) -> Person | None:
    """Who of the candidates presses the button; None if that has to be asked."""
    people = actions.candidates(link)
    if len(people) == 1:
        return people[0]
    chosen = request.form.get("person", "")
    return next((person for person in people if str(person.id) == chosen), None)


def _link_page(link: EmailLink, code_form: CodeForm | None = None) -> str:
    return render_template(
        "accounts/confirm.html",
        link=link,
        people=actions.candidates(link),
        address=db.get_one(Address, link.address_id),
        code_form=code_form,
    )


def _dead_link(link: EmailLink | None) -> ResponseReturnValue:
    """Used, too old, or cut off by a mail program: say which and offer a new one."""
    if link is None:
        state, code = "unknown", 404
    else:
        state, code = ("used" if link.used_at else "old"), 410
    return render_template("accounts/dead_link.html", state=state), code
