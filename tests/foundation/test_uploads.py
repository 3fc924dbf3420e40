"""Files in the database: what is kept, what is refused, and how they are answered."""

from __future__ import annotations

import hashlib
import io

import pytest
from flask import Response, request
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.foundation import uploads
from app.foundation.policy import allow, anyone, takes_files
from app.foundation.uploads import Upload, keep_document, keep_picture
from app.foundation.web import Whereas
from tests.conftest import MakeApp
from tests.factories import PersonFactory
from tests.foundation.files import SVG, flood, handed_in, photo, picture

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def test_a_picture_is_kept_without_its_metadata(db: Session) -> None:
    person = PersonFactory()

    kept = keep_picture(handed_in(photo(), "IMG_0007.jpg"), by=person.id)

    assert (kept.content_type, kept.width, kept.height) == ("image/jpeg", 40, 20)
    assert (kept.size, kept.uploaded_by_id) == (len(kept.content), person.id)
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest()
    assert b"Secret phone" not in kept.content


def test_a_document_is_kept_as_it_is(db: Session) -> None:
    kept = keep_document(handed_in(PDF), by=None)
    assert (kept.content, kept.content_type, kept.width) == (PDF, "application/pdf", None)


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (b"", uploads.NoFile),
        (SVG, uploads.NotAPicture),
        (PDF, uploads.NotAPicture),
        (flood(), uploads.TooManyPixels),
        (b"x" * (uploads.LARGEST + 1), uploads.TooLarge),
    ],
)
def test_a_picture_is_refused_by_name(
    db: Session, raw: bytes, refusal: type[uploads.Refused]
) -> None:
    with pytest.raises(refusal) as refused:
        keep_picture(handed_in(raw), by=None)
    assert str(refused.value.words).endswith(".")


def test_no_file_at_all_is_refused(db: Session) -> None:
    with pytest.raises(uploads.NoFile):
        keep_picture(None, by=None)


@pytest.mark.parametrize(
    "raw",
    [
        b"<script>" + PDF,
        PDF + b"PK\x03\x04 more than the end",
        b"%PDF-1.7 and nothing else",
        b"%PDF-9.9\nstartxref\n9\n%%EOF",
        picture(),
    ],
)
def test_what_is_no_pdf_is_refused(db: Session, raw: bytes) -> None:
    with pytest.raises(uploads.NotAPdf):
        keep_document(handed_in(raw), by=None)


def test_reading_an_upload_does_not_load_its_bytes(db: Session) -> None:
    kept = keep_document(handed_in(PDF), by=None)
    db.flush()
    db.expunge_all()
    again = db.get_one(Upload, kept.id)
    assert "content" in inspect(again).unloaded


def test_no_browser_runs_an_upload(app: Whereas, db: Session) -> None:
    with app.test_request_context(method="POST"):
        answer = uploads.answer(keep_picture(handed_in(picture()), by=None))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "Content-Disposition" not in answer.headers


def test_a_document_is_saved_under_a_harmless_name(app: Whereas, db: Session) -> None:
    with app.test_request_context(method="POST"):
        answer = uploads.answer(keep_document(handed_in(PDF), by=None), 'x"\r\n../Résolution 7')
    named = answer.headers["Content-Disposition"]
    assert named == 'attachment; filename="x-resolution-7.pdf"'


def test_what_did_not_change_is_not_sent_again(app: Whereas, db: Session) -> None:
    kept = keep_picture(handed_in(picture()), by=None)
    with app.test_request_context(headers={"If-None-Match": f'"{kept.sha256}"'}):
        answer = uploads.answer(kept)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == f'"{kept.sha256}"'


def test_only_forms_for_files_may_send_much(make_app: MakeApp) -> None:
    app = make_app()

    @app.post("/files")
    @allow(anyone)
    @takes_files
    def files() -> Response:
        return Response(str(len(request.files)))

    @app.post("/words")
    @allow(anyone)
    def words() -> Response:
        return Response(str(len(request.files)))

    def post(path: str, size: int) -> int:
        sent = {"file": (io.BytesIO(b"x" * size), "file")}
        return app.test_client().post(path, data=sent).status_code

    assert post("/files", 5_000_000) == 200
    assert post("/files", 11_000_000) == 413
    assert post("/words", 5_000_000) == 413
