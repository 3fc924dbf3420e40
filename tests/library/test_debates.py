"""Debates: read from a file all at once or not at all, made safe, printed for a meeting."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pypdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.foundation.web import Whereas
from app.library import debate_files, debates, reading_queries, search
from app.library.debate_files import BadFile
from app.library.debates import ArgumentText, DebateText
from app.library.reading_models import (
    Argument,
    Debate,
    DebateLink,
    LinkRole,
    Position,
    Situation,
    SituationStage,
)

FILE = """---
title: 'Revisited: What comes next?'
published: true
date: 2021-05-24 00:00:00
description:
arguendo:
  - >-
    a-commitment-to-accountability-includes-the-court
  - support-strengthens-justice
  - {slug: flaws-are-evident, position: against, summary: "It **fails**."}
slug: revisited-What-Comes-Next
---

The [relationship](https://example.org/a) has <b>varied</b> & changed.<br>
Revisiting a [*question* first posed in 2014](https://example.org/question/2014)\\: what next?<br>
<br>**Key Resources:&nbsp;**<br>[A Report (2021)](https://example.org/report)<br>
[A Timeline](https://example.org/timeline)
"""
NOT_DEBATES = {
    "no front matter": "Just text",
    "broken YAML": "---\ntitle: [unclosed\n---\n",
    "a tag that makes objects": "---\ntitle: !!python/object/apply:os.system [ls]\n---\n",
    "no title": "---\nslug: fine\n---\n",
    "a title that is a list": "---\ntitle: [a]\n---\n",
    "a date that is none": "---\ntitle: T\ndate: 2021-99-99\n---\n",
    "words for a date": "---\ntitle: T\ndate: soon\n---\n",
    "a slug with a path": "---\ntitle: T\nslug: ../../etc\n---\n",
    "one argument twice": "---\ntitle: T\narguendo: [a, A]\n---\n",
    "arguments that are a word": "---\ntitle: T\narguendo: many\n---\n",
    "a position that is none": "---\ntitle: T\narguendo: [{slug: a, position: maybe}]\n---\n",
    "published maybe": "---\ntitle: T\npublished: maybe\n---\n",
    "a link to a program": "---\ntitle: T\n---\n[x](ftp://example.org/x)\n",
    "deep nesting": "---\ntitle: T\nx: " + "[" * 5000 + "\n---\n",
}


def test_a_file_is_read_with_its_lists_dates_links_and_entities() -> None:
    told = debate_files.read(FILE.encode())

    assert told.slug == "revisited-what-comes-next"
    assert told.title == "Revisited: What comes next?"
    assert (told.published_on, told.published) == (date(2021, 5, 24), True)
    assert [(each.slug, each.position) for each in told.arguments] == [
        ("a-commitment-to-accountability-includes-the-court", Position.QUALIFIED),
        ("support-strengthens-justice", Position.QUALIFIED),
        ("flaws-are-evident", Position.AGAINST),
    ]
    assert [(link.title, link.role) for link in told.links] == [
        ("relationship", LinkRole.MENTIONED),
        ("question first posed in 2014", LinkRole.PREDECESSOR),
        ("A Report (2021)", LinkRole.KEY_RESOURCE),
        ("A Timeline", LinkRole.KEY_RESOURCE),
    ]
    assert "varied & changed" in told.body
    assert "<" not in told.body


@pytest.mark.parametrize("raw", NOT_DEBATES.values(), ids=NOT_DEBATES.keys())
def test_what_is_not_a_debate_is_refused(raw: str) -> None:
    with pytest.raises(BadFile):
        debate_files.read(raw.encode())


@pytest.mark.parametrize("raw", [b"\xff\xfe---\n", b"---\ntitle: T\n---\n" + b"x" * 300_000])
def test_odd_bytes_and_very_long_files_are_refused(raw: bytes) -> None:
    with pytest.raises(BadFile):
        debate_files.read(raw)


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<svg/onload=alert(1)>",
        "{{ 7*7 }}",
    ],
)
def test_script_in_a_file_never_runs(client: FlaskClient, db: Session, evil: str) -> None:
    raw = (
        f"---\ntitle: 'T {evil}'\nslug: t\narguendo: [{{slug: a, title: 'A {evil}'}}]\n---\n{evil}"
    )
    debates.save(debate_files.read(raw.encode()))

    page = client.get("/library/debates/t").text.lower()

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<svg/" not in page
    assert 'href="javascript' not in page
    assert "t 49" not in page


def test_importing_again_brings_it_up_to_date(db: Session) -> None:
    first = debates.save(debate_files.read(FILE.encode()))
    argument = reading_queries.arguments(first.id)[0]
    argument.position = Position.FOR
    shorter = FILE.replace("  - support-strengthens-justice\n", "").replace("Revisited", "Again")

    again = debates.save(debate_files.read(shorter.encode()))

    assert again.id == first.id
    assert again.title == "Again: What comes next?"
    assert [(each.slug[:5], each.position) for each in reading_queries.arguments(first.id)] == [
        ("a-com", Position.FOR),
        ("flaws", Position.AGAINST),
    ]
    assert db.scalar(select(func.count()).select_from(DebateLink)) == 4


def test_the_command_imports_all_or_nothing(app: Whereas, db: Session, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(FILE)
    bad.write_text(FILE.replace("flaws-are-evident", "support-strengthens-justice"))
    run = app.test_cli_runner()

    refused = run.invoke(args=["library", "import", "debate", str(bad)])
    assert refused.exit_code == 1
    assert "stands there twice" in refused.output
    assert "Nothing was imported." in refused.output
    assert db.scalar(select(func.count()).select_from(Debate)) == 0
    done = run.invoke(args=["library", "import", "debate", str(good)])
    assert done.output == "Revisited: What comes next?: 3 arguments, 4 links.\n"
    assert db.scalar(select(func.count()).select_from(Argument)) == 3


def test_check_names_what_is_to_mend(app: Whereas, db: Session) -> None:
    run = app.test_cli_runner()
    assert run.invoke(args=["library", "check"]).output == "Nothing to mend.\n"
    body = "[gone](/library/debates/gone) [nowhere](/nowhere) [fine](/library/points)"
    debates.save(DebateText("links", "Links", body))
    db.commit()

    result = run.invoke(args=["library", "check"])

    assert result.exit_code == 1
    assert "debate links: links to /library/debates/gone, which is not there" in result.output
    assert "debate links: links to /nowhere, which leads nowhere" in result.output
    assert "2 to mend." in result.output


def test_check_tells_old_dates_and_fails_for_them_only_when_strict(
    app: Whereas, db: Session
) -> None:
    stage = SituationStage.REFERRED
    db.add(Situation(key="kenya", name="Kenya", stage=stage, as_of=date(2015, 1, 1)))
    db.commit()
    run = app.test_cli_runner()
    old = "situation kenya: is as of 2015-01-01 (old: check it again)\n"

    told = run.invoke(args=["library", "check"])
    assert (told.exit_code, told.output) == (0, f"{old}Nothing to mend. 1 to look at again.\n")
    strict = run.invoke(args=["library", "check", "--strict"])
    assert (strict.exit_code, strict.output) == (1, f"{old}Error: 1 to mend.\n")


def test_questions_point_to_the_one_before_and_after(client: FlaskClient, db: Session) -> None:
    before = debates.save(DebateText("before", "The old question"))
    after = debates.save(DebateText("after", "The new question"))
    after.predecessor_id = before.id

    assert "The old question" in client.get("/library/debates/after").text
    assert "The new question" in client.get("/library/debates/BEFORE").text
    assert [each.slug for each in reading_queries.debates()] == ["after"]


def test_the_discussion_guide_is_a_pdf_of_the_debate(client: FlaskClient, db: Session) -> None:
    for_it = ArgumentText("a", "It works", Position.FOR, "Because.")
    debates.save(DebateText("q", "What next?", "The question.", arguments=[for_it]))

    answer = client.get("/library/debates/q/guide.pdf")
    pdf = pypdf.PdfReader(io.BytesIO(answer.data))
    words = "\n".join(page.extract_text() for page in pdf.pages)

    assert answer.content_type == "application/pdf"
    assert len(pdf.pages) == 2
    for part in ("What next?", "It works", "For", "A PLAN FOR 90 MINUTES", "15 minutes"):
        assert part in words


def test_an_unpublished_debate_is_not_there(client: FlaskClient, db: Session) -> None:
    debates.save(DebateText("q", "Secret question", published=False))

    assert client.get("/library/debates/q").status_code == 404
    assert search.find("secret").total == 0
