"""Reading a debate from Markdown with YAML front matter, as debate sites publish it.

Raw HTML becomes plain text (`<br>` a line break), entities become letters, scripts vanish; what is
not understood refuses the whole file.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import nh3
import yaml
from markdown_it import MarkdownIt

from app.foundation import text
from app.library.debates import ArgumentText, DebateText, LinkText
from app.library.reading_models import LinkRole, Position

LARGEST = 200_000
LONGEST_TITLE = 300
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)(.*)\Z", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(https?://[^\s<>]+)>")
_KEY_RESOURCES = re.compile(r"key resources", re.IGNORECASE)
_PREDECESSOR = re.compile(r"/question/|first (?:posed|asked)", re.IGNORECASE)
_markdown = MarkdownIt("commonmark", {"html": False})


class BadFile(ValueError):
    """The file cannot be read as a debate; the message says why and where."""


def read(raw: bytes) -> DebateText:
    """The debate that a file tells. Raises BadFile."""
    front, body = _parts(raw)
    told = _front_matter(front)
    words = _plain_markdown(body)
    return DebateText(
        slug=_slug(told.get("slug") or text.slug(_title(told))),
        title=_title(told),
        body=words,
        published_on=_day(told.get("date")),
        published=_flag(told.get("published", True)),
        arguments=list(_arguments(told.get("arguendo") or told.get("arguments") or [])),
        links=list(_links(words)),
    )


def _parts(raw: bytes) -> tuple[str, str]:
    if len(raw) > LARGEST:
        raise BadFile(f"The file is larger than {LARGEST:,} bytes.")
    try:
        decoded = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadFile(f"The file is not UTF-8 (byte {error.start}).") from None
    found = _FRONT.match(decoded)
    if found is None:
        raise BadFile("The file does not begin with front matter between two lines of `---`.")
    return found[1], found[2]


def _front_matter(front: str) -> Mapping[str, Any]:
    try:
        told = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        words = str(error).replace("\n", " ")[:300]
        raise BadFile(f"The front matter is not YAML: {words}") from None
    if not isinstance(told, dict):
        raise BadFile("The front matter has no keys.")
    return told


def _title(told: Mapping[str, Any]) -> str:
    title = told.get("title")
    if not isinstance(title, str) or not (plain := _without_tags(title)):
        raise BadFile("The title is missing.")
    return plain[:LONGEST_TITLE]


def _slug(raw: Any) -> str:
    """In lower case, whatever the file writes."""
    if not isinstance(raw, str) or not _SLUG.fullmatch(lower := raw.strip().lower()):
        raise BadFile(f"The slug {raw!r} is not made of letters, digits and hyphens.")
    return lower


def _day(raw: Any) -> date | None:
    if raw is None:
        return None
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw)[:10])
    except ValueError:
        raise BadFile(f"The date {str(raw)[:40]!r} is not a date.") from None


def _flag(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise BadFile("`published` is neither true nor false.")
    return raw


def _arguments(raw: Any) -> Iterator[ArgumentText]:
    if not isinstance(raw, list):
        raise BadFile("The arguments are not a list.")
    seen = set()
    for entry in raw:
        argument = _argument(entry if isinstance(entry, dict) else {"slug": entry})
        if argument.slug in seen:
            raise BadFile(f"The argument {argument.slug!r} stands there twice.")
        seen.add(argument.slug)
        yield argument


def _argument(told: Mapping[str, Any]) -> ArgumentText:
    slug = _slug(told.get("slug"))
    position = told.get("position", Position.QUALIFIED)
    if position not in list(Position):
        raise BadFile(f"The position {str(position)[:40]!r} is not for, against or qualified.")
    title = str(told.get("title") or slug.replace("-", " ").capitalize())
    summary = str(told.get("summary") or "")
    return ArgumentText(slug, _without_tags(title), Position(position), _plain_markdown(summary))


def _plain_markdown(raw: str) -> str:
    """Markdown without raw HTML; a line break there becomes a paragraph of its own."""
    kept = _AUTOLINK.sub(r"[\1](\1)", _BREAK.sub("\n\n", raw))
    words = html.unescape(nh3.clean(kept, tags=set())).replace("\xa0", " ")
    words = re.sub(r"\*\*([^*\n]*?)\s+\*\*", r"**\1**", words)
    return text.clean(re.sub(r"\n{3,}", "\n\n", words))


def _without_tags(raw: str) -> str:
    return text.one_line(html.unescape(nh3.clean(raw, tags=set())))


def _links(words: str) -> Iterator[LinkText]:
    """The links in their order; those below "Key Resources" are its key resources."""
    below = False
    for block in _markdown.parse(words):
        address, title = "", ""
        for token in block.children or ():
            if token.type == "link_open":
                address, title = str(token.attrs.get("href", "")), ""
            elif token.type == "link_close":
                yield _link(address, title, below)
                address = ""
            elif token.type in ("text", "code_inline"):
                title += token.content
                below = below or bool(not address and _KEY_RESOURCES.search(token.content))


def _link(address: str, title: str, below: bool) -> LinkText:
    if not address.startswith(("https://", "http://")):
        raise BadFile(f"The link {address[:80]!r} does not lead to a web page.")
    role = LinkRole.KEY_RESOURCE if below else LinkRole.MENTIONED
    if not below and _PREDECESSOR.search(f"{address} {title}"):
        role = LinkRole.PREDECESSOR
    return LinkText(title.strip() or address, address, role)
