"""One SMTP connection: smtplib introduces us, signs in and starts TLS; then commands and replies.

Commands leave together where the relay allows pipelining, else one at a time, so that whoever
speaks here need not know the difference.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import time
from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from app.mail.wire import BadMailUrl, TransportDown

LONGEST_LINE = 2000  # RFC 5321 allows 512; some relays explain themselves at length
CLOSING = 421
GOODBYE_SECONDS = 2.0
NOT_SMTP = "that is not SMTP"


class Lost(Exception):
    """The connection broke, or the relay announced that it is closing it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer; `text` joins the lines of a long one."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over and how we prove who we are."""

    host: str
    port: int
    implicit_tls: bool = False
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> Relay:
        """Read `smtp://user:password@host:port?starttls=1` or `smtps://…`."""
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        starttls = options.pop("starttls", "0")
        implicit = parts.scheme == "smtps"
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
            raise BadMailUrl("a mail relay is smtp://host:port or smtps://host:port")
        try:
            port = parts.port
        except ValueError:
            raise BadMailUrl("the port of a mail relay is a number up to 65535") from None
        if options or starttls not in ("0", "1") or (implicit and starttls == "1"):
            raise BadMailUrl("the only option of a mail relay is ?starttls=1, and only for smtp://")
        return cls(
            host=parts.hostname,
            port=port or (465 if implicit else 587 if starttls == "1" else 25),
            implicit_tls=implicit,
            starttls=starttls == "1",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class Wire:
    """An open connection, ready for mail.

    `written` counts the bytes that left since the last `say`; `answered` the mails that the relay
    gave an answer for; `cleanup` are commands that must go before the next mail's.
    """

    def __init__(
        self,
        relay: Relay,
        *,
        helo: str,
        tls: ssl.SSLContext | None,
        connect_timeout: float,
        timeout: float,
    ) -> None:
        self._smtp = _introduced(relay, helo, tls, connect_timeout)
        self._socket = cast(socket.socket, self._smtp.sock)
        self._socket.settimeout(timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines: BinaryIO = self._smtp.file or self._socket.makefile("rb")
        self._later: deque[bytes] = deque()
        self.pipelining = self._smtp.has_extn("pipelining")
        self.opened = time.monotonic()
        self.written = 0
        self.answered = 0
        self.cleanup: tuple[bytes, ...] = ()

    def say(self, *commands: bytes) -> None:
        """Send commands at once, or each when its reply is asked for; raises Lost."""
        self.written = 0
        if self.pipelining:
            self._write(b"".join(commands))
        else:
            self._later.extend(commands)

    def unsay(self) -> None:
        """Forget the commands that have not left yet; none of them will be answered."""
        self._later.clear()

    def reply(self) -> Reply:
        """The answer to the next command; raises Lost when it is that the relay is closing."""
        reply = self.last_words()
        if reply.code == CLOSING:
            raise Lost(f"{reply.code} {reply.text}")
        return reply

    def last_words(self) -> Reply:
        """The answer to the next command, even if it is that the relay is closing."""
        if self._later:
            self._write(self._later.popleft())
        try:
            return self._read()
        except OSError as error:
            raise Lost(_reason(error)) from error

    def clean_up(self) -> None:
        """Read the answers to `cleanup`, whatever they are."""
        for _ in self.cleanup:
            self.reply()
        self.cleanup = ()

    def alive(self) -> bool:
        try:
            self.say(b"NOOP\r\n")
            return self.reply().code < 400
        except Lost:
            return False

    def quit(self) -> None:
        """Say goodbye; all mail is settled, so a relay that hangs up first is no news."""
        with contextlib.suppress(OSError, Lost):
            self._socket.settimeout(GOODBYE_SECONDS)
            self.say(b"QUIT\r\n")
            self.last_words()
        self.drop()

    def drop(self) -> None:
        """Hang up without a word: what is open on this connection must not be finished."""
        self._lines.close()
        self._smtp.close()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        end = self.written + len(data)
        try:
            while self.written < end:
                self.written += self._socket.send(view[self.written - end :])
        except OSError as error:
            raise Lost(_reason(error)) from error

    def _read(self) -> Reply:
        line = self._lines.readline(LONGEST_LINE)
        if line[3:4] == b" ":
            return _reply(line)
        texts = []
        while line[3:4] == b"-":
            texts.append(_reply(line).text)
            line = self._lines.readline(LONGEST_LINE)
        last = _reply(line)
        return Reply(last.code, " ".join((*texts, last.text)))


@lru_cache(maxsize=256)  # most answers are the same for every mail
def _reply(line: bytes) -> Reply:
    """One line of an answer; raises Lost."""
    if not line.endswith(b"\n") or not line[:3].isdigit():
        raise Lost("the relay closed the connection" if not line else NOT_SMTP)
    return Reply(int(line[:3]), line[4:].strip().decode("ascii", "replace"))


def _introduced(
    relay: Relay, helo: str, tls: ssl.SSLContext | None, timeout: float
) -> smtplib.SMTP:
    """A connection that has said EHLO, started TLS and signed in; raises TransportDown."""
    tls = tls or (ssl.create_default_context() if relay.implicit_tls or relay.starttls else None)
    try:
        smtp = _connected(relay, helo, tls, timeout)
    except OSError as error:
        raise TransportDown(f"{relay.host}:{relay.port}: {_reason(error)}") from error
    try:
        smtp.ehlo_or_helo_if_needed()
        if relay.starttls:
            smtp.starttls(context=tls)
            smtp.ehlo()
        if relay.user:
            smtp.login(relay.user, relay.password)
    except OSError as error:  # smtplib's own errors are among these
        smtp.close()
        raise TransportDown(f"{relay.host}:{relay.port}: {_reason(error)}") from error
    return smtp


def _connected(relay: Relay, helo: str, tls: ssl.SSLContext | None, timeout: float) -> smtplib.SMTP:
    if relay.implicit_tls:
        return smtplib.SMTP_SSL(relay.host, relay.port, helo, timeout=timeout, context=tls)
    return smtplib.SMTP(relay.host, relay.port, helo, timeout=timeout)


def _reason(error: OSError) -> str:
    """What an error of the network or of smtplib says, on one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code < 0:
            return NOT_SMTP
        words = error.smtp_error
        text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
        return f"{error.smtp_code} {text}".replace("\n", " ")
    return str(error) or type(error).__name__
