"""What SendGrid tells by calling us; it signs the whole call with a key of its own (ECDSA)."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from app.mail.calls import (
    MOST_EVENTS,
    Event,
    Forged,
    Nonsense,
    check_time,
    event,
    mapping,
    parsed,
    word,
)
from app.mail.models import BounceKind
from app.mail.refusals import kind_of

DROPS = {
    "Bounced Address": BounceKind.HARD,
    "Spam Reporting Address": BounceKind.COMPLAINT,
}


def events(public_key: str, signature: str, timestamp: str, body: bytes) -> Sequence[Event]:
    """The events of a call; raises Forged or Nonsense."""
    check_time(timestamp)
    try:
        key = load_der_public_key(base64.b64decode(public_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise Forged("the key is of another kind")
        made = base64.b64decode(signature, validate=True)
        key.verify(made, timestamp.encode() + body, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError) as error:
        raise Forged("the signature does not fit") from error
    rows = parsed(body)
    if not isinstance(rows, list):
        raise Nonsense("not a list of events")
    return [found for row in rows[:MOST_EVENTS] for found in _event(mapping(row))]


def _event(row: Mapping[str, Any]) -> Iterator[Event]:
    kind: BounceKind | None = None
    words = word(row, "reason")
    match word(row, "event"):
        case "bounce":
            blocked = word(row, "type") == "blocked"
            kind = BounceKind.BLOCKED if blocked else kind_of(words, word(row, "status"))
        case "dropped":
            kind = DROPS.get(words)
        case "spamreport":
            kind = BounceKind.COMPLAINT
    once = f"sendgrid:{word(row, 'sg_event_id')}"
    yield from event(word(row, "email"), word(row, "smtp-id"), kind, words, once)
