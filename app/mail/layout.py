"""The frame of every mail, and templates that are cut into pieces before a mailing goes out.

Jinja and the CSS inliner run once for a mailing and a language. Marks stand where people differ;
between them the result is cut, and one person's body is a join of strings. A mark holds a number
drawn for that one compilation, so no text that anybody wrote before can contain one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import css_inline
import jinja2
from markupsafe import Markup, escape

from app.mail.quoted import Quoted, join, literal, quote

STYLE = "mail/style.css"

Values = Mapping[str, str | Quoted]

_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Template:
    """Constant pieces with a slot between each two; `escapes` is true for HTML."""

    pieces: tuple[str, ...]
    slots: tuple[str, ...]
    escapes: bool

    def fill(self, values: Mapping[str, str]) -> str:
        """The text for one person. Values are escaped unless they are Markup; none is read again
        for slots. Raises KeyError for a slot without a value."""
        parts = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            parts += (self._safe(values[slot]), piece)
        return "".join(parts)

    def quoted(self) -> QuotedTemplate:
        """The same for messages: its constant pieces encoded once."""
        return QuotedTemplate(self, tuple(quote(piece) for piece in self.pieces))

    def _safe(self, value: str) -> str:
        return escape(value) if self.escapes else value


@dataclass(frozen=True, slots=True)
class QuotedTemplate:
    """A template whose texts come out quoted-printable; see `Template.quoted`."""

    template: Template
    pieces: tuple[Quoted, ...]

    def fill(self, values: Values) -> Quoted:
        """As `Template.fill`; a Quoted value, a fragment that many share, goes in as it is."""
        parts = [self.pieces[0]]
        for slot, piece in zip(self.template.slots, self.pieces[1:], strict=True):
            value = values[slot]
            if not isinstance(value, Quoted):
                value = literal(value) or quote(self.template._safe(value))  # noqa: SLF001  of the same module
            parts += (value, piece)
        return join(parts)


class Marks:
    """The marks of one compilation: put `mark(name)` where people differ, then `cut`."""

    def __init__(self) -> None:
        self._number = secrets.token_hex(8)

    def mark(self, name: str) -> Markup:
        """Stands for the slot `name` (lower-case letters and `_`) until the text is cut."""
        return Markup(f"\ue000{self._number}{name}\ue001")  # noqa: S704  no markup in it

    def cut(self, rendered: str, *, escapes: bool) -> Template:
        """What was rendered with these marks, as a template."""
        parts = re.split(f"\ue000{self._number}([a-z_]+)\ue001", rendered)
        return Template(tuple(parts[::2]), tuple(parts[1::2]), escapes)


def compile_layout(rendered: str, marks: Marks) -> Template:
    """An HTML mail as a template: its style put on each element, then cut at the marks."""
    return marks.cut(inline(rendered), escapes=True)


def compile_text(rendered: str, marks: Marks) -> Template:
    """A text mail as a template."""
    return marks.cut(rendered, escapes=False)


def inline(html: str) -> str:
    """A whole HTML mail with its style put on each element; media queries stay in its head."""
    return _inliner.inline(html)


def inline_fragment(html: str, environment: jinja2.Environment) -> Markup:
    """A part of an HTML mail, which is trusted, in the style of the layout."""
    styled = _inliner.inline_fragment(html, _style(environment))
    return Markup(styled)  # noqa: S704  the caller's own markup


@lru_cache(maxsize=4)
def _style(environment: jinja2.Environment) -> str:
    return environment.get_template(STYLE).render()
