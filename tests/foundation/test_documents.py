"""PDFs: typeset in a process of their own, from values that are never markup."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import docx
import pytest
import time_machine
import zxingcpp
from flask import Flask
from PIL import Image
from pypdf import PdfReader

from app.foundation import documents, qr
from app.foundation.documents import Manuscript, NotTypeset, pdf

FLYER = "events/print/flyer.typ"
VALUES = {
    "language": "en",
    "title": "Panel",
    "held_by": "Columbus Alliance",
    "day": "Saturday, July 17, 2027",
    "hours": "6:30 PM",
    "place": "Main Library",
    "words": "Come.",
    "access": "",
    "ask": "Sign up",
    "link": "example.org/events/panel",
    "code": qr.picture("https://example.org/events/panel"),
    "quarters": False,
}
MARKUP = '#panic("x") *bold* $x$ [#read("/etc/passwd")] \\ "quoted" {{7*7}} <label> @ref'


def words(made: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(made)).pages[0].extract_text().split())


def test_a_document_says_its_values_in_letter_size(app: Flask) -> None:
    page = PdfReader(io.BytesIO(pdf(FLYER, VALUES))).pages[0]
    assert "Saturday, July 17, 2027" in page.extract_text()
    assert (float(page.mediabox.width), float(page.mediabox.height)) == (612, 792)


def test_what_people_type_is_text_and_never_markup(app: Flask) -> None:
    typeset = words(pdf(FLYER, VALUES | {"words": MARKUP}))
    assert '#panic("x") *bold* $x$ [#read("/etc/passwd")]' in typeset
    assert "{{7*7}}" in typeset


def test_accents_and_other_scripts_of_the_fonts_are_there(app: Flask) -> None:
    assert "Ñandú Łódź Ελλάδα Київ" in words(
        pdf(FLYER, VALUES | {"place": "Ñandú Łódź Ελλάδα Київ"})
    )


def test_letters_that_no_font_has_stop_nothing(app: Flask) -> None:
    assert "Panel" in words(pdf(FLYER, VALUES | {"place": "正義 🎉 \u0e01"}))


def test_the_same_values_at_the_same_time_are_the_same_file(app: Flask) -> None:
    with time_machine.travel(datetime(2027, 7, 1, tzinfo=UTC), tick=False):
        assert pdf(FLYER, VALUES) == pdf(FLYER, VALUES)


def test_a_template_that_fails_says_why(app: Flask) -> None:
    with pytest.raises(NotTypeset, match="title"):
        pdf(FLYER, {name: value for name, value in VALUES.items() if name != "title"})
    with pytest.raises(NotTypeset):
        pdf("events/print/no_such.typ", VALUES)


def test_a_template_that_takes_too_long_is_stopped(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_SECONDS", 0.01)
    with pytest.raises(NotTypeset, match="took more than"):
        pdf(FLYER, VALUES | {"title": "Slow"})


def test_the_answer_is_a_pdf_under_a_plain_name(app: Flask) -> None:
    with app.app_context():
        answer = documents.pdf_answer(FLYER, VALUES, 'Flyer "Panel"\r\n')
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="flyer-panel.pdf"'


def test_a_code_is_read_back() -> None:
    svg = str(qr.svg("https://example.org/e?a=1&b=<2>", 'A "code" & <more>'))
    assert '<title>A "code" &amp; &lt;more&gt;</title>' in svg
    assert ' style="' not in svg
    assert read(svg) == "https://example.org/e?a=1&b=<2>"


def read(svg: str) -> str:
    """What a phone reads of a code, drawn as its SVG says: rows of strokes on white."""
    side = int(svg.split('viewBox="0 0 ')[1].split()[0])
    drawn = Image.new("L", (side, side), 255)
    x = y = 0.0
    for move, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", strokes(svg)):
        if move == "M":
            x, y = float(first), float(second)
        elif move == "m":
            x, y = x + float(first), y + float(second)
        else:
            drawn.paste(0, (int(x), int(y), int(x + float(first)), int(y) + 1))
            x += float(first)
    return zxingcpp.read_barcodes(drawn.resize((side * 8, side * 8), 0))[0].text


def strokes(svg: str) -> str:
    return svg.split('stroke="#000" d="')[1].split('"')[0]


def test_a_word_file_has_letter_paper_and_says_whose_it_is(app: Flask) -> None:
    with time_machine.travel(datetime(2027, 7, 1, tzinfo=UTC), tick=False):
        made = documents.docx(
            Manuscript(
                title="A resolution",
                under_title=["Columbus City Council"],
                paragraphs=[[("WHEREAS", True), (f", {MARKUP}; and", False)]],
                author="Columbus Alliance",
            )
        )
    file = docx.Document(io.BytesIO(made))
    assert [each.text for each in file.paragraphs] == [
        "A resolution",
        "Columbus City Council",
        f"WHEREAS, {MARKUP}; and",
    ]
    assert [run.bold for run in file.paragraphs[2].runs] == [True, False]
    page = file.sections[0]
    assert (page.page_width.inches, page.page_height.inches) == (8.5, 11)
    about = file.core_properties
    assert (about.title, about.author, about.comments) == ("A resolution", "Columbus Alliance", "")
    assert about.created == datetime(2027, 7, 1, tzinfo=UTC)


def test_a_word_file_that_cannot_be_written_says_why(app: Flask) -> None:
    with pytest.raises(NotTypeset, match=r"(?s)A resolution.*XML"):
        documents.docx(Manuscript(title="A resolution", paragraphs=[[("\x00", False)]]))
