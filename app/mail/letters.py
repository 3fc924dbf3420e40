"""From what is to be said to the bytes on the wire: senders, links, and headers of our mails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import current_app

from app.foundation import language, links, tokens
from app.mail import mime, signing
from app.mail.headers import Header
from app.mail.models import Mailing, Message
from app.mail.registry import Copy, Reader
from app.mail.wire import Envelope
from app.people import preferences
from app.people.models import BULK, Purpose

UNSUBSCRIBE = "unsubscribe"
ONE_CLICK = ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
PURPOSES = tuple(Purpose)
"""Tokens name a purpose by its place here; new ones are added at the end."""


class Stationery:
    """What all letters of a mailing share, made once for each piece of work."""

    def __init__(self, mailing: Mailing) -> None:
        config = current_app.config
        self._mailing_id = mailing.id
        self._purpose = PURPOSES.index(mailing.purpose)
        self._domain: str = config["MAIL_DOMAIN"]
        self._secret = config["SECRET_KEY"].encode()
        self._from = sender_address(mailing.purpose)
        self._from_name = mailing.from_name
        self._reply_to = mailing.reply_to or config["REPLY_TO"]
        self._constant = (*_bulk_headers(mailing), ONE_CLICK)
        self._letterheads: dict[str, mime.Letterhead] = {}
        self._signed = signing.signer()
        self._sign_unsubscribe = tokens.signer(UNSUBSCRIBE)
        self._sign_preferences = tokens.signer(preferences.TOKEN)
        self._links = {code: _personal_links(code) for code in language.LANGUAGES}

    def reader(self, person_id: int, name: str, email: str, code: str) -> Reader:
        """A person with their own two links."""
        unsubscribe, choices = self._links.get(code) or self._links[language.DEFAULT]
        token = self._sign_unsubscribe(person_id, self._purpose, self._mailing_id)
        choices += self._sign_preferences(person_id)
        return Reader(person_id, name, email, code, unsubscribe + token, choices)

    def envelope(self, reader: Reader, copy: Copy, date: datetime) -> Envelope:
        """A copy ready for the wire; raises BadHeader or BadAddress."""
        key = copy_key(self._mailing_id, reader.person_id)
        data = self._letterhead(copy.from_name).build(
            to=reader.email,
            to_name=reader.name,
            subject=copy.subject,
            text=copy.text,
            html=copy.html,
            message_id=copy_message_id(
                self._secret, self._mailing_id, reader.person_id, self._domain
            ),
            date=date,
            extra=mime.unsubscribe_headers(reader.unsubscribe_url)[:1],
        )
        sender = mime.verp_sender(self._secret, key, reader.email, self._domain)
        return Envelope(reader.person_id, sender, reader.email, self._signed(data), dotless=True)

    def _letterhead(self, from_name: str) -> mime.Letterhead:
        """Made once for each of the few names by which a mailing's sender is known."""
        if from_name not in self._letterheads:
            name = sender_name(from_name or self._from_name)
            self._letterheads[from_name] = mime.Letterhead(
                name, self._from, self._reply_to, self._constant
            )
        return self._letterheads[from_name]


def envelope_of(message: Message, date: datetime) -> Envelope:
    """A single message ready for the wire; raises BadHeader or BadAddress."""
    config = current_app.config
    letter = mime.Letter(
        subject=message.subject,
        text=message.text,
        html=message.html,
        from_name=sender_name(message.from_name),
        from_address=sender_address(message.purpose),
        reply_to=message.reply_to,
        headers=(*mime.AUTOMATIC, *_unsubscribe_headers(message)),
        attachments=tuple(_attachments(message.attachments)),
    )
    data = letter.build(to=message.email, message_id=message.message_id, date=date)
    key = message_key(message.id)
    secret, domain = config["SECRET_KEY"].encode(), config["MAIL_DOMAIN"]
    sender = mime.verp_sender(secret, key, message.email, domain)
    return Envelope(message.id, sender, message.email, signing.signer()(data))


def copy_key(mailing_id: int, person_id: int) -> str:
    """The name of a person's copy in its envelope sender."""
    return f"m{mailing_id:x}p{person_id:x}"


def message_key(message_id: int) -> str:
    """The name of a single message in its envelope sender."""
    return f"s{message_id:x}"


def copy_message_id(secret: bytes, mailing_id: int, person_id: int, domain: str) -> str:
    return mime.message_id(secret, "mailing", mailing_id, person_id, domain=domain)


def _bulk_headers(mailing: Mailing) -> Iterable[Header]:
    config = current_app.config
    return mime.bulk_headers(
        list_id=f"{mailing.purpose.value}.{config['MAIL_DOMAIN']}",
        list_name=config["SITE_NAME"],
        feedback_id=f"{mailing.id}:{mailing.kind}:{mailing.purpose.value}:whereas",
    )


def sender_name(name: str) -> str:
    """Whoever the domain named, such as `Columbus Alliance via SITE_NAME`, else the site."""
    return name or str(current_app.config["SITE_NAME"])


def sender_address(purpose: Purpose) -> str:
    """Each purpose has its own address, so that readers and servers can tell them apart."""
    return f"{purpose.value}@{current_app.config['MAIL_DOMAIN']}"


def unsubscribe_url(person_id: int, purpose: Purpose, mailing_id: int = 0, code: str = "en") -> str:
    """Where a person unsubscribes from a purpose; without a log-in, and good for nothing else."""
    token = tokens.sign(UNSUBSCRIBE, person_id, PURPOSES.index(purpose), mailing_id)
    return links.absolute("mail.unsubscribe", language=code, token=token)


def _personal_links(code: str) -> tuple[str, str]:
    """The two personal links without their tokens, which come last."""
    pages = ("mail.unsubscribe", "accounts.preferences_by_link")
    token = {"token": "-"}
    first, second = (links.absolute(page, language=code, **token)[:-1] for page in pages)
    return first, second


def _unsubscribe_headers(message: Message) -> Iterable[Header]:
    if message.purpose not in BULK or message.person_id is None:
        return ()
    return mime.unsubscribe_headers(unsubscribe_url(message.person_id, message.purpose))


def _attachments(stored: Iterable[dict[str, str]]) -> Iterable[mime.Attachment]:
    for file in stored:
        if file["method"]:
            yield mime.calendar(file["name"], file["content"], file["method"])
        else:
            yield mime.Attachment(file["name"], file["type"], file["content"].encode())
