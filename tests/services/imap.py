"""A real IMAP server (pymap) with one mailbox in memory, behind STARTTLS or TLS."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.services.processes import free_port, wait_until

CERTIFICATE = Path(__file__).parents[1] / "mail" / "localhost.pem"  # for tests alone, with its key
USER, PASSWORD = "bounces@example.org", "open:Se/same@"


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATE)


class ImapServer:
    """One server on loopback; `deliver` puts mail into its inbox."""

    def __init__(self) -> None:
        self.port = free_port()
        self._front: _TlsFront | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                *(
                    sys.executable,
                    "-c",
                    "from pymap.main import main; main()",
                    "--host",
                    "127.0.0.1",
                ),
                *("--port", str(self.port), "--cert", CERTIFICATE, "--key", CERTIFICATE),
                *("dict", "--demo-user", USER, "--demo-password", PASSWORD),
            ],
            stdin=subprocess.DEVNULL,
        )
        wait_until(self._listens, "the IMAP server's start")

    def _listens(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"pymap ended at once with {self._process.returncode}")
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        return False

    def stop(self) -> None:
        if self._front is not None:
            self._front.shutdown()
            self._front.server_close()
        self._process.terminate()
        self._process.wait()

    @property
    def url(self) -> str:
        return self._url("imap", self.port)

    @property
    def tls_url(self) -> str:
        """The same mailbox where TLS comes first, as large providers have it."""
        if self._front is None:
            self._front = _TlsFront(self.port)
            threading.Thread(target=self._front.serve_forever, daemon=True).start()
        return self._url("imaps", self._front.server_address[1])

    def _url(self, scheme: str, port: int) -> str:
        return f"{scheme}://bounces%40example.org:open%3ASe%2Fsame%40@127.0.0.1:{port}/INBOX"

    def deliver(self, *mails: bytes, flags: str = "", at: float | None = None) -> None:
        with self._client() as imap:
            for mail in mails:
                date = imaplib.Time2Internaldate(at or time.time())
                state, words = imap.append("INBOX", flags or None, date, mail)
                assert state == "OK", words

    def empty(self) -> None:
        with self._client() as imap:
            imap.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
            imap.expunge()

    def flags(self) -> list[tuple[str, ...]]:
        """The flags of each mail that is there, but for that it is new."""
        with self._client() as imap:
            _, answer = imap.uid("FETCH", "1:*", "(FLAGS)")
            parsed = [imaplib.ParseFlags(line) for line in answer if line]
        return [tuple(sorted(f.decode() for f in found if f != rb"\Recent")) for found in parsed]

    @contextlib.contextmanager
    def _client(self):
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as imap:
            imap.starttls(trusting())
            imap.login(USER, PASSWORD)
            imap.select("INBOX")
            yield imap


class _Passing(socketserver.BaseRequestHandler):
    """Takes TLS from a client and passes what it says to the server, and back."""

    def handle(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        with (
            contextlib.suppress(OSError),
            context.wrap_socket(self.request, server_side=True) as client,
            socket.create_connection(("127.0.0.1", self.server.behind)) as server,
        ):
            back = threading.Thread(target=_pass, args=(server, client), daemon=True)
            back.start()
            _pass(client, server)
            back.join(5)


class _TlsFront(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.behind = behind


def _pass(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
