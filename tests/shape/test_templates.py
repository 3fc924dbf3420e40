"""Templates: each is used, each that is used exists, and none breaks the strict CSP."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from jinja2 import meta

from tests.shape.sources import (
    JINJA,
    prints,
    python_files,
    short,
    strings,
    template_name,
    templates,
)

MAIL_PARTS = {".subject.txt", ".txt", ".html"}
MAIL = re.compile(r"(\w+)/mail/([a-z]\w*?)(\.subject\.txt|\.txt|\.html)")
INLINE = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=|<style\b"),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)"),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "another host": re.compile(r'<(?:script|img|link|iframe)[^>]*(?:src|href)="(?:https?:)?//'),
}
PRINT = re.compile(r"\w+/print/\w+\.typ")
TYPST_IMPORT = re.compile(r'#import "([^"]+)"')
MADE_ONCE = re.compile(r'made_once\("([^"]+)"\)')
DATA_BLOCK = re.compile(r'<script type="application/(?:ld\+)?json"')


def is_mail(file: Path) -> bool:
    return "/mail/" in f"/{template_name(file)}"


def named_by_templates() -> set[str]:
    """What templates extend, include, import or let stand."""
    named = set[str | None]()
    for file in templates():
        source = file.read_text()
        named |= set(meta.find_referenced_templates(JINJA.parse(source)))
        named |= set(MADE_ONCE.findall(source))
    return {name for name in named if name}


def named_by_program() -> set[str]:
    """Every string of the program that looks like the name of a template or of a mail."""
    return {text for text in strings(python_files("app", "tasks")) if re.match(r"[\w/.]+$", text)}


def mails() -> dict[str, set[str]]:
    """The mails, as the program names them (`events/moved`), with the parts that each has.

    What other templates extend or include is a layout, and `_part.html` a part, not a mail.
    """
    found = defaultdict(set)
    for name in {template_name(file) for file in templates()} - named_by_templates():
        mail = MAIL.fullmatch(name)
        if mail:
            found[f"{mail[1]}/{mail[2]}"].add(mail[3])
    return found


def breaches(html: str) -> list[str]:
    """What in a page the browser would refuse under our Content-Security-Policy."""
    html = re.sub(r"\{[{%#].*?[}%#]\}", "", html, flags=re.DOTALL)
    return [what for what, pattern in INLINE.items() if pattern.search(DATA_BLOCK.sub("", html))]


def test_each_template_that_is_named_exists() -> None:
    assert named_by_templates() - {template_name(file) for file in templates()} == set()


def test_each_page_is_named_by_a_view_or_another_template() -> None:
    named = named_by_templates() | named_by_program()
    unused = [short(f) for f in templates() if not is_mail(f) and template_name(f) not in named]
    assert unused == []


def test_each_mail_is_named_by_the_program() -> None:
    """As `events/moved`, or as `moved` where the domain puts its own name before."""
    named = named_by_program()
    assert [mail for mail in mails() if {mail, mail.partition("/")[2]} & named == set()] == []


def test_each_mail_has_a_subject_a_text_and_an_html_part() -> None:
    assert {mail: parts for mail, parts in mails().items() if parts != MAIL_PARTS} == {}


def test_each_print_is_named_by_the_program_or_another_print() -> None:
    sources = {file: file.read_text() for file in prints()}
    imported = {name for text in sources.values() for name in TYPST_IMPORT.findall(text)}
    paths = {file: "/" + short(file).removeprefix("app/") for file in sources}
    named = {name for name in named_by_program() if PRINT.fullmatch(name)}
    unused = [
        short(file)
        for file in sources
        if template_name(file) not in named and paths[file] not in imported
    ]
    assert unused == []
    assert named - {template_name(file) for file in sources} == set()


def test_prints_take_their_words_from_the_program() -> None:
    """What stands in brackets of markup is read; words there would be in one language only."""
    wordy = {
        short(file): words
        for file in prints()
        if (words := re.findall(r"\[[^\]#]*[A-Za-z]{3,}[^\]]*\]", uncommented(file.read_text())))
    }
    assert wordy == {}


def uncommented(typst: str) -> str:
    return re.sub(r"//.*", "", typst)


def test_pages_carry_no_inline_script_or_style_and_no_other_host() -> None:
    pages = [file for file in templates() if not is_mail(file) and file.suffix == ".html"]
    found = {short(file): breach for file in pages if (breach := breaches(file.read_text()))}
    assert found == {}


def test_what_the_browser_would_refuse_is_noticed() -> None:
    assert breaches('<p style="color: red">') == ["an inline style"]
    assert breaches("<script>go()</script>") == ["an inline script"]
    assert breaches('<button onclick="go()">') == ["an event attribute"]
    assert breaches('<img src="https://example.org/x.png">') == ["another host"]
    assert breaches('<script src="{{ static_url("x.js") }}" type="module"></script>') == []
