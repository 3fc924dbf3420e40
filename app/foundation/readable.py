"""Markdown as a reader of a text mail wants it: no marks, links written out, lists as lists.

Written from the parser's tokens, so that what looks like a mark and is none stays as typed.
"""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from app.foundation import phrases

_LINE = "-" * 20


def readable(tokens: Sequence[Token]) -> str:
    """The tokens of a Markdown text as plain text, its paragraphs parted by empty lines."""
    return _Writer().write(tokens)


class _Writer:
    """Goes through the blocks; `_prefixes` are what each line of a list or quotation begins with.

    The first line of a list's item begins with its bullet or number instead.
    """

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._prefixes: list[str] = []
        self._numbers: list[int | None] = []
        self._bullet: str | None = None
        self._cells: list[str] = []
        self._in_table = False
        self._tight = False

    def write(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            handle = _HANDLERS.get(token.type)
            if handle is not None:
                handle(self, token)
        return "\n".join(line.rstrip() for line in self._lines).strip()

    def inline(self, token: Token) -> None:
        words = phrases.inline(token.children or [])
        if self._in_table:
            self._cells.append(words.replace("\n", " "))
            return
        self._paragraph(words)

    def table_open(self, _token: Token) -> None:
        self._in_table = True
        self._gap()

    def table_close(self, _token: Token) -> None:
        self._in_table = False

    def tr_close(self, _token: Token) -> None:
        self._put(" | ".join(self._cells))
        self._cells = []

    def bullet_list_open(self, _token: Token) -> None:
        self._open_list(None)

    def ordered_list_open(self, token: Token) -> None:
        self._open_list(int(token.attrs.get("start", 1)))

    def list_close(self, _token: Token) -> None:
        self._numbers.pop()
        self._tight = bool(self._numbers)

    def list_item_open(self, _token: Token) -> None:
        number = self._numbers[-1]
        self._bullet = "* " if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1
        self._prefixes.append(" " * len(self._bullet))

    def list_item_close(self, _token: Token) -> None:
        self._prefixes.pop()
        self._bullet = None
        self._tight = True

    def blockquote_open(self, _token: Token) -> None:
        self._gap()
        self._prefixes.append("> ")
        self._tight = True

    def blockquote_close(self, _token: Token) -> None:
        self._prefixes.pop()

    def code_block(self, token: Token) -> None:
        self._paragraph(token.content.rstrip("\n"))

    def hr(self, _token: Token) -> None:
        self._paragraph(_LINE)

    def _open_list(self, start: int | None) -> None:
        self._tight = bool(self._numbers)
        self._gap()
        self._numbers.append(start)
        self._tight = True

    def _paragraph(self, words: str) -> None:
        self._gap()
        for line in words.split("\n"):
            self._put(line)

    def _gap(self) -> None:
        if self._lines and not self._tight:
            self._lines.append("".join(self._prefixes))
        self._tight = False

    def _put(self, line: str) -> None:
        prefixes = self._prefixes
        if self._bullet is not None:
            prefixes = [*prefixes[:-1], self._bullet]
            self._bullet = None
        self._lines.append("".join(prefixes) + line)


_HANDLERS = {
    "inline": _Writer.inline,
    "table_open": _Writer.table_open,
    "table_close": _Writer.table_close,
    "tr_close": _Writer.tr_close,
    "bullet_list_open": _Writer.bullet_list_open,
    "bullet_list_close": _Writer.list_close,
    "ordered_list_open": _Writer.ordered_list_open,
    "ordered_list_close": _Writer.list_close,
    "list_item_open": _Writer.list_item_open,
    "list_item_close": _Writer.list_item_close,
    "blockquote_open": _Writer.blockquote_open,
    "blockquote_close": _Writer.blockquote_close,
    "code_block": _Writer.code_block,
    "fence": _Writer.code_block,
    "hr": _Writer.hr,
}
