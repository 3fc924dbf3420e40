"""Signatures over the very messages that leave, verified by another program."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path

import dkim as verifier
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.foundation.web import Whereas
from app.mail import dkim, engine, outbox
from app.mail.dkim_keys import BadKey, Key, load
from app.mail.outbox import Notice
from app.mail.signing import signer
from tests.factories import PersonFactory
from tests.mail.kinds import circular, states
from tests.services.smtp import SmtpServer


def pem(private: object) -> bytes:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


RSA = rsa.generate_private_key(65537, 2048)
ED25519 = Ed25519PrivateKey.generate()
KEYS = (Key("example.org", "rsa1", RSA), Key("example.org", "ed1", ED25519))
RECORDS = {f"{key.name}.".encode(): key.record.encode() for key in KEYS}


def verified(message: bytes) -> list[bool]:
    """What an independent verifier says of each signature."""
    number = message.count(b"DKIM-Signature:")
    checked = verifier.DKIM(message)
    look_up = lambda name, timeout=5: RECORDS.get(name)  # noqa: E731
    return [checked.verify(idx=nth, dnsfunc=look_up) for nth in range(number)]


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    for name, private in (("rsa.pem", RSA), ("ed.pem", ED25519)):
        (tmp_path / name).write_bytes(pem(private))
    return tmp_path / "rsa.pem", tmp_path / "ed.pem"


@pytest.fixture
def signing(mailing_app: Whereas, keys: tuple[Path, Path]) -> Whereas:
    mailing_app.config.update(
        DKIM_KEY_FILE=keys[0],
        DKIM_SELECTOR="rsa1",
        DKIM_SECOND_KEY_FILE=keys[1],
        DKIM_SECOND_SELECTOR="ed1",
    )
    return mailing_app


def test_every_mail_that_leaves_verifies(
    signing: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    person = PersonFactory(name="Zoë Ångström")
    notice = Notice("a/b", "Grüße", "Text\n", "<p>Text</p>")
    outbox.post(person.address, notice, once="x")
    circular(title="A long title " * 12)
    engine.sweep()
    engine.work()
    assert len(smtp_server.messages) == 2
    for received in smtp_server.messages:
        assert verified(received.raw) == [True, True]


def test_digests_sign_the_headers_of_one_click_and_nobody_can_add_a_sender(
    signing: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory()
    circular()
    engine.sweep()
    engine.work()
    message = smtp_server.messages[0].raw
    signature = message_from_bytes(message)["DKIM-Signature"]
    names = "".join(signature.split()).partition("h=")[2].partition(";")[0].split(":")
    assert names.count("from") == 2
    assert names.count("list-unsubscribe") == 2
    assert names.count("list-unsubscribe-post") == 2
    assert "d=example.org; s=rsa1" in signature
    assert verified(b"From: Eve <eve@example.net>\r\n" + message) == [False, False]
    assert verified(b"List-Unsubscribe: <https://evil.example>\r\n" + message) == [False, False]
    assert verified(message.replace(b"Hello", b"Hullo")) == [False, False]


def test_without_a_key_nothing_is_signed(
    mailing_app: Whereas, mail_db: Session, smtp_server: SmtpServer
) -> None:
    PersonFactory()
    circular()
    engine.sweep()
    engine.work()
    assert b"DKIM" not in smtp_server.messages[0].raw
    message = b"From: a@example.org\r\n\r\nhello\r\n"
    assert signer()(message) is message


HEAD = b"From: a@example.org\r\nSubject: hello\r\n\r\n"


@pytest.mark.parametrize(
    "message",
    [
        HEAD,
        HEAD + b"\r\n\r\n\r\n",
        HEAD + b"hello",
        HEAD + b"hello \t \r\n\t a  b\r\n \r\n\r\n",
        HEAD + b".\r\n..\r\n",
        b"FROM:  a@example.org  \r\nSubject: a\r\n b\r\n\t c \r\n\r\nhello\r\n",
        b"From: a@example.org\r\nSubject: one\r\nSubject: two\r\nTo:\r\n\r\nhello\r\n",
    ],
)
def test_odd_messages_verify(app: Whereas, message: bytes) -> None:
    with app.app_context():
        assert verified(dkim.signed(message, KEYS)) == [True, True]


@given(
    body=st.text(st.sampled_from("ab .\t\n"), max_size=200),
    subject=st.text(st.sampled_from("ab \t"), min_size=1, max_size=80),
)
def test_spaces_and_empty_lines_anywhere_verify(body: str, subject: str) -> None:
    text = f"From: a@example.org\nSubject: x{subject}\n\n{body}".replace("\n", "\r\n").encode()
    assert verified(dkim.signed(text, KEYS[1:])) == [True]


def test_lines_stay_short(app: Whereas) -> None:
    signed = dkim.signed(HEAD, KEYS)
    assert max(map(len, signed.split(b"\r\n"))) <= 98


def test_a_key_is_read_and_a_bad_one_is_named(keys: tuple[Path, Path], tmp_path: Path) -> None:
    assert load(keys[0], "example.org", "s").algorithm == "rsa"
    assert load(keys[1], "example.org", "s").algorithm == "ed25519"
    bad = {
        "short.pem": pem(rsa.generate_private_key(65537, 1024)),  # noqa: S505  too short
        "other.pem": pem(X25519PrivateKey.generate()),
        "none.pem": b"hello",
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadKey, match=name):
            load(tmp_path / name, "example.org", "s")
    with pytest.raises(BadKey, match="missing"):
        load(tmp_path / "missing.pem", "example.org", "s")


def test_a_key_that_is_gone_puts_mail_off_and_loses_none(
    signing: Whereas, mail_db: Session, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    signing.config["DKIM_KEY_FILE"] = tmp_path / "gone.pem"
    PersonFactory()
    mailing = circular()
    engine.sweep()
    engine.work()
    assert smtp_server.messages == []
    assert states(mailing) == {"waiting": 1}
