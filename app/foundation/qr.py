"""QR codes as SVG, made here: nobody else learns what they lead to."""

from __future__ import annotations

from markupsafe import Markup

from app.foundation.later import later

_make_qr = later("segno:make_qr")


def svg(content: str, title: str) -> Markup:
    """A code for a page: black on white in each color scheme, with words for those who hear it."""
    code = _make_qr(content, error="m")
    drawn = code.svg_inline(
        border=4,
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass="qr",
        lineclass=None,
        title=title,
    )
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704  escaped by segno


def picture(content: str) -> str:
    """A code for print: an SVG without title and size."""
    return str(_make_qr(content, error="m").svg_inline(border=0, omitsize=True))
