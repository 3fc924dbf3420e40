"""Reading mail that came back: reports of failure (RFC 3464) and of complaint (RFC 5965).

Anybody can send us such mail, so this only says what it claims; origins tell whether it speaks of a
mail of ours. Nothing in here trusts a byte: what is too long is cut off, what is broken is left
out, and what changes nothing (delays, successes, notes of absence) gives no report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser, Parser
from email.policy import compat32

from app.foundation import text
from app.mail.models import BounceKind
from app.mail.refusals import kind_of

LARGEST = 256 * 1024
"""Bytes that are read of a mail; reports stand before the mail that they return."""
MOST_PARTS = 50
MOST_RECIPIENTS = 50
LONGEST_WORDS = 500
LONGEST_VALUE = 2000

COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "other"})  # not: not-spam, virus, auth-failure
_ADDRESSED_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_SENDER = re.compile(r"bounce\+[a-z0-9]{1,36}-[0-9a-f]{20}", re.IGNORECASE)
_MAILER = re.compile(r"mailer-daemon|postmaster", re.IGNORECASE)
_FAILED = re.compile(r"(?<![\d.])(?:5\d\d[ -]|5\.\d{1,3}\.\d{1,3}\b)")


@dataclass(frozen=True, slots=True)
class Returned:
    """What a report returns of the mail it speaks of."""

    message_id: str = ""
    recipients: tuple[str, ...] = ()
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail claims of one recipient.

    `senders` are the envelope senders of ours that it names, `alone` whether it speaks of nobody
    else: one of ours may have been passed on to several.
    """

    kind: BounceKind
    words: str
    recipients: tuple[str, ...]
    senders: tuple[str, ...]
    returned: Returned
    alone: bool = True


def read(raw: bytes) -> Sequence[Report]:
    """The reports of a mail; none if it is no report, or cannot be understood."""
    try:
        return _reports(raw)
    except Exception:  # noqa: BLE001  the parser of the library raises whatever occurs to it
        return []


def _reports(raw: bytes) -> Sequence[Report]:
    mail = BytesParser(policy=compat32).parsebytes(raw[:LARGEST])
    parts = [part for part, _ in zip(mail.walk(), range(MOST_PARTS), strict=False)]
    by_type: dict[str, Message] = {}
    for part in parts[1:]:
        by_type.setdefault(part.get_content_type(), part)
    returned = _returned(by_type)
    named = _senders(mail, by_type)
    if "message/delivery-status" in by_type:
        return [*_failures(by_type["message/delivery-status"], named, _described(returned))]
    if "message/feedback-report" in by_type:
        return [*_complaints(by_type["message/feedback-report"], named, _described(returned))]
    return [*_plain_bounces(mail, parts, named)]


def _failures(part: Message, senders: tuple[str, ...], returned: Returned) -> Iterator[Report]:
    """One report for each recipient whom the mail did not reach."""
    blocks = [block for block in _blocks(part) if _value(block, "Final-Recipient")]
    actions = [_value(block, "Action").lower() for block in blocks]
    for block, action in zip(blocks, actions, strict=True):
        if action != "failed":
            continue
        words = _words(_typed(_value(block, "Diagnostic-Code")) or _value(block, "Status"))
        recipients = (_value(block, "Original-Recipient"), _value(block, "Final-Recipient"))
        yield Report(
            kind=kind_of(words, _value(block, "Status")),
            words=words,
            recipients=_canonical((*map(_typed, recipients), *returned.recipients)),
            senders=senders,
            returned=returned,
            alone=len(blocks) == 1,
        )


def _complaints(part: Message, senders: tuple[str, ...], returned: Returned) -> Iterator[Report]:
    for block in _blocks(part):
        if _value(block, "Feedback-Type").lower() in COMPLAINTS:
            recipient = _value(block, "Original-Rcpt-To").strip("<>")
            recipients = _canonical((recipient, *returned.recipients))
            words = _words(_value(block, "User-Agent"))
            yield Report(BounceKind.COMPLAINT, words, recipients, senders, returned)


def _plain_bounces(
    mail: Message, parts: Sequence[Message], senders: tuple[str, ...]
) -> Iterator[Report]:
    """A failure in words alone, as some servers still send it: only to a sender's own address."""
    if not senders or not _MAILER.search(_value(mail, "From")):
        return
    lines = [line for part in parts for line in _text(part).splitlines()]
    for line in lines:
        if _FAILED.search(line):
            words = _words(line)
            yield Report(kind_of(words), words, (), senders, Returned())
            return


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields in a report, whichever way they were parsed."""
    payload = part.get_payload()
    if isinstance(payload, list):
        for block, _ in zip(payload, range(MOST_RECIPIENTS), strict=False):
            if isinstance(block, Message):
                yield block


def _returned(by_type: dict[str, Message]) -> Message | None:
    for kind in ("message/rfc822", "message/rfc822-headers", "text/rfc822-headers"):
        part = by_type.get(kind)
        if part is None:
            continue
        payload = part.get_payload()
        if isinstance(payload, list) and payload and isinstance(payload[0], Message):
            return payload[0]
        return Parser(policy=compat32).parsestr(_text(part), headersonly=True)
    return None


def _described(returned: Message | None) -> Returned:
    if returned is None:
        return Returned()
    return Returned(
        message_id=_value(returned, "Message-ID"),
        recipients=_canonical(re.findall(r"[^\s<>,;\"]+@[^\s<>,;\"]+", _value(returned, "To"))),
        unsubscribe=_value(returned, "List-Unsubscribe"),
    )


def _senders(mail: Message, by_type: dict[str, Message]) -> tuple[str, ...]:
    """Every envelope sender of ours that the mail or its report names."""
    named = [value for name in _ADDRESSED_TO for value in _values(mail, name)]
    returned = _returned(by_type)
    if returned is not None:
        named += _values(returned, "Return-Path")
    for kind in ("message/feedback-report", "message/delivery-status"):
        for block in _blocks(by_type[kind]) if kind in by_type else ():
            named += _values(block, "Original-Mail-From") + _values(block, "X-Postfix-Sender")
    found = dict.fromkeys(_SENDER.findall(" ".join(named).lower()))
    return tuple(found)[:5]


def _canonical(addresses: Sequence[str]) -> tuple[str, ...]:
    kept = (text.canonical_email(address) for address in addresses if "@" in address)
    return tuple(dict.fromkeys(kept))[:10]


def _typed(value: str) -> str:
    """`rfc822;maria@example.org` without its type."""
    return value.partition(";")[2].strip() if ";" in value else value


def _values(part: Message, name: str) -> list[str]:
    """Each value of a header, cut off and without what no database takes."""
    return [
        text.one_line(str(value)[:LONGEST_VALUE].encode("ascii", "replace").decode("ascii"))
        for value in part.get_all(name, [])[:10]
    ]


def _value(part: Message, name: str) -> str:
    return next(iter(_values(part, name)), "")


def _words(raw: str) -> str:
    return " ".join(raw.split())[:LONGEST_WORDS]


def _text(part: Message) -> str:
    """The text of a part, whatever it says of its letters."""
    payload = None if part.is_multipart() else part.get_payload(decode=True)
    return text.clean(payload.decode("utf-8", "replace")) if isinstance(payload, bytes) else ""
