"""PDFs and Word files, made from values by a child process that lives for one document.

A PDF has a template of Typst beside a domain's pages, `<domain>/templates/<domain>/print/NAME.typ`.
What people typed reaches it as JSON, as text and never as markup, so that nothing has to be
escaped. The fonts that come with Typst hold Latin, Greek and Cyrillic letters; others are taken
from the fonts of the system, where it has them. A Word file is for those who go on writing: it has
paragraphs and no design.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Response, current_app

from app.foundation import clock, presses, text

APP = Path(__file__).parents[1]
TYPESETTER = Path(__file__).parent / "typesetting.py"
WORD_WRITER = Path(__file__).parent / "wording.py"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_SECONDS = 25


class NotTypeset(Exception):
    """A document failed or took too long; the message is what its program said."""


@dataclass(frozen=True)
class Manuscript:
    """What a Word file says; a paragraph is a list of (words, bold) pairs."""

    title: str
    paragraphs: Sequence[Sequence[tuple[str, bool]]]
    under_title: Sequence[str] = ()
    author: str = ""
    language: str = "en-US"


def pdf(template: str, values: Mapping[str, Any]) -> bytes:
    """Typeset `events/print/flyer.typ` with values that JSON can carry."""
    return _made("pdf", template, values)


def png(template: str, values: Mapping[str, Any]) -> bytes:
    """A template of one page as a picture, a pixel for each point."""
    return _made("png", template, values)


def svg(template: str, values: Mapping[str, Any]) -> bytes:
    """A template of one page as drawing."""
    return _made("svg", template, values)


def docx(manuscript: Manuscript) -> bytes:
    """A document that a word processor opens."""
    order = asdict(manuscript) | {"timestamp": _timestamp()}
    return _run(WORD_WRITER, order, manuscript.title)


def _made(form: str, template: str, values: Mapping[str, Any]) -> bytes:
    order = {
        "format": form,
        "template": str(_path(template)),
        "root": str(APP),
        "values": values,
        "timestamp": _timestamp(),
    }
    return _run(TYPESETTER, order, template)


def _timestamp() -> int:
    return int(clock.now().timestamp())


def _run(program: Path, order: Mapping[str, Any], name: str) -> bytes:
    """What a program makes of an order, or made of the same one today. Raises presses.Busy."""
    same = {**order, "program": program.name, "timestamp": str(clock.today())}
    return presses.once(same, lambda: _run_now(program, order, name))


def _run_now(program: Path, order: Mapping[str, Any], name: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  our own programs, without a shell
            [sys.executable, "-I", str(program)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotTypeset(f"{name} took more than {MOST_SECONDS} s") from None
    if done.returncode != 0:
        raise NotTypeset(f"{name}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def pdf_answer(template: str, values: Mapping[str, Any], name: str) -> Response:
    """A PDF to print, under a name that says what it is; browsers show it in their own reader."""
    response = current_app.response_class(pdf(template, values), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{text.slug(name)}.pdf"'
    return response


def docx_answer(manuscript: Manuscript, name: str) -> Response:
    """A Word file to save, under a name that says what it is."""
    response = current_app.response_class(docx(manuscript), mimetype=WORD)
    response.headers["Content-Disposition"] = f'attachment; filename="{text.slug(name)}.docx"'
    return response


def _path(template: str) -> Path:
    domain = template.partition("/")[0]
    return APP / domain / "templates" / template
