"""Postfix's smtp-sink: a fast relay with pipelining that throws mail away or appends it to a file.

Where Postfix is not installed, `make test` unpacks the program from its Debian package into
var/tools; no mail server is installed.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.services.processes import (
    Unavailable,
    find_program,
    finds_libraries,
    free_port,
    give_away,
    wait_until,
)

UNPACKED = Path(__file__).parents[2] / "var" / "tools" / "postfix"
MESSAGE_ID = re.compile(rb"^Message-ID: *(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


def find_binary() -> Path | None:
    return find_program(["smtp-sink"], [Path("/usr/sbin"), UNPACKED / "usr" / "sbin"])


def environment(binary: Path) -> dict[str, str]:
    """The variables it runs with: unpacked, it finds its libraries beside it."""
    if not binary.is_relative_to(UNPACKED):
        return dict(os.environ)
    return os.environ | {"LD_LIBRARY_PATH": str(UNPACKED / "usr" / "lib" / "postfix")}


def works(binary: Path) -> bool:
    return finds_libraries(binary, environment(binary))


class SmtpSink:
    """One sink on a loopback port; with `record` it keeps all mail in a file in `folder`."""

    def __init__(self, folder: Path, *, record: bool = False, options: Sequence[str] = ()) -> None:
        self.folder = folder
        self.file = folder / "received"
        self.record = record
        self.options = options
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        binary = find_binary()
        if binary is None:
            raise Unavailable(
                "This test needs smtp-sink: install Postfix, or run `make test` on Debian or "
                "Ubuntu, which unpacks it without installing a mail server."
            )
        self.folder.mkdir(exist_ok=True)
        give_away(self.folder)
        command = [str(binary), "-4", "-m", "1000", *self.options]
        if os.geteuid() == 0:
            command += ["-u", "nobody"]
        if self.record:
            command += ["-D", self.file.name]
        self._process = subprocess.Popen(
            [*command, f"127.0.0.1:{self.port}", "1000"],
            cwd=self.folder,
            env=environment(binary),
            stdin=subprocess.DEVNULL,
        )
        wait_until(self._listens, "smtp-sink's start")

    def _listens(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(f"smtp-sink ended at once with {self._process.returncode}")
        sockets = psutil.Process(self._process.pid).net_connections(kind="tcp4")
        return any(s.status == psutil.CONN_LISTEN for s in sockets)

    def message_ids(self) -> list[str]:
        """The Message-ID of each mail that was recorded, in the order of arrival."""
        text = self.file.read_bytes() if self.file.exists() else b""
        return [found.decode() for found in MESSAGE_ID.findall(text)]

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None
