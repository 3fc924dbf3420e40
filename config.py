"""Every setting of the program: its name, its default, what it means, and what it may be.

Settings come from the environment. `load` reads them once, at start, and refuses nonsense with a
sentence that names the setting; nothing else in the program reads the environment.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import create_engine
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).parent
PUBLISHED_SECRET = "demo-secret-not-for-production"  # noqa: S105  refused in production
ENVIRONMENTS = ("demo", "test", "production")
DATABASES = "an address such as postgresql://user:password@host/name or sqlite:////folder/file"
PASSWORD = re.compile(r"(?<=:)(?!//).*(?=@)|(?<=password=)[^&]*")
"""In an address, also in one that nothing can read: from its colon to its last @, or as option."""


class ConfigError(ValueError):
    """A setting that cannot be used; the message is a sentence for the operator."""


@dataclass(frozen=True)
class Setting:
    """One setting; `parse` turns the text of the environment into a value or raises ValueError."""

    name: str
    default: str
    meaning: str
    parse: Callable[[str], Any]


def text(raw: str) -> str:
    return raw.strip()


def number(least: int, most: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        try:
            value = int(raw)
        except ValueError:
            raise ValueError("a whole number") from None
        if not least <= value <= most:
            raise ValueError(f"between {least} and {most}")
        return value

    return parse


def seconds(least: float, most: float) -> Callable[[str], float]:
    def parse(raw: str) -> float:
        try:
            value = float(raw)
        except ValueError:
            raise ValueError("a number of seconds") from None
        if not least <= value <= most:
            raise ValueError(f"between {least:g} and {most:g} seconds")
        return value

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        if raw not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return raw

    return parse


def url(*schemes: str, optional: bool = False) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        raw = raw.strip()
        if not raw and optional:
            return ""
        if _scheme(raw) not in schemes:
            raise ValueError("an address that begins with " + " or ".join(f"{s}:" for s in schemes))
        return raw

    return parse


def _scheme(raw: str) -> str:
    """How an address begins; nonsense in its host or port is refused, too."""
    try:
        parts = urlsplit(raw)
        _ = parts.port  # which is read only now
    except ValueError:
        raise ValueError("an address with a host, and a port up to 65535 if any") from None
    return parts.scheme


def database(raw: str) -> str:
    """What SQLAlchemy can take; a password with an @ would be read as part of the host."""
    raw = url("postgresql", "sqlite", optional=True)(raw)
    try:
        if raw:
            create_engine(raw)
    except (ArgumentError, ValueError):
        raise ValueError(DATABASES) from None
    if urlsplit(raw).netloc.count("@") > 1:
        raise ValueError(f"{DATABASES}, with %40 for an @ in the password")
    return raw


def broker(raw: str) -> str:
    raw = url("redis", "rediss", "unix", optional=True)(raw)
    parts = urlsplit(raw)
    if parts.scheme != "unix" and not re.fullmatch(r"/?\d*", parts.path):
        raise ValueError("an address such as redis://host:6379/0, with a number in the end")
    return raw


def web_address(raw: str) -> str:
    """An origin without path, such as `https://alliances.example.org`."""
    raw = url("http", "https")(raw).rstrip("/")
    parts = urlsplit(raw)
    if not parts.hostname or parts.path or parts.query:
        raise ValueError("an address such as https://alliances.example.org, without a path")
    return raw


def mail_domain(raw: str) -> str:
    raw = raw.strip().lower()
    if not raw or "@" in raw or " " in raw:
        raise ValueError("a domain such as example.org")
    return raw


def mail_address(raw: str) -> str:
    """An e-mail address; nothing, or the README's …, is left to what production asks for."""
    raw = raw.strip()
    if raw.strip("…") and (len(raw.split()) > 1 or not all(raw.partition("@"))):
        raise ValueError("an e-mail address such as staff@example.org")
    return raw


def day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw) if raw else None
    except ValueError:
        raise ValueError("a day such as 2027-07-17") from None


