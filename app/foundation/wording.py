"""Writes one Word document: run as a program of its own, order in, DOCX out (see documents)."""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Inches, Pt

MOST_SECONDS = 20
MOST_MEMORY = 2_000_000_000
MARGIN = Inches(1)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    order = json.load(sys.stdin.buffer)
    made = io.BytesIO()
    written(order).save(made)
    sys.stdout.buffer.write(made.getvalue())


def written(order: Mapping[str, Any]) -> Document:
    """Letter paper with a title and paragraphs; each is a list of (words, bold) pairs."""
    document = docx.Document()
    _describe(document, order)
    _set_page(document, order["language"])
    title = document.add_heading(order["title"], level=1)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in order["under_title"]:
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for runs in order["paragraphs"]:
        _paragraph(document, runs)
    return document


def _paragraph(document: Document, runs: Sequence[tuple[str, bool]]) -> None:
    paragraph = document.add_paragraph()
    for words, bold in runs:
        paragraph.add_run(words).bold = bold


def _describe(document: Document, order: Mapping[str, Any]) -> None:
    """What the file says of itself; nothing of the library's own template is left."""
    about = document.core_properties
    about.title = order["title"][:255]
    about.language = order["language"]
    about.author = order["author"][:255]
    about.comments = ""
    about.created = about.modified = datetime.fromtimestamp(order["timestamp"], UTC)


def _set_page(document: Document, language: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    for name, size in (("Normal", 12), ("Heading 1", 16)):
        style = document.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(size)
        style.font.color.rgb = None
        style.element.rPr.rFonts.attrib.clear()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            style.element.rPr.rFonts.set(qn(script), "Times New Roman")
    spoken = document.styles.element.xpath(".//w:rPrDefault//w:lang")
    for each in spoken:
        each.set(qn("w:val"), language)


if __name__ == "__main__":
    main()
