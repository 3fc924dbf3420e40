"""Files that people hand in, kept in the database, so that each host of many has them.

Pictures are drawn anew (see pictures) and documents must be PDFs. A domain refers to an `Upload`,
says in its own view who may see it, and answers with `answer`.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any

from flask import Response, current_app, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from app.foundation import clock, pictures, text
from app.foundation.db import Base, WithId, db

LARGEST = 10_000_000
PDF = "application/pdf"
PICTURES = ".jpg,.jpeg,.png,.webp,.gif,image/*"
"""What the chooser of a form offers, `accept=`."""
_PDF_START = re.compile(rb"%PDF-[12]\.\d")
_PDF_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*$")


class Refused(ValueError):
    """A file that we do not keep; `words` is the sentence for the form."""

    words: Any = _l("We cannot take this file.")


class NoFile(Refused):
    words = _l("Please choose a file.")


class TooLarge(Refused):
    words = _l("This file is too large. Please choose one of at most 10 MB.")


class NotAPicture(Refused):
    words = _l("This is not a picture that we can read. Please choose a JPEG, PNG or WebP file.")


class TooManyPixels(Refused):
    words = _l("This picture is too large. Please choose one with fewer pixels.")


class NotAPdf(Refused):
    words = _l("This is not a PDF file, or it is damaged.")


class Upload(WithId, Base):
    """A file as we keep it; what it is called and who may see it is up to the row it belongs to."""

    __tablename__ = "upload"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]


def keep_picture(file: FileStorage | None, *, by: int | None) -> Upload:
    """Keep a picture without its metadata. Raises NoFile, TooLarge, NotAPicture, TooManyPixels."""
    try:
        picture = pictures.drawn_anew(_read(file))
    except pictures.TooManyPixels:
        raise TooManyPixels from None
    except pictures.NotAPicture:
        raise NotAPicture from None
    upload = _kept(picture.content, picture.content_type, by)
    upload.width, upload.height = picture.width, picture.height
    return upload


def keep_document(file: FileStorage | None, *, by: int | None) -> Upload:
    """Keep a PDF as it is. Raises NoFile, TooLarge, NotAPdf."""
    raw = _read(file)
    if not _PDF_START.match(raw) or not _PDF_END.search(raw[-1024:]):
        raise NotAPdf
    return _kept(raw, PDF, by)


def answer(upload: Upload, name: str = "") -> Response:
    """The file as an answer that no browser runs, or 304; documents are saved under `name`."""
    unchanged = request.if_none_match.contains(upload.sha256)
    response = current_app.response_class(
        b"" if unchanged else upload.content, 304 if unchanged else 200
    )
    headers = response.headers
    headers["Content-Type"] = upload.content_type
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if upload.content_type == PDF:
        headers["Content-Disposition"] = f'attachment; filename="{text.slug(name, "document")}.pdf"'
    response.set_etag(upload.sha256)
    return response


def _read(file: FileStorage | None) -> bytes:
    """What was sent, but not more of it than we keep."""
    raw = b"" if file is None else file.stream.read(LARGEST + 1)
    if not raw:
        raise NoFile
    if len(raw) > LARGEST:
        raise TooLarge
    return raw


def _kept(content: bytes, content_type: str, by: int | None) -> Upload:
    upload = Upload(
        content=content,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by_id=by,
        created_at=clock.now(),
    )
    db.add(upload)
    db.flush()
    return upload
