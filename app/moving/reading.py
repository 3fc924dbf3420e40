"""A spreadsheet's text, whatever program wrote it: encodings, separators, line ends, oddities.

What is no table at all is refused with a sentence. A row that is too short or too long stays a row;
what it lacks is judged later.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.foundation.later import later

LONGEST_CELL = 10_000
MOST_COLUMNS = 300
SEPARATORS = (",", ";", "\t", "|")
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
csv.field_size_limit(10_000_000)  # a cell that is too long is refused with its row alone
_SHEET = b"PK\x03\x04"
_OLD_SHEET = b"\xd0\xcf\x11\xe0"
_guesses = later("charset_normalizer:from_bytes")
_PAGE = re.compile(r"\s*<(!doctype|html|head|body|table|\?xml)", re.IGNORECASE)


class NotATable(ValueError):
    """The file is no table that we can read; the message is a sentence for who sent it."""


@dataclass(frozen=True)
class Table:
    """A table that can be read: the rows come one at a time, each as long as the headings."""

    headings: Sequence[str]
    rows: Iterator[Sequence[str]]
    encoding: str


def read(content: bytes) -> Table:
    """The table in a file or in what was pasted. Raises NotATable."""
    source, encoding = _decoded(content)
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if _PAGE.match(source):
        raise NotATable(_("This is a web page, not a spreadsheet. Save it as CSV first."))
    reader = csv.reader(io.StringIO(source, newline=""), delimiter=_separator(source), strict=True)
    rows = _rows(reader)
    headings = next(rows, None)
    if headings is None:
        raise NotATable(_("The file is empty."))
    if not any(headings):
        raise NotATable(_("The first row must name the columns."))
    return Table(_told_apart(headings), (_fitted(row, len(headings)) for row in rows), encoding)


def with_column(table: Table, heading: str, cell: str) -> Table:
    """The table with a first column that says the same in each row."""
    headings = _told_apart([heading, *table.headings])
    return Table(headings, ([cell, *row] for row in table.rows), table.encoding)


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((_SHEET, _OLD_SHEET)):
        raise NotATable(_("This is an Excel file. Open it and save it as CSV first."))
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding), encoding
    if b"\x00" in content:
        return _without_mark(content)
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        best = _guesses(content, cp_isolation=["cp1252", "latin_1", "mac_roman"]).best()
        encoding = best.encoding if best else "cp1252"
        return content.decode(encoding, "replace"), encoding


def _without_mark(content: bytes) -> tuple[str, str]:
    """UTF-16 whose mark got lost has a zero in every second byte; other zeros are no text."""
    even, odd = content[::2].count(0), content[1::2].count(0)
    half = len(content) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return _strictly(content, "utf-16-le"), "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return _strictly(content, "utf-16-be"), "utf-16-be"
    raise NotATable(_("The file holds bytes that no text has. Save it as CSV again."))


def _strictly(content: bytes, encoding: str) -> str:
    try:
        decoded = content.decode(encoding)
    except UnicodeDecodeError:
        raise NotATable(_("The file is damaged: it does not hold the text that it says.")) from None
    if "\x00" in decoded:
        raise NotATable(_("The file holds bytes that no text has. Save it as CSV again."))
    return decoded


def _separator(source: str) -> str:
    """What stands most often in the first line, outside of quotes."""
    first = re.sub(r'"[^"]*"', "", source.lstrip("\n").partition("\n")[0])
    counts = Counter({separator: first.count(separator) for separator in SEPARATORS})
    return counts.most_common(1)[0][0]


def _rows(reader: Iterator[list[str]]) -> Iterator[Sequence[str]]:
    """The rows that hold anything."""
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = getattr(reader, "line_num", 0)
            raise NotATable(
                _(
                    "Line %(line)s cannot be read: a quotation mark is not closed, or stands in "
                    "the wrong place (%(words)s).",
                    line=line,
                    words=str(error),
                )
            ) from None
        if len(row) > MOST_COLUMNS:
            raise NotATable(_("A row has more than %(most)s columns.", most=MOST_COLUMNS))
        cells = [cell.strip()[: LONGEST_CELL + 1] for cell in row]
        if any(cells):
            yield cells


def _told_apart(headings: Sequence[str]) -> Sequence[str]:
    """Two columns of one name get a number; one without a name is named by its place."""
    seen: Counter[str] = Counter()
    named = []
    for place, heading in enumerate(headings, start=1):
        name = " ".join(heading.split())[:100] or str(_("Column %(number)s", number=place))
        seen[name.casefold()] += 1
        count = seen[name.casefold()]
        named.append(name if count == 1 else f"{name} ({count})")
    return named


def _fitted(row: Sequence[str], width: int) -> Sequence[str]:
    return [*row[:width], *[""] * (width - len(row))]
