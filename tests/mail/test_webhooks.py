"""What providers tell by calling us: believed by its signature, once, and within limits."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.foundation import clock
from app.mail.calls import LARGEST, WINDOW
from app.mail.models import Bounce, BounceKind, Suppression, SuppressionReason
from app.people.models import BULK, Unsubscription
from tests.factories import PersonFactory

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
SECRET = "key-of-the-webhooks"


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    return settings | {"SENDGRID_WEBHOOK_KEY": PUBLIC, "MAILGUN_WEBHOOK_KEY": SECRET}


@pytest.fixture(autouse=True)
def _maria(db: Session) -> None:
    PersonFactory(name="Maria", address__email="maria@example.net")


def now() -> str:
    return str(int(clock.now().timestamp()))


def sendgrid(
    client: FlaskClient, *rows: Any, body: bytes | None = None, at: str = "", **other: str
) -> TestResponse:
    """A call as SendGrid makes it; `other` are headers that differ."""
    body = json.dumps(rows).encode() if body is None else body
    at = at or now()
    signature = base64.b64encode(KEY.sign(at.encode() + body, ec.ECDSA(SHA256()))).decode()
    name = "X-Twilio-Email-Event-Webhook-"
    headers = {f"{name}Signature": signature, f"{name}Timestamp": at}
    headers |= {f"{name}{key}": value for key, value in other.items()}
    return client.post("/webhooks/mail/sendgrid", data=body, headers=headers)


def row(event: str = "bounce", **other: Any) -> dict[str, Any]:
    return {
        "email": "maria@example.net",
        "event": event,
        "type": "bounce",
        "status": "5.1.1",
        "reason": "550 5.1.1 <maria@example.net> unknown",
        "sg_event_id": "event-1",
        "smtp-id": "<unknown@example.org>",
        **other,
    }


def mailgun(
    client: FlaskClient, event: Any, *, token: str = "t" * 50, at: str = "", secret: str = SECRET
) -> TestResponse:
    """A call as Mailgun makes it."""
    at = at or now()
    signature = hmac.new(secret.encode(), (at + token).encode(), hashlib.sha256).hexdigest()
    signed = {"timestamp": at, "token": token, "signature": signature}
    return client.post("/webhooks/mail/mailgun", json={"signature": signed, "event-data": event})


def failed(**other: Any) -> dict[str, Any]:
    return {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "id": "event-1",
        "recipient": "maria@example.net",
        "delivery-status": {"code": 550, "message": "5.1.1 user unknown"},
        "message": {"headers": {"message-id": "unknown@example.org"}},
        **other,
    }


def kinds(db: Session) -> list[BounceKind]:
    db.rollback()
    return list(db.scalars(select(Bounce.kind).order_by(Bounce.id)))


def why(db: Session) -> list[SuppressionReason]:
    db.rollback()
    return list(db.scalars(select(Suppression.reason)))


def test_a_bounce_that_sendgrid_tells_counts_once(db: Session, client: FlaskClient) -> None:
    assert sendgrid(client, row()).get_json() == {"news": 1}
    assert sendgrid(client, row()).get_json() == {"news": 0}
    assert (kinds(db), why(db)) == ([BounceKind.HARD], [SuppressionReason.BOUNCED])
    [kept] = db.scalars(select(Bounce))
    assert (kept.masked, kept.words) == ("m…@example.net", "550 5.1.1 <m…@example.net> unknown")


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (row(type="blocked", reason="550 5.1.1 no"), BounceKind.BLOCKED),
        (row(status="5.2.2", reason="552 5.2.2 over quota"), BounceKind.SOFT),
        (row("dropped", reason="Bounced Address"), BounceKind.HARD),
        (row("dropped", reason="Spam Reporting Address"), BounceKind.COMPLAINT),
        (row("spamreport"), BounceKind.COMPLAINT),
    ],
)
def test_what_sendgrid_tells_is_judged(
    db: Session, client: FlaskClient, told: dict[str, Any], kind: BounceKind
) -> None:
    assert sendgrid(client, told).status_code == 200
    assert kinds(db) == [kind]


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (failed(), BounceKind.HARD),
        (failed(**{"delivery-status": {"code": 552, "message": "full"}}), BounceKind.SOFT),
        (failed(reason="espblock"), BounceKind.BLOCKED),
        (failed(reason="suppress-bounce"), BounceKind.HARD),
        (failed(reason="suppress-complaint"), BounceKind.COMPLAINT),
        (
            {"event": "complained", "recipient": "maria@example.net", "id": "1"},
            BounceKind.COMPLAINT,
        ),
    ],
)
def test_what_mailgun_tells_is_judged(
    db: Session, client: FlaskClient, told: dict[str, Any], kind: BounceKind
) -> None:
    assert mailgun(client, told).get_json() == {"news": 1}
    assert kinds(db) == [kind]


def test_a_complaint_unsubscribes_everybody_at_the_address(
    db: Session, client: FlaskClient
) -> None:
    sendgrid(client, row("spamreport"))
    assert why(db) == [SuppressionReason.COMPLAINED]
    assert set(db.scalars(select(Unsubscription.purpose))) == set(BULK)


@pytest.mark.parametrize(
    "told",
    [
        row("delivered"),
        row("deferred"),
        row("open"),
        row("dropped", reason="Unsubscribed Address"),
        row("something new"),
        row(email="stranger@example.net"),
        row(email="no address"),
        row(email=["maria@example.net"]),
        row(sg_event_id=None),
        {},
        [],
        "text",
        7,
        None,
    ],
)
def test_other_events_and_strangers_change_nothing(
    db: Session, client: FlaskClient, told: Any
) -> None:
    answer = sendgrid(client, told)
    assert (answer.status_code, answer.get_json()) == (200, {"news": 0})
    assert (kinds(db), why(db)) == ([], [])


@pytest.mark.parametrize(
    "told",
    [
        failed(severity="temporary"),
        failed(reason="suppress-unsubscribe"),
        failed(event="opened"),
        {"event": {"deep": []}},
        [],
        None,
    ],
)
def test_other_events_of_mailgun_change_nothing(
    db: Session, client: FlaskClient, told: Any
) -> None:
    assert mailgun(client, told).status_code == 200
    assert (kinds(db), why(db)) == ([], [])


@pytest.mark.parametrize(
    "other",
    [
        {"Signature": base64.b64encode(b"0" * 70).decode()},
        {"Signature": "not base64!"},
        {"Signature": ""},
        {"Timestamp": "1"},
        {"Timestamp": ""},
        {"Timestamp": "9" * 400},
        {"Timestamp": "٣٣"},
    ],
)
def test_a_forged_call_of_sendgrid_is_refused(
    db: Session, client: FlaskClient, other: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    other = {key: value.encode().decode("latin-1") for key, value in other.items()}
    assert sendgrid(client, row(), **other).status_code == 403
    assert (kinds(db), why(db)) == ([], [])
    assert "refused a call for SENDGRID_WEBHOOK_KEY" in caplog.text


def test_a_changed_body_does_not_fit_its_signature(db: Session, client: FlaskClient) -> None:
    good = json.dumps([row()]).encode()
    at = now()
    signature = base64.b64encode(KEY.sign(at.encode() + good, ec.ECDSA(SHA256()))).decode()
    bad = good.replace(b"maria", b"mario")
    assert sendgrid(client, body=bad, at=at, Signature=signature).status_code == 403
    assert why(db) == []


def test_a_signature_is_good_for_a_day(db: Session, client: FlaskClient) -> None:
    at = now()
    with time_machine.travel(clock.now().timestamp() + WINDOW + 60):
        assert sendgrid(client, row(), at=at).status_code == 403
        assert mailgun(client, failed(), at=at).status_code == 403
    assert (kinds(db), why(db)) == ([], [])


def test_a_forged_call_of_mailgun_is_refused(db: Session, client: FlaskClient) -> None:
    assert mailgun(client, failed(), secret="another").status_code == 403
    assert client.post("/webhooks/mail/mailgun", json={"event-data": failed()}).status_code == 403
    assert client.post("/webhooks/mail/mailgun", json=[]).status_code == 403
    assert (kinds(db), why(db)) == ([], [])


def test_a_token_of_mailgun_is_good_once_whatever_comes_with_it(
    db: Session, client: FlaskClient
) -> None:
    """Its signature covers time and token alone, so a captured one could carry anything."""
    PersonFactory(address__email="ana@example.net")
    assert mailgun(client, {"event": "delivered"}).get_json() == {"news": 0}
    stolen = failed(recipient="ana@example.net", id="event-2")
    assert mailgun(client, stolen).get_json() == {"news": 0}
    assert why(db) == []
    assert mailgun(client, failed(), token="u" * 50).get_json() == {"news": 1}


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"[" * 200_000, b"\xff", b'"\\ud800"'])
def test_nonsense_with_a_good_signature_is_refused(
    db: Session, client: FlaskClient, body: bytes
) -> None:
    assert sendgrid(client, body=body).status_code == 400


def test_odd_letters_do_no_harm(db: Session, client: FlaskClient) -> None:
    odd = row(reason="550 5.1.1 \u0000\ud800\u2028 no", sg_event_id="\u0000\ud800x")
    assert sendgrid(client, odd).get_json() == {"news": 1}
    assert kinds(db) == [BounceKind.HARD]


def test_too_much_at_once_is_refused(db: Session, client: FlaskClient) -> None:
    assert sendgrid(client, body=b"[" + b" " * LARGEST + b"]").status_code == 413


def test_many_events_are_taken_together(db: Session, client: FlaskClient) -> None:
    rows = [row(sg_event_id=f"event-{nth}", reason="552 5.2.2 full") for nth in range(50)]
    assert sendgrid(client, *rows).get_json() == {"news": 50}
    assert why(db) == []  # one day counts once


@pytest.mark.parametrize("provider", ["sendgrid", "mailgun"])
def test_without_a_key_there_is_nobody_to_call(
    app: Any, client: FlaskClient, provider: str
) -> None:
    app.config[f"{provider.upper()}_WEBHOOK_KEY"] = ""
    assert client.post(f"/webhooks/mail/{provider}", json=[]).status_code == 404


def test_a_key_that_is_none_refuses_all(app: Any, db: Session, client: FlaskClient) -> None:
    for key in ("", "AAAA", "not base64"):
        app.config["SENDGRID_WEBHOOK_KEY"] = key or "="
        assert sendgrid(client, row()).status_code == 403


def test_a_call_needs_no_origin_and_no_cookie_and_reads_nothing(
    db: Session, client: FlaskClient
) -> None:
    assert client.get("/webhooks/mail/sendgrid").status_code == 405
    headers = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/webhooks/mail/mailgun", json={}, headers=headers)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers
