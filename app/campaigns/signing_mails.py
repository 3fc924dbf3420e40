"""The mail by which a visitor confirms that they add their name."""

from __future__ import annotations

from app.accounts import links as account_links
from app.accounts.models import LinkKind
from app.campaigns import measure_words as words
from app.campaigns.measure_models import Measure
from app.campaigns.support_models import Signature
from app.foundation import tokens
from app.mail import outbox
from app.mail.outbox import Notice
from app.people.models import Address, Person


def wish(measure_id: int) -> str:
    """What a link to confirm a signature is about."""
    return f"campaign:{measure_id}"


def told(own: Signature, person: Person) -> str:
    """What a mail said would be shown, for its link: that and nothing else it makes real."""
    said = f"{person.name}\n{own.show_name}\n{own.affiliation}"
    return tokens.keyed_digest("shown with a signature", said)[:32]


def post_please_confirm(
    measure: Measure, own: Signature, to: tuple[Person, Address], to_language: str, next_url: str
) -> None:
    """The one mail to somebody who added their name: what it is for, and what will be shown.

    The caller has asked whether it may go.
    """
    person, address = to
    issued = account_links.issue(
        LinkKind.CONFIRM,
        address=address,
        person=person,
        next_url=next_url,
        about=f"{wish(measure.id)}{account_links.ONLY_HERE}{told(own, person)}",
    )
    parts = outbox.render(
        "campaigns/please_confirm",
        to_language=to_language,
        shown=_shown(own, person),
        title=measure.title,
        where=words.where(measure),
        confirm_url=account_links.url(issued, to_language),
        code=issued.code,
    )
    notice = Notice("campaigns/please_confirm", *parts, person_id=person.id)
    outbox.post(address, notice, once=f"campaign-confirm:{tokens.digest(issued.secret)[:40]}")


def _shown(own: Signature, person: Person) -> str:
    """What stands in public once it is confirmed; empty if nothing does."""
    if not own.show_name or person.discreet:
        return ""
    return ", ".join(part for part in (person.name, own.affiliation) if part)
