"""Settings: defaults that work, and nonsense refused with a sentence that names the setting."""

from __future__ import annotations

import pytest

import config

PRODUCTION = {
    "WHEREAS_ENV": "production",
    "SECRET_KEY": "0123456789abcdef" * 2,
    "BASE_URL": "https://alliances.example.org",
    "SITE_NAME": "Coalition",
    "POSTAL_ADDRESS": "1 Plaza, New York",
    "PRIVACY_CONTACT": "privacy@example.org",
    "MAIL_DOMAIN": "example.org",
    "REPLY_TO": "staff@example.org",
}


def test_nothing_set_is_the_embedded_demo() -> None:
    loaded = config.load({})

    assert loaded["DEMO"] is True
    assert loaded["DATABASE_URL"] == f"sqlite:///{config.ROOT}/var/whereas.db"
    assert loaded["SMTP_URL"] == f"maildir://{config.ROOT}/var/mail"
    assert loaded["BASE_URL"] == "http://127.0.0.1:5000"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "eighty", "PORT is 'eighty', but must be a whole number."),
        ("PORT", "0", "PORT is '0', but must be between 1 and 65535."),
        ("WHEREAS_ENV", "prod", "must be one of demo, test, production."),
        ("DATABASE_URL", "mysql://x", "must be an address that begins with postgresql: or"),
        ("DATABASE_URL", "sqlite:", "must be an address such as postgresql://user:password@host/"),
        ("DATABASE_URL", "sqlite://file", "or sqlite:////folder/file."),
        ("DATABASE_URL", "postgresql://host/name?port=x", "must be an address such as postgresql:"),
        ("REDIS_URL", "redis://host/name", "must be an address such as redis://host:6379/0"),
        ("SMTP_URL", "mail.example.org", "must be an address that begins with smtp: or"),
        ("SMTP_URL", "smtp://relay:99999", "must be an address with a host, and a port up to"),
        ("SMTP_URL", "smtp://[::1", "must be an address with a host, and a port up to"),
        ("REPLY_TO", "staff", "must be an e-mail address such as"),
        ("REPLY_TO", "the staff@example.org", "must be an e-mail address such as"),
        ("BASE_URL", "https://a.org/site", "without a path"),
        ("SWEEP_SECONDS", "soon", "must be a number of seconds."),
        ("DEBUG", "2", "must be between 0 and 1."),
        ("MAIL_DOMAIN", "a@b.org", "must be a domain such as example.org."),
        ("DONATE_URL", "javascript:alert(1)", "must be an address that begins with https:"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(name: str, value: str, sentence: str) -> None:
    with pytest.raises(config.ConfigError) as refused:
        config.load({name: value})

    assert str(refused.value).startswith(f"{name} is {value!r}, but ")
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("DATABASE_URL", "postgresql://us:hidden@db:99999/x", "postgresql://us:***@db:99999/x"),
        ("DATABASE_URL", "postgresql://us:hid@den@db/x", "postgresql://us:***@db/x"),
        ("DATABASE_URL", "sqlite://us:hidden@x", "sqlite://us:***@x"),
        (
            "DATABASE_URL",
            "mysql://db/x?password=hidden&user=us",
            "mysql://db/x?password=***&user=us",
        ),
        ("REDIS_URL", "redis://:hidden@redis/name", "redis://:***@redis/name"),
        ("SMTP_URL", "smtp://us:hid/den@relay", "smtp://us:***@relay"),
        ("SMTP_URL", "us:hidden@relay:587", "us:***@relay:587"),
        ("BOUNCE_IMAP_URL", "pop://us:hidden@mail", "pop://us:***@mail"),
    ],
)
def test_an_address_is_refused_without_its_password(name: str, value: str, shown: str) -> None:
    with pytest.raises(config.ConfigError) as refused:
        config.load({name: value})

    assert str(refused.value).startswith(f"{name} is {shown!r}, but must be ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://us:hid%40den@db:5432/x"),
        ("DATABASE_URL", "postgresql:///x"),
        ("DATABASE_URL", "sqlite:////srv/x.db"),
        ("REDIS_URL", "redis://:hidden@redis:6379"),
        ("REDIS_URL", "rediss://redis/1"),
        ("REDIS_URL", "unix:///run/redis.sock"),
    ],
)
def test_these_addresses_are_taken_as_they_are(name: str, value: str) -> None:
    assert config.load({name: value})[name] == value


def test_production_starts_with_all_it_needs() -> None:
    loaded = config.load(PRODUCTION)

    assert loaded["SECURE"] is True
    assert loaded["TRUSTED_HOSTS"] == ["alliances.example.org"]


@pytest.mark.parametrize("name", config.REQUIRED_IN_PRODUCTION)
def test_production_does_not_start_without(name: str) -> None:
    for environment in (
        {key: value for key, value in PRODUCTION.items() if key != name},
        PRODUCTION | {name: "…"},  # as the README writes what is yours to say
    ):
        with pytest.raises(config.ConfigError, match=f"^{name} must be set in production"):
            config.load(environment)


def test_production_names_all_that_is_missing_at_once() -> None:
    with pytest.raises(config.ConfigError) as refused:
        config.load({"WHEREAS_ENV": "production"})

    names = ", ".join(config.REQUIRED_IN_PRODUCTION)
    assert str(refused.value) == f"{names} must be set in production."


@pytest.mark.parametrize(("environment", "pause"), [("demo", 0.3), ("test", 0.0)])
def test_only_the_demo_goes_slowly_enough_to_watch(environment: str, pause: float) -> None:
    assert config.load({"WHEREAS_ENV": environment})["MAIL_PAUSE_SECONDS"] == pause
    asked = config.load({"WHEREAS_ENV": environment, "MAIL_PAUSE_SECONDS": "2"})
    assert asked["MAIL_PAUSE_SECONDS"] == 2.0


@pytest.mark.parametrize(
    "secret", [config.PUBLISHED_SECRET, f"{config.PUBLISHED_SECRET}-now", "short", "password" * 4]
)
def test_production_does_not_start_with_a_known_or_short_secret(secret: str) -> None:
    with pytest.raises(config.ConfigError, match="SECRET_KEY must be 32 random characters"):
        config.load(PRODUCTION | {"SECRET_KEY": secret})


def test_production_does_not_hash_passwords_cheaply() -> None:
    with pytest.raises(config.ConfigError, match="PASSWORD_MEMORY must be 19 or more"):
        config.load(PRODUCTION | {"PASSWORD_MEMORY": "18"})


def test_production_does_not_show_faults_on_a_public_address() -> None:
    with pytest.raises(config.ConfigError, match="DEBUG must be 0 on a public address"):
        config.load(PRODUCTION | {"DEBUG": "1", "HOST": "0.0.0.0"})  # noqa: S104  refused


def test_production_may_show_faults_on_loopback() -> None:
    assert config.load(PRODUCTION | {"DEBUG": "1", "HOST": "127.0.0.1"})["DEBUG"] == 1
