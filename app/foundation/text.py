"""Text on its way in and out: cleaning, slugs, addresses of one form, Markdown made safe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from app.foundation.phrases import inline
from app.foundation.readable import readable

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u2028-\u202e\u2066-\u2069\ue000-\uf8ff\ufff0-\uffff]"
)
"""Among them what turns the direction of the words that follow, on a list as well as in a mail."""
_BREAKS = re.compile(r"[\r\n\t\u0085\u2028\u2029]+")
_LINK = re.compile(r"!?\[([^\[\]]+)\]\((?:[^\s()]|\([^\s()]*\))+\)")
"""Each bracket ends its words and its address, so that a page of brackets is read once."""
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


def _picture(
    _self: object, tokens: Sequence[Token], number: int, _options: object, _env: object
) -> str:
    """A picture as a link in its own words: pages and mails load nothing from elsewhere."""
    picture = tokens[number]
    words = escape(inline(picture.children or []) or picture.attrs.get("src", ""))
    opened = sum(token.nesting for token in tokens[:number] if token.type.startswith("link_"))
    if opened:
        return str(words)
    return str(Markup('<a href="{}">{}</a>').format(picture.attrs.get("src", ""), words))


_markdown.add_render_rule("image", _picture)

LONGEST_REMEMBERED = 5_000
"""So long a text stays rendered: an event's page is asked for again and again."""

PAGE_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote"),
    *("code", "pre", "table", "thead", "tbody", "tr", "th", "td"),
}


def clean(raw: str) -> str:
    """Several lines as somebody typed them, without control characters."""
    return _CONTROLS.sub("", unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))).strip()


def one_line(raw: str) -> str:
    """One line: breaks become spaces, so that a name can stand in a header."""
    return clean(_BREAKS.sub(" ", raw))


def canonical_email(raw: str) -> str:
    """One form for all ways to write an address: compatibility forms, letter case, spaces."""
    return unicodedata.normalize("NFKC", raw).strip().casefold()


def folded(name: str) -> str:
    """A name for comparing: compatibility forms, letter case and runs of spaces are one."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def without_accents(name: str) -> str:
    """A name as one types it in haste: `jose` for José."""
    apart = unicodedata.normalize("NFKD", name)
    return folded("".join(each for each in apart if unicodedata.category(each) != "Mn"))


def short_name(name: str) -> str:
    """Maria G.: enough to recognize somebody, too little to find them."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0]}." if others else first


def mask_email(email: str) -> str:
    """`maria@example.org` as `m…@example.org`."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}…@{domain}"


LONGEST_SLUG = 60


def slug(raw: str, fallback: str = "item") -> str:
    """Lower-case ASCII words joined by hyphens, as many as fit into 60 characters."""
    plain = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > LONGEST_SLUG:
        words = words[:LONGEST_SLUG].rpartition("-")[0] or words[:LONGEST_SLUG]
    return words or fallback


def free_slug(wanted: str, taken: set[str]) -> str:
    """`wanted`, or `wanted-2` and so on if it is taken."""
    if wanted not in taken:
        return wanted
    return next(s for n in range(2, len(taken) + 3) if (s := f"{wanted}-{n}") not in taken)


def markdown(raw: str) -> Markup:
    """Markdown as safe HTML: no raw HTML, no images, headings below the page's own."""
    return _remembered(raw) if len(raw) <= LONGEST_REMEMBERED else _rendered(raw)


@lru_cache(maxsize=256)
def _remembered(raw: str) -> Markup:
    return _rendered(raw)


def _rendered(raw: str) -> Markup:
    html = _markdown.render(raw)
    for level in (3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 1}>")
        html = html.replace(f"</h{level}>", f"</h{level + 1}>")
    safe = nh3.clean(
        html,
        tags=PAGE_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    return Markup(safe)  # noqa: S704  cleaned just above


def plain(raw: str) -> str:
    """Markdown as a reader of a text mail wants it: no marks, links written out."""
    return readable(_markdown.parse(clean(raw)))


def excerpt(raw: str, length: int = 160) -> str:
    """The first words of Markdown as one plain line of at most `length` characters."""
    words = one_line(re.sub(r"[*_#>`]", "", _LINK.sub(r"\1", raw)))
    if len(words) <= length:
        return words
    return words[: length - 1].rsplit(" ", 1)[0] + "…"
