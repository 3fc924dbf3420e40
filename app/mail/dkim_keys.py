"""Keys for DKIM: RSA, which every server understands, and ed25519 beside it (RFC 8463)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

SMALLEST_RSA = 2048


class BadKey(Exception):
    """A key file that cannot sign; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Key:
    """A private key and where its other half stands in the DNS."""

    domain: str
    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        return "rsa" if isinstance(self.private, RSAPrivateKey) else "ed25519"

    @property
    def name(self) -> str:
        """The name of the record."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """What the record says."""
        public = self.private.public_key()
        if self.algorithm == "rsa":
            raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        else:
            raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return f"v=DKIM1; k={self.algorithm}; p={base64.b64encode(raw).decode()}"

    def sign(self, covered: bytes) -> bytes:
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(covered, PKCS1v15(), SHA256())
        return self.private.sign(hashlib.sha256(covered).digest())


def keys_of(config: Any) -> Sequence[Key]:
    """The keys that the settings name, RSA first; raises BadKey."""
    domain = config["DKIM_DOMAIN"] or config["MAIL_DOMAIN"]
    named = (
        (config["DKIM_KEY_FILE"], config["DKIM_SELECTOR"]),
        (config["DKIM_SECOND_KEY_FILE"], config["DKIM_SECOND_SELECTOR"]),
    )
    return tuple(load(file, domain, selector) for file, selector in named if file)


@lru_cache(maxsize=8)
def load(file: Path, domain: str, selector: str) -> Key:
    """The key of a PEM file; raises BadKey."""
    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise BadKey(f"{file} holds no key that can be read: {error}") from error
    if isinstance(private, RSAPrivateKey) and private.key_size < SMALLEST_RSA:
        raise BadKey(f"{file} has {private.key_size} bits; {SMALLEST_RSA} is the least")
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise BadKey(f"{file} is neither an RSA nor an ed25519 key")
    return Key(domain, selector, private)
