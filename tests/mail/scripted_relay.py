"""A relay that follows a script for each connection, to the byte: what aiosmtpd cannot misdo."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable
from typing import Self

Script = Callable[["Talk"], None]


class Talk:
    """The relay's side of one connection."""

    def __init__(self, connection: socket.socket, relay: ScriptedRelay) -> None:
        self._socket = connection
        self._lines = connection.makefile("rb")
        self.relay = relay

    def greet(self, *extensions: str) -> None:
        """Say hello and answer EHLO with these extensions."""
        self.say("220 relay.example.org ready")
        self.read("EHLO")
        *first, last = ("relay.example.org", *extensions)
        self.say(*(f"250-{line}" for line in first), f"250 {last}")

    def say(self, *lines: str) -> None:
        self._socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def read(self, command: str) -> None:
        """Read one command, which must begin so."""
        line = self._lines.readline().decode().rstrip("\r\n")
        self.relay.commands.append(line)
        if not line.upper().startswith(command):
            raise AssertionError(f"expected {command}, but got {line!r}")

    def take_envelope(self, rcpt: str = "250 ok", data: str = "354 go on") -> None:
        """Read a whole envelope before answering any of it: a client that waits would stall."""
        for command in ("MAIL", "RCPT", "DATA"):
            self.read(command)
        self.say("250 ok", rcpt, data)

    def read_body(self) -> bytes:
        """Read until the lone dot, with the dots as they came."""
        lines = []
        while not lines or lines[-1] != b".\r\n":
            lines.append(self._lines.readline())
            if not lines[-1]:
                raise AssertionError("the client hung up in a body")
        self.relay.bodies.append(b"".join(lines))
        return self.relay.bodies[-1]

    def take_mail(self) -> None:
        self.take_envelope()
        self.read_body()
        self.say("250 ok")

    def read_some(self, size: int) -> None:
        self._socket.recv(size)

    def has_unread(self, seconds: float) -> bool:
        """Whether the client sends anything more before it gets an answer."""
        return bool(select.select([self._socket], [], [], seconds)[0])

    def wait_for_end(self) -> bytes:
        """Everything until the client hangs up."""
        return self._lines.read()

    def stall(self) -> None:
        """Read on and say nothing until the client hangs up, gently or not."""
        with contextlib.suppress(ConnectionResetError):
            self.wait_for_end()

    def reset(self) -> None:
        """Hang up rudely, so that the client's next byte fails."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


class ScriptedRelay:
    """Serves one connection after the other, each by the next script; then it listens no more."""

    def __init__(self, *scripts: Script) -> None:
        self.scripts = scripts
        self.commands: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self._failure: BaseException | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(10)
        self._listener.close()
        if self._failure is not None:
            raise self._failure
        assert not self._thread.is_alive(), "the client left scripts unplayed"

    def _serve(self) -> None:
        for script in self.scripts:
            connection, _ = self._listener.accept()
            connection.settimeout(5)
            self.connections += 1
            talk = Talk(connection, self)
            try:
                script(talk)
            except (AssertionError, OSError) as failure:
                self._failure = failure
            finally:
                talk.close()
        self._listener.close()
