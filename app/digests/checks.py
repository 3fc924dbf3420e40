"""What is looked at before a digest or a letter goes out: its links, placeholders, size, pictures,
and a digest's spam score.

Real readers' copies are made and read by the program alone; nobody sees them. Links inside the
site are asked of the program itself, as a visitor, and never over the network.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.digests import announcement_copies, frames, own_words, preview
from app.digests.models import Announcement, Issue
from app.digests.own_words import Words
from app.digests.preview import Sheet
from app.foundation import language, text

MOST_BYTES = 100_000
"""Larger mails are cut off by the largest mailbox providers (at about 102 KB)."""
MOST_LINKS = 60
SPAM_SECONDS = 15
PLACEHOLDER = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{[^}]*\}|\{[^\W\d][\w .]*\}"
    r"|\*\|[^|\n]+\|\*|%%[^%\s]+%%|\[\[.*?\]\]|<<[^<>]+>>"
)
TO_FILL_IN = re.compile(
    r"(?<!\[)\[(?!sic\])(?=[^\]]*[^\W\d])[^\[\]\n]{2,60}\](?![\](])|_{3,}|\bX{3,}\b|\bTB[ACD]\b"
)
"""As readers see it: links are none any more."""
NO_LINK = re.compile(r"\[[^\[\]\n]+\]\([^()\n]*\)?")
"""What was meant as a link, as readers see it: its address is none that a mail may lead to."""
PICTURE = re.compile(r"!\[\s*\]\(([^)]*)\)")
SCORE = re.compile(r"^X-Spam-Status:.*?score=(-?[\d.]+).*?required=(-?[\d.]+)", re.M | re.S)


class Weight(StrEnum):
    """An error keeps a digest from being sent; a warning is for people to judge."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """Something to mend, and where it stands."""

    weight: Weight
    sentence: str
    where: str = ""


class _Page(HTMLParser):
    """The links and pictures of a mail."""

    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, None] = {}
        self.without_words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links[str(found["href"]).strip()] = None
        if tag == "img" and not (found.get("alt") or "").strip():
            self.without_words.append(found.get("src") or "")


def of(issue: Issue) -> list[Finding]:
    """Everything that speaks against sending, errors first; quick, and without the spam score."""
    sheets = preview.specimens(issue)
    page_of_it = {frames.archive_url(issue.id, code) for code in language.LANGUAGES}
    found = _findings(list(own_words.of(issue)), sheets, page_of_it)
    if not sheets:
        found.append(Finding(Weight.WARNING, _("None of the readers looked at has a copy.")))
    return sorted(found, key=lambda finding: finding.weight)


def of_letter(letter: Announcement, person_id: int) -> list[Finding]:
    """The same of a coordinator's letter, in the copies that its writer would get."""
    sheets = [
        announcement_copies.sheet(letter, person_id, real_links=False, to_language=code)
        for code in language.LANGUAGES
    ]
    found = _findings(list(own_words.of_letter(letter)), sheets)
    return sorted(found, key=lambda finding: finding.weight)


def _findings(
    written: Sequence[Words], sheets: Sequence[Sheet], unasked: Container[str] = ()
) -> list[Finding]:
    """What is wrong with words and with the copies made of them."""
    pages = [_read(sheet.html) for sheet in sheets]
    return [
        *_placeholders(written),
        *_links(
            {link: None for page in pages for link in page.links if link not in unasked},
            own={link for each in written for link in _read(_seen(each)).links},
        ),
        *_pictures(written, pages),
        *_sizes(sheets),
    ]


def has_assassin() -> bool:
    """Whether SpamAssassin is installed."""
    return _assassin() is not None


