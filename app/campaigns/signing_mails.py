"""The mail by which a visitor confirms that they add their name."""

from __future__ import annotations

from app.accounts import links as account_links
from app.accounts.models import LinkKind
from app.campaigns import measure_words as words
from app.campaigns.measure_models import Measure
from app.foundation import tokens
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Address, Person


def wish(measure_id: int) -> str:
    """What a link to confirm a signature is about."""
    return f"campaign:{measure_id}"


def post_please_confirm(
    measure: Measure, person: Person, address: Address, to_language: str, next_url: str
) -> None:
    """The one mail to somebody who added their name; the caller has asked whether it may go."""
    issued = account_links.issue(
        LinkKind.CONFIRM,
        address=address,
        person=person,
        next_url=next_url,
        about=wish(measure.id),
    )
    parts = outbox.render(
        "campaigns/please_confirm",
        to_language=to_language,
        name=person.name,
        title=measure.title,
        where=words.where(measure),
        confirm_url=account_links.url(issued, to_language),
        code=issued.code,
    )
    notice = Notice("campaigns/please_confirm", *parts, person_id=person.id)
    outbox.post(address, notice, once=f"campaign-confirm:{tokens.digest(issued.secret)[:40]}")
