"""Files as people hand them in, and as attackers do."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image
from werkzeug.datastructures import FileStorage

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(
    width: int = 40, height: int = 20, *, kind: str = "JPEG", mode: str = "RGB", **more: Any
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), "teal").save(out, kind, **more)
    return out.getvalue()


def photo(width: int = 40, height: int = 20, *, orientation: int = 1) -> bytes:
    """A phone's picture: it knows where, when and with what it was taken, and how it was held."""
    exif = Image.Exif()
    exif[0x0110] = "Secret phone"
    exif[0x0112] = orientation
    exif[0x8825] = {1: "N", 2: (39.0, 57.0, 58.0), 3: "W", 4: (83.0, 0.0, 16.0)}
    return picture(width, height, exif=exif, comment=b"taken by Maria")


def flood(side: int = 30_000) -> bytes:
    """A PNG of a few bytes that says it has 30,000 x 30,000 pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 9)), (b"IEND", b""))
    )


def handed_in(raw: bytes, name: str = "file") -> FileStorage:
    return FileStorage(io.BytesIO(raw), filename=name)
