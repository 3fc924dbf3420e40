"""Files that are written whole or not at all, and encrypted where a key is set.

An encrypted file is a row of chunks, each sealed by AES-256-GCM under its number, the last one
marked as the last: chunks cannot be changed, swapped or cut off without being noticed. The key is
made from the operator's by scrypt with a salt of the file's own.
"""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.foundation import tokens
from app.foundation.later import later

MAGIC = b"whereas sealed 1\n"
CHUNK = 1 << 20
SALT = 16
LENGTH = 4
FASTEST = 3
"""How hard gzip tries: the sixth level takes thrice the time for a tenth less."""


_cipher = later("app.upkeep.ciphers:Cipher")


class Unreadable(Exception):
    """A file that cannot be read; the message is a sentence for the operator."""


@contextmanager
def writing(path: Path, key: str) -> Iterator[gzip.GzipFile]:
    """Write a compressed file that appears under its name when it is complete.

    Whatever stops the program before leaves the old file, if there was one.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as raw:
            unfinished.chmod(0o600)
            sealing = _Sealing(raw, key) if key else None
            with gzip.GzipFile(fileobj=sealing or raw, mode="wb", compresslevel=FASTEST) as packed:
                yield packed
            if sealing:
                sealing.finish()
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.replace(path)
        _sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def reading(path: Path, key: str) -> Iterator[gzip.GzipFile]:
    """Read such a file. Raises Unreadable: not there, not ours, cut off, changed or locked."""
    try:
        with path.open("rb") as raw:
            sealed = raw.read(len(MAGIC)) == MAGIC
            if sealed and not key:
                raise Unreadable(f"{path.name} is encrypted: set BACKUP_KEY to its key.")
            if not sealed:
                raw.seek(0)
            source = io.BufferedReader(_Unsealing(raw, key), CHUNK) if sealed else raw
            with gzip.GzipFile(fileobj=source, mode="rb") as packed:
                yield packed
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}.") from None
    except (gzip.BadGzipFile, EOFError) as error:
        raise Unreadable(f"{path.name} is no backup, or is cut off: {error}.") from error


def _sync_folder(folder: Path) -> None:
    """Make the new name outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Sealing(io.RawIOBase):
    """Collects what is written into chunks and seals them."""

    def __init__(self, raw: BinaryIO, key: str) -> None:
        salt = tokens.random_bytes(SALT)
        self._raw = raw
        self._cipher = _cipher(key, salt)
        self._waiting = bytearray()
        self._number = 0
        raw.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, more: object) -> int:
        written = bytes(more)  # type: ignore[call-overload]
        self._waiting += written
        while len(self._waiting) > CHUNK:
            self._seal(CHUNK, last=False)
        return len(written)

    def finish(self) -> None:
        self._seal(len(self._waiting), last=True)

    def _seal(self, size: int, *, last: bool) -> None:
        chunk, self._waiting = bytes(self._waiting[:size]), self._waiting[size:]
        box = self._cipher.seal(self._number, chunk, last=last)
        self._raw.write(len(box).to_bytes(LENGTH) + box)
        self._number += 1


class _Unsealing(io.RawIOBase):
    """Opens the chunks again, one after the other."""

    def __init__(self, raw: BinaryIO, key: str) -> None:
        self._raw = raw
        self._cipher = _cipher(key, raw.read(SALT))
        self._opened = b""
        self._number = 0
        self._is_over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if not self._opened and not self._is_over:
            self._open_next()
        size = min(len(view), len(self._opened))
        view[:size], self._opened = self._opened[:size], self._opened[size:]
        return size

    def _open_next(self) -> None:
        length = int.from_bytes(self._raw.read(LENGTH))
        if not 0 < length <= CHUNK + 16:
            raise EOFError("its end is missing")
        box = self._raw.read(length)
        for last in (False, True):
            opened = self._cipher.opened(self._number, box, last=last)
            if opened is not None:
                self._opened, self._is_over = opened, last
                self._number += 1
                return
        if self._number == 0:
            raise Unreadable(
                "BACKUP_KEY is not the key that this file was made with, or the file was changed "
                "or is cut off."
            )
        raise Unreadable("The file was changed or is cut off; it is not to be trusted.")
