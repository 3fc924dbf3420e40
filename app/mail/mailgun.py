"""What Mailgun tells by calling us; it signs a time and a token with a secret that we share (HMAC).

Its signature does not cover what it tells, so each token is good for one call.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.mail.calls import Event, Forged, check_time, event, mapping, parsed, word
from app.mail.models import BounceKind
from app.mail.refusals import kind_of
from app.mail.spent_tokens import spend

REASONS = {
    "suppress-bounce": BounceKind.HARD,
    "suppress-complaint": BounceKind.COMPLAINT,
    "espblock": BounceKind.BLOCKED,
    "suppress-unsubscribe": None,
}


def events(secret: str, body: bytes) -> Sequence[Event]:
    """The events of a call, none if it was heard before; raises Forged or Nonsense."""
    call = mapping(parsed(body))
    signature = mapping(call.get("signature"))
    timestamp, token = word(signature, "timestamp"), word(signature, "token")
    expected = hmac.new(secret.encode(), (timestamp + token).encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), word(signature, "signature").encode()):
        raise Forged("the signature does not fit")
    check_time(timestamp)
    if not spend(f"mailgun:{token}"):
        return []
    return [*_event(mapping(call.get("event-data")))]


def _event(row: Mapping[str, Any]) -> Iterator[Event]:
    kind: BounceKind | None = None
    status = mapping(row.get("delivery-status"))
    words = word(status, "message") or word(status, "description")
    match word(row, "event"):
        case "failed" if word(row, "severity") == "permanent":
            reason = word(row, "reason")
            words = f"{word(status, 'code')} {words}".strip()
            kind = REASONS[reason] if reason in REASONS else kind_of(words)
        case "complained":
            kind = BounceKind.COMPLAINT
    message_id = word(mapping(mapping(row.get("message")).get("headers")), "message-id")
    message_id = f"<{message_id.strip('<>')}>" if message_id else ""
    yield from event(word(row, "recipient"), message_id, kind, words, f"mailgun:{word(row, 'id')}")