def rates(raw: str) -> dict[str, float]:
    """Mails a second by receiving domain; `*` is each of those that are not named."""
    found = {}
    for pair in names(raw):
        domain, _, rate = pair.rpartition("=")
        try:
            found[domain.strip().lower()] = float(rate)
        except ValueError:
            raise ValueError("such as gmail.com=20,*=5") from None
        if not domain or not 0.01 <= found[domain.strip().lower()] <= 10_000:
            raise ValueError("such as gmail.com=20,*=5, from 0.01 to 10000 a second")
    return found


def directory(raw: str) -> Path:
    path = Path(raw)
    return path if path.is_absolute() else ROOT / path


def optional_directory(raw: str) -> Path | None:
    return directory(raw.strip()) if raw.strip() else None


def file(raw: str) -> Path | None:
    if not raw.strip():
        return None
    path = directory(raw.strip())
    if not path.is_file():
        raise ValueError("a file that is there")
    return path


def names(raw: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in raw.split(",") if part.strip())


SETTINGS = (
    Setting("WHEREAS_ENV", "demo", "demo, test or production", one_of(*ENVIRONMENTS)),
    Setting(
        "DATABASE_URL",
        "",
        "PostgreSQL or SQLite; empty is a SQLite file in VAR_DIR",
        database,
    ),
    Setting(
        "REDIS_URL",
        "",
        "Celery's broker; empty is a broker inside the one process",
        broker,
    ),
    Setting(
        "SMTP_URL",
        "",
        "mail relay, smtp://user:password@host:587?starttls=1; empty is a Maildir in VAR_DIR",
        url("smtp", "smtps", "maildir", optional=True),
    ),
    Setting("BASE_URL", "", "where people reach the site; links in mails begin with it", text),
    Setting("SECRET_KEY", PUBLISHED_SECRET, "signs links in mails; 32 random characters", text),
    Setting("VAR_DIR", "var", "folder for the embedded database, mail and logs", directory),
    Setting(
        "BACKUP_DIR",
        "",
        "folder for backups, which are made there by themselves; empty is none by themselves",
        optional_directory,
    ),
    Setting("BACKUP_KEY", "", "encrypts backups; keep it elsewhere, too", text),
    Setting("BACKUP_HOURS", "24", "how often a backup is made in BACKUP_DIR", number(1, 24 * 7)),
    Setting("BACKUPS_KEPT", "14", "how many backups stay in BACKUP_DIR", number(2, 1000)),
    Setting("HOST", "127.0.0.1", "the address the embedded server listens on", text),
    Setting("PORT", "5000", "the port the embedded server listens on", number(1, 65535)),
    Setting("TRUSTED_HOSTS", "", "host names answered besides BASE_URL's, comma-separated", names),
    Setting("TRUSTED_PROXIES", "0", "how many proxies stand before the program", number(0, 5)),
    Setting("SITE_NAME", "Whereas", "the coalition's name, on every page and mail", text),
    Setting("SITE_LOGO", "", "address of a logo on this site; empty is the name in type", text),
    Setting(
        "POSTAL_ADDRESS",
        "Example Coalition, 1 Justice Plaza, New York, NY 10017",
        "street address in the foot of bulk mail, which US law asks for",
        text,
    ),
    Setting("PRIVACY_CONTACT", "privacy@example.org", "who answers about personal data", text),
    Setting(
        "DONATE_URL",
        "",
        "where Donate leads; empty is no link",
        url("https", optional=True),
    ),
    Setting("MAIL_DOMAIN", "example.org", "domain of sender addresses", mail_domain),
    Setting("REPLY_TO", "staff@example.org", "where replies to national mail go", mail_address),
    Setting(
        "BOUNCE_IMAP_URL",
        "",
        "mailbox where mail comes back, imaps://user:password@host/INBOX; empty is none",
        url("imaps", "imap", optional=True),
    ),
    Setting(
        "REPLY_IMAP_URL",
        "",
        "mailbox of REPLY_TO, where replies to subject tests are counted; empty: staff count",
        url("imaps", "imap", optional=True),
    ),
    Setting("SENDGRID_WEBHOOK_KEY", "", "SendGrid's public key of signed event webhooks", text),
    Setting("MAILGUN_WEBHOOK_KEY", "", "Mailgun's signing key of webhooks", text),
    Setting(
        "DKIM_KEY_FILE", "", "RSA key (PEM) that signs mail; empty leaves that to the relay", file
    ),
    Setting("DKIM_SELECTOR", "whereas", "where the RSA key's other half stands in the DNS", text),
    Setting("DKIM_SECOND_KEY_FILE", "", "a second key, ed25519, beside the first", file),
    Setting(
        "DKIM_SECOND_SELECTOR",
        "whereas-ed25519",
        "where the second key's other half stands in the DNS",
        text,
    ),
    Setting("DKIM_DOMAIN", "", "the domain that signs; empty is MAIL_DOMAIN", text),
    Setting("SWEEP_SECONDS", "10", "how often due work is looked for", seconds(0.1, 600)),
    Setting(
        "LEASE_SECONDS",
        "20",
        "after such a silence a worker's work is free",
        seconds(0.5, 600),
    ),
    Setting(
        "PASSWORD_MEMORY",
        "32",
        "mebibytes that hashing one password takes; 19 or more in production",
        number(1, 1024),
    ),
    Setting("BATCH_SIZE", "500", "recipients a worker takes at once", number(10, 5000)),
    Setting("ACK_WINDOW", "10", "mails on the wire between two commits", number(1, 100)),
    Setting(
        "DOUBT_WAIT_SECONDS",
        "20",
        "how long a mail to many that may have arrived waits before it goes again",
        seconds(0, 604_800),
    ),
    Setting("SMTP_TIMEOUT", "30", "how long a mail relay may be silent", seconds(0.5, 300)),
    Setting(
        "MAIL_PAUSE_SECONDS",
        "0",
        "pause after each window of mails; 0.3 in the demo, to watch them",
        seconds(0, 5),
    ),
    Setting(
        "MAIL_RATE",
        "0",
        "mails to many that leave in a second, from all workers; 0 is no limit",
        number(0, 100_000),
    ),
    Setting(
        "DOMAIN_RATES",
        "",
        "the same by receiving domain: gmail.com=20,outlook.com=10,*=5; empty is no limit",
        rates,
    ),
    Setting(
        "WARM_UP_SINCE",
        "",
        "day on which MAIL_DOMAIN first sends; its mail to many grows from day to day",
        day,
    ),
    Setting(
        "MAILS_A_WEEK",
        "2",
        "digests and news that one person gets in seven days, from all senders; 0 is no limit",
        number(0, 1000),
    ),
    Setting(
        "SECOND_PERSON_ABOVE",
        "10000",
        "a digest to more people waits for a second person's approval, or for an hour",
        number(0, 100_000_000),
    ),
    Setting("LETTERS_A_DAY", "2", "how often an alliance may write in 24 hours", number(0, 50)),
    Setting(
        "PAGE_SECONDS",
        "2",
        "how old a public page may be for visitors who are not signed in; 0 makes each anew",
        seconds(0, 60),
    ),
    Setting("FETCH_PRIVATE", "0", "1 also fetches from private networks; for tests", number(0, 1)),
    Setting("WORKERS", "1", "worker threads of the embedded program", number(1, 8)),
    Setting(
        "SENTRY_DSN",
        "",
        "a Sentry that faults are told to, without names; empty is none",
        url("https", "http", optional=True),
    ),
    Setting("LOG_LEVEL", "INFO", "how much goes to the log", one_of("DEBUG", "INFO", "WARNING")),
    Setting("DEBUG", "0", "1 shows faults in the page; never on a public address", number(0, 1)),
)


