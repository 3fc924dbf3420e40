"""Which letters of a text no font of this machine has, so that documents show a box for them.

The fonts that come with Typst have the usual ones; the others are drawn once, and a letter that
looks like one that does not exist is lacking.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from app.foundation import documents, presses

USUAL = re.compile("[\N{SPACE}-\u024f\u0370-\u0525\u1e00-\u1eff\u2010-\u2027€™]")
"""Latin, Greek, Cyrillic, and marks between words."""
NO_LETTER = "\u0378"
MARK = "A"
INVISIBLE = re.compile("Cc|Cf|M.|Z.")
"""Categories of what joins, changes or parts letters."""


def lacking(texts: Iterable[str]) -> str:
    """Every such letter once, in the order of the texts."""
    letters = [each for each in dict.fromkeys("".join(texts)) if not _is_usual(each)]
    if not letters:
        return ""
    try:
        drawn = documents.svg(
            "foundation/print/letters.typ", {"letters": [NO_LETTER, *letters], "mark": MARK}
        )
    except presses.Busy:  # a page that only warns does not wait for that
        return ""
    glyphs = re.findall(r'<use xlink:href="#(\w+)"', drawn.decode())
    (box, *_), *rest = _between(glyphs)
    return "".join(letter for letter, found in zip(letters, rest, strict=True) if box in found)


def _is_usual(letter: str) -> bool:
    return bool(USUAL.match(letter)) or bool(INVISIBLE.match(unicodedata.category(letter)))


def _between(glyphs: list[str]) -> Iterable[list[str]]:
    """What was drawn after each mark; the first one is a mark."""
    places = [place for place, glyph in enumerate(glyphs) if glyph == glyphs[0]]
    for place, following in zip(places, [*places[1:], len(glyphs)], strict=True):
        yield glyphs[place + 1 : following]
