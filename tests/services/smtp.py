"""A mail relay that remembers what it was given, and misbehaves when told to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services.processes import LOOPBACK, free_port

# A connection may end in the middle of a later test, which reads what our own code logs.
logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Received:
    """One message as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class SmtpServer:
    """Starts with `start`; every attribute may be changed while it runs.

    `refuse(command, address)` answers with a reply such as "550 5.1.1 unknown" to refuse MAIL, RCPT
    or DATA (there the address is empty). `hang_up(received)` true closes the connection in place of
    acknowledging a message, which is recorded all the same: the sender cannot know.
    """

    pipelining: bool = False
    delay: float = 0
    """Seconds before a message is acknowledged."""
    close_after: int = 0
    """Messages after which a connection gets no more than 421 and is closed; 0 is never."""
    refuse: Callable[[str, str], str | None] = lambda _command, _address: None
    hang_up: Callable[[Received], bool] = lambda _received: False
    address: str = LOOPBACK
    messages: list[Received] = field(default_factory=list)
    connections: int = 0
    port: int = field(default_factory=free_port)
    _controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://{self.address}:{self.port}"

    @property
    def message_ids(self) -> list[str]:
        return [received.message_id for received in self.messages]

    def to(self, address: str) -> list[Received]:
        """The messages that went to `address`, the oldest first."""
        return [received for received in self.messages if address in received.recipients]

    def forget(self) -> None:
        """Begin anew: nothing arrived, and no mail is slow."""
        self.messages.clear()
        self.delay = 0

    def start(self) -> None:
        """Listen, at the same port also after `stop`."""
        self._controller = Controller(_Handler(self), hostname=self.address, port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """Refuse connections from now on and close those that are open."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


class _Handler:
    """Answers aiosmtpd's questions as the `SmtpServer` wishes."""

    def __init__(self, wishes: SmtpServer) -> None:
        self.wishes = wishes

    async def handle_EHLO(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, name: str, replies: list[str]
    ) -> list[str]:
        session.host_name = name
        self.wishes.connections += 1
        if self.wishes.pipelining:
            replies.insert(1, "250-PIPELINING")
        return replies

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.wishes.close_after and accepted(session) >= self.wishes.close_after:
            asyncio.get_running_loop().call_later(0.01, _transport(server).close)
            return "421 4.7.0 Enough for one connection"
        refusal = self.wishes.refuse("MAIL", address)
        if refusal:
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self.wishes.refuse("RCPT", address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        refusal = self.wishes.refuse("DATA", "")
        if refusal:
            return refusal
        received = Received(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            raw=cast(bytes, envelope.original_content),
        )
        self.wishes.messages.append(received)
        if self.wishes.hang_up(received):
            _transport(server).abort()
            return ""
        await asyncio.sleep(self.wishes.delay)
        vars(session)["accepted"] = accepted(session) + 1
        return f"250 OK {len(self.wishes.messages)}"


def _transport(server: SMTP) -> asyncio.Transport:
    return cast(asyncio.Transport, server.transport)


def accepted(session: Session) -> int:
    """How many messages this connection has delivered."""
    return getattr(session, "accepted", 0)
