"""Who receives the mail of many domains: the large mailbox providers, each under one name."""

from __future__ import annotations

from functools import lru_cache

OTHER = "other"
"""Everybody who is not in the table, where figures must be few."""

_DOMAINS = {
    "gmail.com": ("gmail.com", "googlemail.com"),
    "outlook.com": ("outlook.com", "hotmail.com", "live.com", "msn.com", "passport.com"),
    "yahoo.com": ("yahoo.com", "ymail.com", "rocketmail.com", "aol.com", "aim.com", "verizon.net"),
    "icloud.com": ("icloud.com", "me.com", "mac.com"),
    "comcast.net": ("comcast.net", "xfinity.com"),
    "att.net": ("att.net", "sbcglobal.net", "bellsouth.net", "pacbell.net", "ameritech.net"),
    "charter.net": ("charter.net", "spectrum.net", "rr.com", "twc.com"),
    "cox.net": ("cox.net",),
    "proton.me": ("proton.me", "protonmail.com", "pm.me"),
    "gmx.com": ("gmx.com", "gmx.net", "gmx.us", "mail.com"),
}
_PROVIDER = {domain: name for name, domains in _DOMAINS.items() for domain in domains}
LARGE = frozenset(_DOMAINS)


@lru_cache(maxsize=4096)
def of_domain(domain: str) -> str:
    """The provider of a domain in any case, named by its best known domain; else the domain."""
    domain = domain.lower()
    return _PROVIDER.get(domain, domain)


def of(email: str) -> str:
    """The provider of an address."""
    return of_domain(email.rpartition("@")[2])


def label(provider: str) -> str:
    """The provider in figures: a large one by its name, all the rest as one."""
    return provider if provider in LARGE else OTHER
