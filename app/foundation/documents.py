"""PDFs: a template of Typst and values, typeset by a child process that lives for one document.

Templates lie beside a domain's pages, `<domain>/templates/<domain>/print/NAME.typ`. What people
typed reaches them as JSON, as text and never as markup, so that nothing has to be escaped. The
fonts that come with Typst hold Latin, Greek and Cyrillic letters; others are taken from the fonts
of the system, where it has them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Response, current_app

from app.foundation import clock, text

APP = Path(__file__).parents[1]
PROGRAM = Path(__file__).parent / "typesetting.py"
MOST_SECONDS = 25


class NotTypeset(Exception):
    """A template failed or took too long; the message is what Typst said."""


def pdf(template: str, values: Mapping[str, Any]) -> bytes:
    """Typeset `events/print/flyer.typ` with values that JSON can carry."""
    return _made("pdf", template, values)


def png(template: str, values: Mapping[str, Any]) -> bytes:
    """A template of one page as a picture, a pixel for each point."""
    return _made("png", template, values)


def _made(form: str, template: str, values: Mapping[str, Any]) -> bytes:
    order = {
        "format": form,
        "template": str(_path(template)),
        "root": str(APP),
        "values": values,
        "timestamp": int(clock.now().timestamp()),
    }
    try:
        done = subprocess.run(  # noqa: S603  our own program, without a shell
            [sys.executable, "-I", str(PROGRAM)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotTypeset(f"{template} took more than {MOST_SECONDS} s") from None
    if done.returncode != 0:
        raise NotTypeset(f"{template}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


def pdf_answer(template: str, values: Mapping[str, Any], name: str) -> Response:
    """A PDF to print, under a name that says what it is; browsers show it in their own reader."""
    response = current_app.response_class(pdf(template, values), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{text.slug(name)}.pdf"'
    return response


def _path(template: str) -> Path:
    domain = template.partition("/")[0]
    return APP / domain / "templates" / template
