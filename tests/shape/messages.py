"""The visible texts: what passes through gettext, and what a template says without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_file

from tests.shape.sources import JINJA, python_files, short, templates, without_tags

KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
TRANSLATED = re.compile(r"\{%-?\+?\s*trans\b.*?\bendtrans\b.*?%\}", re.DOTALL)

CLASS_BLOCK = re.compile(r"\{% block \w*class %\}.*?\{% endblock %\}")
"""A block that stands inside a class attribute."""


@dataclass(frozen=True)
class Text:
    """A text that goes through gettext, with its plural where it has one."""

    file: str
    singular: str
    plural: str = ""


@cache
def translatable() -> tuple[Text, ...]:
    """Every text of the program and its templates that is translated."""
    found = []
    for file in python_files("app", "tasks"):
        found += _extract(file, "python", {})
    for file in templates():
        found += _extract(file, "jinja2", {"trimmed": "true", "silent": "false"})
    return tuple(found)


def _extract(file: Path, method: str, options: dict[str, str]) -> Iterator[Text]:
    for _line, message, _comments, _context in extract_from_file(
        method, file, keywords=KEYWORDS, options=options
    ):
        forms = message if isinstance(message, tuple) else (message,)
        yield Text(short(file), *[form for form in forms if form][:2])


def untranslated(source: str) -> str:
    """What a template says outside of gettext: its plain words, without tags and expressions."""
    source = CLASS_BLOCK.sub(" ", TRANSLATED.sub(" ", source))
    said = []
    for _line, kind, text in JINJA.lex(source):
        if kind == "data":
            said.append(text)
        elif kind in ("variable_begin", "block_begin"):
            said.append("\N{REPLACEMENT CHARACTER}")  # keeps attributes whole
    return re.sub(r"\S+@\S+", " ", without_tags("".join(said)))
