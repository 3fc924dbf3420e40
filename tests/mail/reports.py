"""Mail that came back, as servers write it: for the tests that read it."""

from __future__ import annotations

from app.mail.dsn import Returned

SENDER = "bounce+m1p2-0123456789abcdef0123@example.org"
MESSAGE_ID = "<0123@example.org>"


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def headers_of_ours(sender: str = SENDER, message_id: str = MESSAGE_ID, to: str = "") -> str:
    return (
        f"Return-Path: <{sender}>\n"
        "From: Coalition for Justice <digest@example.org>\n"
        f"To: {to or 'Maria <maria@example.net>'}\n"
        f"Message-ID: {message_id}\n"
        "Subject: Your month\n"
        "List-Unsubscribe: <https://alliances.example.org/unsubscribe/1.1.1.abc>\n"
    )


def block(
    recipient: str = "maria@example.net",
    action: str = "failed",
    status: str = "5.1.1",
    words: str = "smtp; 550 5.1.1 <maria@example.net> unknown",
) -> str:
    """What a report says of one recipient."""
    return (
        f"Final-Recipient: rfc822; {recipient}\n"
        f"Action: {action}\nStatus: {status}\nDiagnostic-Code: {words}\n\n"
    )


def dsn(
    *blocks: str,
    to: str = SENDER,
    returned: str | None = None,
    returned_type: str = "message/rfc822",
) -> bytes:
    """A report of failure as Postfix writes it."""
    return crlf(
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@mx.example.net (Mail Delivery System)\n"
        f"To: {to}\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n\n'
        "--=_b\nContent-Type: text/plain; charset=us-ascii\n\nI'm sorry to have to inform you.\n"
        "--=_b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.net\nX-Postfix-Queue-ID: 4F2\n\n"
        f"{''.join(blocks or (block(),))}"
        f"--=_b\nContent-Type: {returned_type}\n\n"
        f"{headers_of_ours() if returned is None else returned}\n"
        "The mail itself.\n--=_b--\n"
    )


def complaint(
    kind: str = "abuse", *, fields: str = f"Original-Mail-From: <{SENDER}>\n", returned: str = ""
) -> bytes:
    """A report of a complaint, as providers send it to those who asked for it."""
    return crlf(
        "From: feedback@isp.example.net\n"
        "To: complaints@example.org\n"
        "Subject: FW: Your month\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="=_b"\n\n'
        "--=_b\nContent-Type: text/plain\n\nThis is an abuse report.\n"
        "--=_b\nContent-Type: message/feedback-report\n\n"
        f"Feedback-Type: {kind}\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n{fields}\n"
        f"--=_b\nContent-Type: message/rfc822\n\n{returned or headers_of_ours()}\n"
        "The mail itself.\n--=_b--\n"
    )


RETURNED = Returned(
    message_id=MESSAGE_ID,
    recipients=("maria@example.net",),
    unsubscribe="<https://alliances.example.org/unsubscribe/1.1.1.abc>",
)
QMAIL = crlf(
    "From: MAILER-DAEMON@mx.example.net\n"
    f"To: {SENDER}\n"
    "Subject: failure notice\n\n"
    "Hi. This is the qmail-send program at mx.example.net.\n\n"
    "<maria@example.net>:\n"
    "550 5.1.1 sorry, no mailbox here by that name\n"
)
AWAY = crlf(
    "From: Maria <maria@example.net>\n"
    f"To: {SENDER}\n"
    "Subject: Out of office\n"
    "Auto-Submitted: auto-replied\n\n"
    "I am away until room 550 5.1.1 is painted.\n"
)
READ = crlf(
    "From: Maria <maria@example.net>\n"
    f"To: {SENDER}\n"
    'Content-Type: multipart/report; report-type=disposition-notification; boundary="=_b"\n\n'
    "--=_b\nContent-Type: text/plain\n\nYour message was read.\n"
    "--=_b\nContent-Type: message/disposition-notification\n\n"
    "Final-Recipient: rfc822; maria@example.net\nDisposition: manual-action; displayed\n\n"
    "--=_b--\n"
)
