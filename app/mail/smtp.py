"""Mail over SMTP, pipelined (RFC 2920) where the relay allows: one round trip for each mail.

The body of one mail and the envelope of the next leave in one write. DATA may only end a group of
commands, so at most one body is ever unanswered; that one is what a broken connection puts in
doubt, and nothing else is.
"""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from app.mail.relay import CLOSING, Lost, Relay, Reply, Wire
from app.mail.wire import Envelope, Fate, Key, MayLeave, Outcome, Stage, TransportDown, always

END = b".\r\n"
RESET = b"RSET\r\n"
TRIES = 2  # connections that a mail may lose before it is put off

# What a relay says to the three commands when it agrees: 2yz, 2yz, 3yz.
AGREEMENT = ((Stage.MAIL, 2), (Stage.RCPT, 2), (Stage.DATA, 3))


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient we are, in seconds, and how many mails and seconds one connection serves."""

    timeout: float = 30
    connect_timeout: float = 10
    mails: int = 1000
    seconds: float = 300
    barren: int = 4  # connections in a row without an answer for any mail, before we give up


class SmtpTransport:
    """Sends mail to one relay over one connection, which it keeps between calls of `send`."""

    def __init__(
        self,
        relay: Relay,
        limits: Limits | None = None,
        *,
        helo: str = "localhost",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.relay = relay
        self.limits = limits or Limits()
        self._helo = helo
        self._tls = tls
        self._wire: Wire | None = None
        self._run = _Run(())

    @property
    def in_flight(self) -> tuple[Key, ...]:
        return self._run.in_flight

    def send(
        self, envelopes: Iterable[Envelope], may_leave: MayLeave = always
    ) -> Iterator[Outcome]:
        self._run = run = _Run(envelopes)
        if self._wire is not None and not self._wire.alive():
            self._drop()  # it fell asleep since the last call
        try:
            yield from self._outcomes(run, may_leave)
            self._clean_up()
            run.quiet = True
        finally:
            if not run.quiet:
                self._drop()
        run.raise_error_of_source()

    def connect(self) -> Wire:
        """Connect and sign in, as the first mail does; raises TransportDown."""
        if self._wire is None:
            self._wire = Wire(
                self.relay,
                helo=self._helo,
                tls=self._tls,
                connect_timeout=self.limits.connect_timeout,
                timeout=self.limits.timeout,
            )
        return self._wire

    def close(self) -> None:
        if self._wire is not None:
            self._wire.quit()
            self._wire = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _outcomes(self, run: _Run, may_leave: MayLeave) -> Iterator[Outcome]:
        barren = 0
        words = ""
        while run.has_more():
            if run.ready is not None and not may_leave(run.ready.key):
                run.ready = None
                self._drop()  # DATA was agreed upon, and there is no other way back
                continue
            wire = self._connection(run)
            try:
                run.round_trip(wire, alone=self._is_worn(wire, with_one_more=run.ready))
            except Lost as lost:
                words = str(lost)
                run.recover(wire, words)
                barren = 0 if wire.answered else barren + 1
                self._drop()
            while run.settled:
                yield run.settled.popleft()
            if barren >= self.limits.barren:
                raise TransportDown(f"{self.relay.host}:{self.relay.port} takes no mail: {words}")

    def _connection(self, run: _Run) -> Wire:
        """The connection, a new one where it has served enough and no mail is open on it."""
        if self._wire is not None and run.ready is None and self._is_worn(self._wire):
            self.close()
        return self.connect()

    def _is_worn(self, wire: Wire, with_one_more: Envelope | None = None) -> bool:
        mails = wire.answered + (with_one_more is not None)
        age = time.monotonic() - wire.opened
        return mails >= self.limits.mails or age >= self.limits.seconds

    def _clean_up(self) -> None:
        if self._wire is None or not self._wire.cleanup:
            return
        try:
            self._wire.say(*self._wire.cleanup)
            self._wire.clean_up()
        except Lost:
            self._drop()  # every mail has its outcome already

    def _drop(self) -> None:
        if self._wire is not None:
            self._wire.drop()
            self._wire = None


class _Run:
    """One call of `send`: what waits, whose body may go next, and what is settled."""

    def __init__(self, envelopes: Iterable[Envelope]) -> None:
        self.ready: Envelope | None = None  # the relay answered its DATA: the body may follow
        self.settled: deque[Outcome] = deque()
        self.quiet = False
        self._open_body: tuple[Key, ...] = ()
        self._source = iter(envelopes)
        self._waiting: deque[Envelope] = deque()
        self._error: Exception | None = None
        self._body_size = 0
        self._blamed: Key | None = None
        self._tries = 0

    @property
    def in_flight(self) -> tuple[Key, ...]:
        untold = (told.key for told in self.settled if told.fate in (Fate.SENT, Fate.DOUBT))
        return (*self._open_body, *untold)

    def has_more(self) -> bool:
        if not self._waiting:
            self._read_ahead()
        return self.ready is not None or bool(self._waiting)

    def raise_error_of_source(self) -> None:
        if self._error is not None:
            raise self._error

    def round_trip(self, wire: Wire, *, alone: bool) -> None:
        """Send the body that may go and the next envelope (not if `alone`), and read the replies.

        While the relay works, the mail after these is read from the source.
        """
        body = _stuffed(self.ready) if self.ready else b""
        opening = (body,) if self.ready else wire.cleanup
        upcoming = None if (alone and self.ready) or not self._waiting else self._waiting[0]
        self._body_size = len(body)
        self._open_body = (self.ready.key,) if self.ready else ()
        wire.say(*opening, *(_commands(upcoming) if upcoming else ()))
        self._read_ahead()
        if self.ready:
            self._acknowledge(wire, self.ready)
        else:
            wire.clean_up()
        if upcoming:
            self._offer(wire, upcoming)

    def recover(self, wire: Wire, words: str) -> None:
        """After a lost connection: doubt for a body that left whole, everything else waits on."""
        mail, self.ready, self._open_body = self.ready, None, ()
        if mail is not None and wire.written >= self._body_size:
            self.settled.append(Outcome(mail.key, Fate.DOUBT, Stage.BODY, 0, words))
            return
        if mail is not None:
            self._waiting.appendleft(mail)
        if self._waiting:
            self._blame(self._waiting[0], words)

    def _blame(self, mail: Envelope, words: str) -> None:
        """Put a mail off that loses every connection, so that it does not hold up the others."""
        self._tries = self._tries + 1 if self._blamed == mail.key else 1
        self._blamed = mail.key
        if self._tries >= TRIES:
            self._waiting.popleft()
            self.settled.append(Outcome(mail.key, Fate.TRANSIENT, Stage.CONNECTION, 0, words))

    def _acknowledge(self, wire: Wire, mail: Envelope) -> None:
        reply = wire.last_words()
        self.ready, self._open_body = None, ()
        wire.answered += 1
        self.settled.append(_outcome(mail.key, Stage.BODY, reply))
        if reply.code == CLOSING:
            raise Lost(f"{reply.code} {reply.text}")

    def _offer(self, wire: Wire, mail: Envelope) -> None:
        """Read what the relay says to the envelope; with its consent the body is ready to go."""
        refused = False
        code = 0
        for stage, agreed in AGREEMENT:
            reply = wire.reply()
            code = reply.code
            if not refused and code // 100 != agreed:
                refused = True
                self._refuse(wire, mail, stage, reply)
                if not wire.pipelining:
                    wire.unsay()
                    break
        if refused:
            # A relay may want a body for nobody: it gets an empty one, which it will not deliver.
            wire.cleanup = (END, RESET) if code // 100 == 3 else (RESET,)
        else:
            self._waiting.popleft()
            self.ready = mail

    def _refuse(self, wire: Wire, mail: Envelope, stage: Stage, reply: Reply) -> None:
        self._waiting.popleft()
        wire.answered += 1
        self.settled.append(_outcome(mail.key, stage, reply))

    def _read_ahead(self) -> None:
        if self._error is not None or len(self._waiting) > 1:
            return
        try:
            mail = next(self._source, None)
        except Exception as error:  # noqa: BLE001  raised again when the wire is quiet
            self._error = error
            return
        if mail is not None:
            self._waiting.append(mail)


def _commands(mail: Envelope) -> tuple[bytes, bytes, bytes]:
    return (
        b"MAIL FROM:<%b>\r\n" % mail.sender.encode("ascii"),
        b"RCPT TO:<%b>\r\n" % mail.recipient.encode("ascii"),
        b"DATA\r\n",
    )


def _stuffed(mail: Envelope) -> bytes:
    """A message as DATA wants it: dots at the start of a line doubled, ended by a lone one."""
    message = mail.data
    if mail.dotless and message.endswith(b"\r\n"):
        return message + END
    if b"\n." in message:
        message = message.replace(b"\n.", b"\n..")
    if message.startswith(b"."):
        message = b"." + message
    return message + (END if message.endswith(b"\r\n") else b"\r\n" + END)


def _outcome(key: Key, stage: Stage, reply: Reply) -> Outcome:
    fate = {2: Fate.SENT, 5: Fate.PERMANENT}.get(reply.code // 100, Fate.TRANSIENT)
    return Outcome(key, fate, stage, reply.code, reply.text)
