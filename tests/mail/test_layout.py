"""The frame of every mail, and templates whose slots no text can forge or break."""

from __future__ import annotations

import binascii
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from app.mail import layout
from app.mail.layout import Marks, Template, compile_layout, compile_text, inline, inline_fragment
from app.mail.quoted import Quoted, quote

TEMPLATES = Path(layout.__file__).parent / "templates"
SLOTS = ("heading", "content", "preheader", "why", "preferences_url", "unsubscribe_url")
VALUES = {
    "heading": "Your month in Columbus",
    "content": Markup("<p>Council passed it again.</p>"),
    "preheader": "Two evenings ahead.",
    "why": "You get this because you joined the Columbus alliance.",
    "preferences_url": "https://example.org/preferences/1?a=1&b=2",
    "unsubscribe_url": "https://example.org/unsubscribe/1",
}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "{% include 'config' %}",
    "{0.__class__}",
    "${7*7}",
    "\ue000heading\ue001",
    "</td></tr></table>",
)


@pytest.fixture(scope="module")
def environment() -> jinja2.Environment:
    """As the program sets Jinja up, without the program."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return environment


def render(environment: jinja2.Environment, name: str, **values: Any) -> str:
    fixed = {"language": "en", "site_name": "Whereas & Co", "postal_address": "1 Justice Plaza"}
    return environment.get_template(name).render(fixed | values)


def html_template(environment: jinja2.Environment) -> Template:
    marks = Marks()
    slots = {name: marks.mark(name) for name in SLOTS}
    return compile_layout(render(environment, "mail/layout.html", **slots), marks)


def text_template(environment: jinja2.Environment) -> Template:
    marks = Marks()
    slots = {name: marks.mark(name) for name in SLOTS}
    return compile_text(render(environment, "mail/layout.txt", **slots), marks)


class Outline(HTMLParser):
    """What a mail holds: its tags, its links, its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attributes)
        self.links += [value or "" for name, value in attributes if name == "href"]

    def handle_data(self, text: str) -> None:
        if self.tags[-1:] != ["style"] and text.strip():
            self.words.append(text.strip())


def unquoted(quoted: Quoted) -> str:
    return binascii.a2b_qp(quoted).decode().replace("\r\n", "\n")


def test_the_text_layout_reads_like_a_letter(environment: jinja2.Environment) -> None:
    assert text_template(environment).fill(VALUES | {"content": "Council passed it again."}) == (
        "Your month in Columbus\n"
        "\n"
        "Council passed it again.\n"
        "\n"
        "-- \n"
        "Whereas & Co\n"
        "You get this because you joined the Columbus alliance.\n"
        "\n"
        "Choose what you get, and how often:\n"
        "https://example.org/preferences/1?a=1&b=2\n"
        "\n"
        "Unsubscribe:\n"
        "https://example.org/unsubscribe/1\n"
        "\n"
        "1 Justice Plaza"
    )


def test_a_notice_has_no_links_that_it_does_not_need(environment: jinja2.Environment) -> None:
    plain = VALUES | {"preferences_url": "", "unsubscribe_url": "", "why": ""}
    html = inline(render(environment, "mail/layout.html", **plain))
    assert Outline(html).links == []
    assert render(environment, "mail/layout.txt", **plain).endswith(
        "Whereas & Co\n\n\n1 Justice Plaza"
    )


def test_the_html_layout_holds_what_it_was_given(environment: jinja2.Environment) -> None:
    outline = Outline(html_template(environment).fill(VALUES))
    assert outline.words == [
        "Your month in Columbus",
        "Two evenings ahead.",
        "Whereas & Co",
        ",",
        "Your month in Columbus",
        "Council passed it again.",
        "You get this because you joined the Columbus alliance.",
        "Choose what you get, and how often",
        "·",
        "Unsubscribe",
        "1 Justice Plaza",
    ]
    assert outline.links == [VALUES["preferences_url"], VALUES["unsubscribe_url"]]


def test_the_html_layout_needs_nothing_from_elsewhere(environment: jinja2.Environment) -> None:
    html = html_template(environment).fill(VALUES)
    outline = Outline(html)
    assert {"img", "script", "link", "iframe", "form"}.isdisjoint(outline.tags)
    assert {"src", "background", "onclick"}.isdisjoint(outline.attributes)
    assert "url(" not in html
    assert "@import" not in html


def test_the_html_layout_is_accessible(environment: jinja2.Environment) -> None:
    html = html_template(environment).fill(VALUES)
    assert html.startswith('<!DOCTYPE html><html lang="en">')
    assert Outline(html).tags.count("h1") == 1
    assert html.count("<table") == html.count('role="presentation"')
    assert (
        min(
            int(size)
            for size in re.findall(r"font(?:-size)?: (?:600 )?(\d+)px", html)
            if size != "1"
        )
        >= 15
    )