DEFAULTS = {
    "demo": {"MAIL_PAUSE_SECONDS": "0.3"},
    "test": {"PAGE_SECONDS": "0"},
}
"""Where the environments differ: in the demo one can watch a digest go out, pause it and go on;
a test sees at once what it wrote."""


def load(environ: Mapping[str, str]) -> dict[str, Any]:
    """Read every setting from `environ`, or raise ConfigError with one sentence."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        raw = environ.get(setting.name, _default(setting, environ))
        try:
            values[setting.name] = setting.parse(raw)
        except ValueError as error:
            shown = PASSWORD.sub("***", raw)
            raise ConfigError(f"{setting.name} is {shown!r}, but must be {error}.") from None
    if values["WHEREAS_ENV"] == "production":
        _refuse_unsafe_production(values, environ)
    return values | _derived(values)


def _default(setting: Setting, environ: Mapping[str, str]) -> str:
    defaults = DEFAULTS.get(environ.get("WHEREAS_ENV", "demo"), {})
    return defaults.get(setting.name, setting.default)


def _derived(values: Mapping[str, Any]) -> dict[str, Any]:
    var = values["VAR_DIR"]
    base = values["BASE_URL"] or f"http://{values['HOST']}:{values['PORT']}"
    try:
        base = web_address(base)
    except ValueError as error:
        raise ConfigError(f"BASE_URL is {base!r}, but must be {error}.") from None
    return {
        "BASE_URL": base,
        "DATABASE_URL": values["DATABASE_URL"] or f"sqlite:///{var}/whereas.db",
        "SMTP_URL": values["SMTP_URL"] or f"maildir://{var}/mail",
        "DEMO": values["WHEREAS_ENV"] == "demo",
        "SECURE": base.startswith("https:"),
        "TRUSTED_HOSTS": _hosts(base, values),
        "MAX_CONTENT_LENGTH": 2_000_000,
        "MAX_FORM_MEMORY_SIZE": 1_500_000,
    }


def _hosts(base: str, values: Mapping[str, Any]) -> list[str]:
    hosts = [str(urlsplit(base).hostname), *values["TRUSTED_HOSTS"]]
    if values["WHEREAS_ENV"] != "production":
        hosts += ["localhost", "127.0.0.1"]
    return hosts


LEAST_CHARACTERS = 8
"""Different ones in a secret: 32 random hexadecimal digits have fewer once in ten million times."""
LEAST_PASSWORD_MEMORY = 19
"""Mebibytes of argon2id with two passes (OWASP, Password Storage Cheat Sheet)."""

REQUIRED_IN_PRODUCTION = (
    "BASE_URL",
    "SITE_NAME",
    "POSTAL_ADDRESS",
    "PRIVACY_CONTACT",
    "MAIL_DOMAIN",
    "REPLY_TO",
)


def _refuse_unsafe_production(values: Mapping[str, Any], environ: Mapping[str, str]) -> None:
    missing = [name for name in REQUIRED_IN_PRODUCTION if not environ.get(name, "").strip(" …")]
    if missing:
        raise ConfigError(f"{', '.join(missing)} must be set in production.")
    if not _is_secret(values["SECRET_KEY"]):
        example = secrets.token_urlsafe(32)
        raise ConfigError(
            "SECRET_KEY must be 32 random characters or more in production, "
            f"for example {example} (made for you just now)."
        )
    if values["PASSWORD_MEMORY"] < LEAST_PASSWORD_MEMORY:
        raise ConfigError(f"PASSWORD_MEMORY must be {LEAST_PASSWORD_MEMORY} or more in production.")
    if values["DEBUG"] and not _is_loopback(values["HOST"]):
        raise ConfigError("DEBUG must be 0 on a public address.")


def _is_secret(key: str) -> bool:
    """Whether a key is long, not the published one, and not a few characters again and again."""
    return len(key) >= 32 and PUBLISHED_SECRET not in key and len(set(key)) >= LEAST_CHARACTERS


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
