"""What signs our mail: nothing, until a key is set.

Only then is the cryptography loaded, which costs each worker seven megabytes.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app

from app.foundation.later import later

Sign = Callable[[bytes], bytes]

_by_the_keys = later("app.mail.dkim:signer")


def signer() -> Sign:
    """What signs our mail by the settings; without a key it gives back what it got."""
    config = current_app.config
    if not config["DKIM_KEY_FILE"] and not config["DKIM_SECOND_KEY_FILE"]:
        return _unsigned
    sign: Sign = _by_the_keys()
    return sign


def _unsigned(message: bytes) -> bytes:
    return message