def test_style_stands_on_the_elements_and_media_queries_in_the_head(
    environment: jinja2.Environment,
) -> None:
    head, _, body = html_template(environment).fill(VALUES).partition("</head>")
    assert "prefers-color-scheme: dark" in head
    assert "max-width: 480px" in head
    assert '<meta name="color-scheme" content="light dark">' in head
    assert '<p style="margin: 0 0 8px;">' in body
    assert "<style" not in body


def test_a_fragment_takes_the_style_of_the_layout(environment: jinja2.Environment) -> None:
    fragment = inline_fragment(
        '<p><a class="button" href="https://example.org">Come</a></p>', environment
    )
    assert isinstance(fragment, Markup)
    assert fragment.startswith('<p style="margin: 0 0 16px;"><a class="button"')
    assert "background: #1f3a68;" in fragment
    assert "<html" not in fragment
    assert "@media" not in fragment


def test_a_template_has_its_slots_where_the_marks_were() -> None:
    marks = Marks()
    template = marks.cut(
        f"a {marks.mark('one')} b {marks.mark('two')}{marks.mark('one')}", escapes=True
    )
    assert template == Template(("a ", " b ", "", ""), ("one", "two", "one"), escapes=True)
    assert template.fill({"one": "1", "two": "2", "three": "3"}) == "a 1 b 21"


def test_a_slot_without_a_value_is_an_error() -> None:
    marks = Marks()
    template = marks.cut(marks.mark("name"), escapes=True)
    with pytest.raises(KeyError, match="name"):
        template.fill({})
    with pytest.raises(KeyError, match="name"):
        template.quoted().fill({})


def test_markup_goes_in_as_it_is_and_text_is_escaped() -> None:
    marks = Marks()
    rendered = f"{marks.mark('text')}|{marks.mark('markup')}"
    values = {"text": "<b>&", "markup": Markup("<b>&amp;</b>")}
    assert marks.cut(rendered, escapes=True).fill(values) == "&lt;b&gt;&amp;|<b>&amp;</b>"
    assert marks.cut(rendered, escapes=False).fill(values) == "<b>&|<b>&amp;</b>"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_every_slot(environment: jinja2.Environment, text: str) -> None:
    template = html_template(environment)
    clean = Outline(template.fill(VALUES))
    for slot in SLOTS:
        outline = Outline(template.fill(VALUES | {slot: text}))
        if slot != "content":
            assert outline.tags == clean.tags
            assert outline.attributes == clean.attributes
        assert text.split("\ue000")[-1] in " ".join([*outline.words, *outline.links])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_when_the_layout_is_compiled(
    environment: jinja2.Environment, text: str
) -> None:
    marks = Marks()
    slots = {name: marks.mark(name) for name in SLOTS if name != "heading"}
    template = compile_layout(render(environment, "mail/layout.html", heading=text, **slots), marks)
    outline = Outline(template.fill(VALUES))
    assert template.slots == ("preheader", "content", "why", "preferences_url", "unsubscribe_url")
    assert outline.words.count(text) == 2
    assert outline.tags == Outline(html_template(environment).fill(VALUES)).tags


@given(text=st.text(st.characters(exclude_categories=["Cs"])), other=st.text("\ue000\ue001heading"))
def test_no_text_becomes_a_slot(text: str, other: str) -> None:
    marks = Marks()
    elsewhere = Marks().mark("heading")
    template = marks.cut(f"{text}{other}{elsewhere}{marks.mark('name')}", escapes=False)
    assert template.slots == ("name",)
    filled = template.fill({"name": f"{text}{other}{elsewhere}"})
    assert filled == f"{text}{other}{elsewhere}" * 2


@given(
    values=st.fixed_dictionaries(
        {slot: st.text(st.characters(exclude_categories=["Cs"])) for slot in ("one", "two")}
    )
)
def test_a_quoted_body_reads_like_the_filled_one(values: dict[str, str]) -> None:
    marks = Marks()
    rendered = f"<p>¡{marks.mark('one')}!</p>\n<p>{marks.mark('two')}</p>{marks.mark('one')}\n"
    template = marks.cut(rendered, escapes=True)
    quoted = template.quoted().fill(values)
    assert unquoted(quoted) == re.sub("\r\n?", "\n", template.fill(values))
    assert max(map(len, quoted.split(b"\r\n"))) <= 76


def test_a_shared_fragment_is_encoded_once_and_joined() -> None:
    marks = Marks()
    template = marks.cut(f"<div>{marks.mark('section')}</div>", escapes=True).quoted()
    shared = quote("<p>Sección</p>")
    assert template.fill({"section": shared}) == b"<div>=\r\n<p>Secci=C3=B3n</p>=\r\n</div>"
