"""Markdown in text mails: read as if it had been written for them."""

from __future__ import annotations

import pytest

from app.foundation import text

LONG = """# What September brought

Nine alliances **met** this month,
*thank you*: see [the list](https://example.org/list).

1. Open a door
2. Set up chairs
   - folding ones
   - and the others

> Justice delayed
> is justice denied.

| Place | Votes |
|---|---|
| Ohio | 7 |

![The council](https://example.org/c.jpg)

---

    code as it is

<https://example.org/all> and <mailto:jo@example.org>"""

READ = """What September brought

Nine alliances met this month,
thank you: see the list (https://example.org/list).

1. Open a door
2. Set up chairs
   * folding ones
   * and the others

> Justice delayed
> is justice denied.

Place | Votes
Ohio | 7

The council (https://example.org/c.jpg)

--------------------

code as it is

https://example.org/all and jo@example.org"""


def test_a_whole_letter_reads_as_text() -> None:
    assert text.plain(LONG) == READ


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ""),
        ("2 * 3 * 4 and snake_case_word", "2 * 3 * 4 and snake_case_word"),
        ("`**not bold**`", "**not bold**"),
        ("line\\\nline", "line\nline"),
        ("* a\n\n  b\n* c", "* a\n\n  b\n* c"),
        ("7. seven\n8. eight", "7. seven\n8. eight"),
        ("> * quoted\n> * list", "> * quoted\n> * list"),
        ("[![alt](a.png)](https://example.org)", "alt (https://example.org)"),
        ("![](https://example.org/a.png)", "(https://example.org/a.png)"),
        ("&lt;b&gt; <b>", "<b> <b>"),
    ],
)
def test_marks_are_read_as_the_page_reads_them(typed: str, read: str) -> None:
    assert text.plain(typed) == read


def test_pictures_on_pages_are_links_with_their_description() -> None:
    shown = text.markdown('![A "big" hall](https://example.org/a.png?x=1&y=2)')
    assert 'href="https://example.org/a.png?x=1&amp;y=2"' in shown
    assert '>A "big" hall</a>' in shown.replace("&quot;", '"').replace("&#34;", '"')
    assert "<img" not in shown
    assert "href" not in text.markdown("![x](data:text/html,x) ![y](vbscript:x)")
    assert text.markdown("[![alt](a.png)](https://example.org)").count("<a") == 1
