"""How we reach a relay: its address, signing in, TLS."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.mail.maildir import MaildirTransport
from app.mail.relay import Relay
from app.mail.smtp import Limits, SmtpTransport
from app.mail.transports import open_transport
from app.mail.wire import BadMailUrl, Fate, TransportDown
from app.mail.wire import Envelope as Mail
from tests.services.processes import free_port

CERTIFICATE = Path(__file__).with_name("localhost.pem")  # for tests alone, with its key


class Inbox(Message):
    """Counts what arrives, and whether it came over TLS."""

    def __init__(self) -> None:
        super().__init__()
        self.over_tls: list[bool] = []

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.over_tls.append(
            session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None
        )
        return "250 ok"

    def handle_message(self, message: Any) -> None:
        raise NotImplementedError


def check_password(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
) -> AuthResult:
    return AuthResult(success=given == LoginPassword(b"maria", b"open:se/same@"), handled=False)


@contextmanager
def server(**options: Any) -> Iterator[tuple[int, Inbox]]:
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port, inbox
    finally:
        controller.stop()


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATE)


def send_one(url: str, tls: ssl.SSLContext | None = None) -> Fate:
    mail = Mail(1, "staff@example.org", "reader@example.org", b"Subject: hello\r\n\r\nhello\r\n")
    with SmtpTransport(Relay.from_url(url), Limits(timeout=5), tls=tls) as smtp:
        (outcome,) = smtp.send([mail])
    return outcome.fate


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_signs_in_with_a_password_full_of_marks() -> None:
    options = {"authenticator": check_password, "auth_required": True, "auth_require_tls": False}
    with server(**options) as (port, inbox):
        assert send_one(f"smtp://maria:open%3Ase%2Fsame%40@127.0.0.1:{port}") is Fate.SENT
    assert inbox.over_tls == [False]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_told_without_the_password() -> None:
    options = {"authenticator": check_password, "auth_required": True, "auth_require_tls": False}
    with server(**options) as (port, inbox), pytest.raises(TransportDown) as caught:
        send_one(f"smtp://maria:wrong-one@127.0.0.1:{port}")
    assert "535" in str(caught.value)
    assert "wrong-one" not in str(caught.value)
    assert inbox.over_tls == []


def test_a_password_is_not_offered_where_the_relay_knows_none() -> None:
    with server() as (port, inbox), pytest.raises(TransportDown, match="AUTH"):
        send_one(f"smtp://maria:open@127.0.0.1:{port}")
    assert inbox.over_tls == []


def test_starttls_encrypts_before_signing_in() -> None:
    options = {"authenticator": check_password, "auth_required": True, "tls_context": server_tls()}
    with server(**options) as (port, inbox):
        url = f"smtp://maria:open%3Ase%2Fsame%40@127.0.0.1:{port}?starttls=1"
        assert send_one(url, trusting()) is Fate.SENT
    assert inbox.over_tls == [True]


def test_smtps_encrypts_from_the_first_byte() -> None:
    with server(ssl_context=server_tls()) as (port, inbox):
        assert send_one(f"smtps://localhost:{port}", trusting()) is Fate.SENT
    assert inbox.over_tls == [True]


def test_mail_does_not_go_in_clear_where_the_relay_has_no_starttls() -> None:
    with server() as (port, inbox), pytest.raises(TransportDown, match="STARTTLS"):
        send_one(f"smtp://127.0.0.1:{port}?starttls=1")
    assert inbox.over_tls == []


@pytest.mark.parametrize("scheme", ["smtp://127.0.0.1:{}?starttls=1", "smtps://127.0.0.1:{}"])
def test_a_certificate_that_nobody_vouches_for_is_refused(scheme: str) -> None:
    key = "ssl_context" if scheme.startswith("smtps") else "tls_context"
    refused = pytest.raises(TransportDown, match="certificate verify failed")
    with server(**{key: server_tls()}) as (port, inbox), refused:
        send_one(scheme.format(port))
    assert inbox.over_tls == []


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://mail.example.org", Relay("mail.example.org", 25)),
        ("smtp://mail.example.org:2525/", Relay("mail.example.org", 2525)),
        ("smtp://mail.example.org?starttls=1", Relay("mail.example.org", 587, starttls=True)),
        ("smtp://mail.example.org?starttls=0", Relay("mail.example.org", 25)),
        ("smtps://mail.example.org", Relay("mail.example.org", 465, implicit_tls=True)),
        (
            "smtp://a%40b.org:p%3A%2F@mail.example.org:587",
            Relay("mail.example.org", 587, user="a@b.org", password="p:/"),
        ),
        ("smtp://[::1]:25", Relay("::1", 25)),
    ],
)
def test_an_address_says_where_and_how(url: str, relay: Relay) -> None:
    assert Relay.from_url(url) == relay


@pytest.mark.parametrize(
    "url",
    [
        "smtp://",
        "smtp:///path",
        "smtp://mail.example.org/path",
        "smtp://mail.example.org:seven",
        "smtp://mail.example.org:70000",
        "smtp://mail.example.org?starttls=yes",
        "smtp://mail.example.org?tls=1",
        "smtps://mail.example.org?starttls=1",
        "maildir://relative/path",
        "maildir:///",
        "https://mail.example.org",
        "",
    ],
)
def test_an_address_that_makes_no_sense_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadMailUrl) as caught:
        open_transport(url.replace("://mail", "://maria:hidden@mail"))
    assert "hidden" not in str(caught.value)


def test_a_relay_does_not_show_its_password() -> None:
    assert "hidden" not in repr(Relay.from_url("smtp://maria:hidden@mail.example.org"))


def test_the_address_chooses_the_transport(tmp_path: Path) -> None:
    smtp = open_transport("smtp://mail.example.org", Limits(timeout=3))
    maildir = open_transport(f"maildir://{tmp_path}/my%20mail")
    assert isinstance(smtp, SmtpTransport)
    assert (smtp.relay, smtp.limits) == (Relay("mail.example.org", 25), Limits(timeout=3))
    assert isinstance(maildir, MaildirTransport)
    assert maildir.folder == tmp_path / "my mail"
