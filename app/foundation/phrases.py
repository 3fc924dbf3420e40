"""The words of one paragraph of Markdown as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token


def inline(tokens: Sequence[Token]) -> str:
    """The words of a paragraph; a link's address follows in brackets unless its words are it."""
    words: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type == "link_open":
            links.append((str(token.attrs.get("href", "")), len(words)))
        elif token.type == "link_close":
            address, start = links.pop()
            told = "".join(words[start:])
            words[start:] = [told.removeprefix("mailto:") + _address(told, address)]
        elif token.type == "image":
            alt = inline(token.children or [])
            words.append(alt if links else alt + _address(alt, str(token.attrs.get("src", ""))))
        elif token.type in ("softbreak", "hardbreak"):
            words.append("\n")
        else:
            words.append(token.content)
    return "".join(words)


def _address(words: str, address: str) -> str:
    shown = address.removeprefix("mailto:")
    return "" if words.removeprefix("mailto:") == shown else f" ({shown})"
