"""The mails of accounts: each with a link, its code, and no word that tells more than it must."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from app.accounts import links
from app.accounts.approvals import Waiting
from app.accounts.links import IssuedLink
from app.foundation import tokens
from app.foundation.links import absolute
from app.mail import outbox, suppression
from app.mail.outbox import Notice
from app.people.models import Address, Person

REMINDER_KEY = "confirm-reminder:"
suppression.proves_address(
    "accounts/confirm",
    "accounts/confirm_shared",
    "accounts/already_member",
    "accounts/sign_in",
    "accounts/change_address",
)


def confirm(address: Address, person: Person, issued: IssuedLink, *, shared: bool) -> None:
    """To a new person: confirm the address, which somebody else may use already."""
    kind = "accounts/confirm_shared" if shared else "accounts/confirm"
    _with_link(kind, address, person, issued)


def remind(address: Address, person: Person, issued: IssuedLink) -> None:
    """Once, after two days, to somebody who has not confirmed."""
    _with_link("accounts/reminder", address, person, issued, once=f"{REMINDER_KEY}{person.id}")


def already_member(address: Address, person: Person, issued: IssuedLink) -> None:
    """To somebody who joined again: they belong, and here is the way in."""
    _with_link("accounts/already_member", address, person, issued)


def sign_in(address: Address, person: Person, issued: IssuedLink) -> None:
    _with_link("accounts/sign_in", address, person, issued)


def change_address(address: Address, person: Person, issued: IssuedLink) -> None:
    """To the new address, before anything changes."""
    _with_link("accounts/change_address", address, person, issued)


def address_changed(old: Address, person: Person) -> None:
    """To the old address, so that nobody loses an account unnoticed."""
    _post("accounts/address_changed", old, person, once=tokens.new())


def password_changed(address: Address, person: Person) -> None:
    _post("accounts/password_changed", address, person, once=tokens.new())


def closed(address: Address, person: Person) -> None:
    """To somebody whose account is closed and who asked for a way in."""
    _post("accounts/closed", address, person, once=tokens.new())


def approvals(person: Person, waiting: Sequence[Waiting], *, once: str) -> None:
    """To staff, once a day: what waits for them."""
    if person.address is None:
        return
    subject, text, html = outbox.render(
        "accounts/approvals",
        to_language=person.language,
        waiting=[(each, _link(each, person.language)) for each in waiting],
        list_url=absolute("alliances.approvals", language=person.language),
    )
    notice = Notice("accounts/approvals", subject, text, html, person_id=person.id)
    outbox.post(person.address, notice, once=once)


def _link(waiting: Waiting, to_language: str) -> str:
    return absolute(waiting.endpoint, language=to_language, **waiting.values)


def _with_link(
    kind: str, address: Address, person: Person, issued: IssuedLink, *, once: str = ""
) -> None:
    _post(
        kind,
        address,
        person,
        once=once or f"link:{tokens.digest(issued.secret)[:32]}",
        link=links.url(issued, person.language),
        code=issued.code,
    )


def _post(kind: str, address: Address, person: Person, *, once: str, **values: str) -> None:
    subject, text, html = outbox.render(
        kind,
        to_language=person.language,
        name=person.name,
        email=address.email,
        privacy_contact=current_app.config["PRIVACY_CONTACT"],
        home=absolute("pages.home", language=person.language),
        **values,
    )
    outbox.post(address, Notice(kind, subject, text, html, person_id=person.id), once=once)