def spam_score(issue: Issue) -> list[Finding]:
    """What SpamAssassin says against it, if it is installed; takes seconds."""
    program = _assassin()
    sheets = preview.specimens(issue)
    if program is None or not sheets:
        return []
    options = [] if program.endswith("spamc") else ["--local"]
    try:
        answer = subprocess.run(  # noqa: S603  a program of the system, without a shell
            [program, *options],
            input=_message(sheets[0]),
            capture_output=True,
            check=False,
            timeout=SPAM_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return [Finding(Weight.WARNING, _("SpamAssassin did not answer."))]
    found = SCORE.search(answer.stdout.decode(errors="replace"))
    return [] if found is None else _spam(float(found[1]), float(found[2]))


def stops(findings: Iterable[Finding]) -> bool:
    """Whether something has to be mended first."""
    return any(finding.weight == Weight.ERROR for finding in findings)


def _placeholders(written: Iterable[Words]) -> Iterator[Finding]:
    for words in written:
        for found in dict.fromkeys(PLACEHOLDER.findall(words.text)):
            sentence = _("“%(text)s” is no placeholder that we fill in.", text=found)
            yield Finding(Weight.ERROR, sentence, words.place)
        for found in dict.fromkeys(NO_LINK.findall(_seen(words).striptags())):
            sentence = _("“%(text)s” leads nowhere: a link begins with https://.", text=found)
            yield Finding(Weight.ERROR, sentence, words.place)
        for found in dict.fromkeys(TO_FILL_IN.findall(_seen(words).striptags())):
            sentence = _("“%(text)s” looks as if something was to be filled in.", text=found)
            yield Finding(Weight.WARNING, sentence, words.place)


def _seen(words: Words) -> Markup:
    """What is typed as readers see it."""
    return text.markdown(words.text) if words.marked else escape(words.text)


def _links(links: Iterable[str], own: Container[str]) -> Iterator[Finding]:
    """Links that lead nowhere; of staff's own also those that most people cannot open."""
    home = urlsplit(current_app.config["BASE_URL"])
    client = current_app.test_client(use_cookies=False)
    for link in list(links)[:MOST_LINKS]:
        try:
            parts = urlsplit(link)
        except ValueError:
            yield Finding(Weight.ERROR, _("This link is no address."), link)
            continue
        if not parts.scheme and not link.startswith("#"):
            sentence = _("Write the whole address: mail has no site that this could belong to.")
            yield Finding(Weight.ERROR, sentence, link)
        if parts.scheme in ("http", "https") and parts.netloc == home.netloc:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            answer = client.get(path or "/", base_url=f"{home.scheme}://{home.netloc}")
            if _is_closed(answer.status_code, answer.location or ""):
                if link in own:
                    sentence = _("Only people who sign in can open this page.")
                    yield Finding(Weight.WARNING, sentence, link)
            elif answer.status_code >= 400:
                yield Finding(Weight.ERROR, _("This page does not exist on our site."), link)


def _is_closed(status: int, location: str) -> bool:
    return status in (401, 403) or (300 <= status < 400 and "/login" in location)


def _pictures(written: Iterable[Words], pages: Iterable[_Page]) -> Iterator[Finding]:
    typed = [source for words in written for source in PICTURE.findall(words.text)]
    sources = [source for page in pages for source in page.without_words]
    for source in dict.fromkeys([*typed, *sources]):
        sentence = _("This picture has no words for people who cannot see it.")
        yield Finding(Weight.ERROR, sentence, source)


def _sizes(sheets: Iterable[Sheet]) -> Iterator[Finding]:
    largest = max((sheet.size for sheet in sheets), default=0)
    if largest > MOST_BYTES:
        sentence = _(
            "The mail has %(size)s KB; above %(most)s KB mailboxes cut it off.",
            size=f"{largest / 1000:,.0f}",
            most=f"{MOST_BYTES // 1000}",
        )
        yield Finding(Weight.ERROR, sentence)


def _assassin() -> str | None:
    return shutil.which("spamc") or shutil.which("spamassassin")


def _spam(score: float, limit: float) -> list[Finding]:
    sentence = _(
        "SpamAssassin gives it %(score)s points; from %(limit)s on it counts as spam.",
        score=f"{score:g}",
        limit=f"{limit:g}",
    )
    if score >= limit:
        return [Finding(Weight.ERROR, sentence)]
    return [Finding(Weight.WARNING, sentence)] if score >= limit / 2 else []


def _message(sheet: Sheet) -> bytes:
    message = EmailMessage()
    message["Subject"] = sheet.subject
    message["From"] = message["To"] = current_app.config["REPLY_TO"]
    message.set_content(sheet.text)
    message.add_alternative(sheet.html, subtype="html")
    return message.as_bytes()


def _read(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    return page
