"""What is found before a digest goes out, and that errors keep it from going."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.digests import checks, subjects
from app.digests.checks import Finding, Weight
from app.digests.models import Issue
from app.digests.subjects import Plan
from app.foundation.db import db as session
from app.mail.models import Mailing
from app.people.models import DigestEvery, Disclosure, Person
from tests.digests import world
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    coordinator_of,
    staff_member,
)
from tests.signing_in import post, sign_in


@pytest.fixture
def maria(db: Session) -> Person:
    return PersonFactory(name="Maria")


@pytest.fixture
def browser(client: FlaskClient) -> FlaskClient:
    sign_in(client, staff_member(digest_every=DigestEvery.WEEKLY))
    return client


def found(introduction: str, **values: object) -> list[tuple[str, str]]:
    """The weight and place of what is found in an introduction."""
    issue = world.issue(introduction=f"Hello. {introduction}", **values)
    session.commit()  # the pages that are asked have connections of their own
    return [(finding.weight.value, finding.where) for finding in checks.of(issue)]


@pytest.mark.usefixtures("maria")
def test_an_ordinary_digest_is_in_order(db: Session) -> None:
    world.columbus()
    db.commit()
    assert checks.of(world.issue()) == []


@pytest.mark.usefixtures("maria")
def test_a_link_inside_the_site_is_asked_of_the_program_itself(db: Session) -> None:
    columbus = AllianceFactory(slug="columbus")
    EventFactory(alliance=columbus, slug="vigil", state="draft")
    home = "http://localhost"
    assert found(f"[a]({home}/alliances/columbus) [b]({home}/es/alliances/columbus)") == []
    assert found(f"[a]({home}/alliances/nowhere)") == [("error", f"{home}/alliances/nowhere")]
    assert found(f"[a]({home}/events/vigil)") == [("error", f"{home}/events/vigil")]
    assert found(f"[a]({home}/events/?page=x)") == [("error", f"{home}/events/?page=x")]


@pytest.mark.usefixtures("maria")
def test_a_page_for_signed_in_people_is_a_warning(db: Session) -> None:
    home = "http://localhost"
    assert found(f"[me]({home}/me) [d]({home}/staff/digests)") == [
        ("warning", f"{home}/me"),
        ("warning", f"{home}/staff/digests"),
    ]


def test_a_coordinators_own_desk_is_no_warning(db: Session) -> None:
    coordinator_of(world.columbus())
    db.commit()
    assert checks.of(world.issue()) == []


@pytest.mark.usefixtures("maria")
def test_links_to_elsewhere_are_not_looked_at(db: Session) -> None:
    assert found("[a](https://example.org/nowhere) [b](mailto:jo@example.org)") == []


@pytest.mark.usefixtures("maria")
def test_half_an_address_is_an_error(db: Session) -> None:
    assert found("[a](/events/)") == [("error", "/events/")]


@pytest.mark.parametrize(
    "placeholder",
    [
        "{{ name }}",
        "{name}",
        "${city}",
        "*|FNAME|*",
        "%%first%%",
        "[[name]]",
        "<<name>>",
        "{% x %}",
    ],
)
@pytest.mark.usefixtures("maria")
def test_placeholders_that_nobody_fills_in_are_errors(db: Session, placeholder: str) -> None:
    assert found(f"Dear {placeholder}, hello") == [("error", "Introduction")]
    assert found("Hello", subject=f"For {placeholder}") == [("error", "Subject")]


@pytest.mark.usefixtures("maria")
def test_what_was_meant_as_a_link_but_leads_nowhere_is_an_error_once(db: Session) -> None:
    assert found("See [js](javascript:alert(1)) and [a file](data:text/html,x).") == [
        ("error", "Introduction"),
        ("error", "Introduction"),
    ]
    assert found("See [the page](https://example.org/a_(b)).") == []


FORGOTTEN = ["[City]", "[fill In This]", "[name of the council]", "[DATE 2]", "[año]"]
FORGOTTEN += ["_____", "XXX", "TBD", "[one] [two"]


@pytest.mark.parametrize("words", FORGOTTEN)
@pytest.mark.usefixtures("maria")
def test_what_looks_forgotten_is_a_warning(db: Session, words: str) -> None:
    assert found(f"Council of {words} said yes") == [("warning", "Introduction")]
    assert found("Hello", subject=f"Council of {words}") == [("warning", "Subject")]


NOT_FORGOTTEN = [
    "[The council](https://example.org) said {7} of 9 [1]",
    "[The council][1] said yes.\n\n[1]: https://example.org",
    "[The council] said yes.\n\n[the council]: https://example.org",
    "![A full room](https://example.org/a.jpg)",
    "It was [sic] decided [ ] so.\n\n___\n\nOn.",
]


@pytest.mark.parametrize("words", NOT_FORGOTTEN)
@pytest.mark.usefixtures("maria")
def test_a_link_and_a_number_are_not_forgotten(db: Session, words: str) -> None:
    assert found(words) == []


@pytest.mark.usefixtures("maria")
def test_all_that_staff_wrote_is_looked_through(db: Session) -> None:
    world.news("A [fill In This]", body="Dear {{name}}", body_es="![](https://e.org/a.png)")
    words = {"subject_es": "En [ciudad]", "introduction_es": "Querida {nombre}"}
    issue = world.issue(**words)
    subjects.plan(issue.id, Plan(("Council of [City]",), share=20, hours=4))
    session.commit()
    news = "News: A [fill In This]"
    expected = [
        ("error", "Introduction in Spanish"),
        ("error", news),
        ("error", "https://e.org/a.png"),
        ("warning", "Subject in Spanish"),
        ("warning", "Subject-line test"),
        ("warning", news),
    ]
    assert [(each.weight.value, each.where) for each in checks.of(issue)] == expected
    issue.sections = [["items", "dropped"]]
    session.commit()
    assert [each for each in checks.of(issue) if each.where == news] == []


@pytest.mark.usefixtures("maria")
def test_a_picture_without_words_is_an_error(db: Session) -> None:
    assert found("![](https://example.org/a.jpg)") == [("error", "https://example.org/a.jpg")]
    assert found("![The council](https://example.org/a.jpg)") == []


@pytest.mark.usefixtures("maria")
def test_a_mail_that_mailboxes_cut_off_is_an_error(db: Session) -> None:
    issue = world.issue(introduction="justice " * 12_000)
    (finding,) = checks.of(issue)
    assert finding.weight == Weight.ERROR
    assert "mailboxes cut it off" in finding.sentence


def test_nobody_to_look_at_is_a_warning(db: Session) -> None:
    assert [finding.weight for finding in checks.of(world.issue())] == [Weight.WARNING]


@pytest.mark.usefixtures("maria")
def test_nobody_is_noted_as_looked_at_by_the_program(db: Session) -> None:
    checks.of(world.issue())
    assert db.scalars(select(Disclosure)).all() == []


@pytest.mark.usefixtures("maria")
def test_an_error_keeps_a_digest_from_being_sent(db: Session, browser: FlaskClient) -> None:
    issue = world.issue(introduction="Dear {{name}}")
    url = f"/staff/digests/{issue.id}/send"
    assert "“{{name}}” is no placeholder that we fill in." in browser.get(url).text
    answer = post(browser, url, {"when": "now", "people": "1"})
    assert answer.status_code == 422
    assert "Mend what the checks found first." in answer.text
    assert db.scalar(select(func.count()).select_from(Mailing)) == 0


@pytest.mark.usefixtures("maria")
def test_a_warning_lets_it_go(db: Session, browser: FlaskClient) -> None:
    issue = world.issue(introduction="Council of [City] said yes")
    answer = post(browser, f"/staff/digests/{issue.id}/send", {"when": "now", "people": "1"})
    assert answer.status_code == 303


def spam_program(folder: Path, body: str, name: str = "spamassassin") -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for programs of the system, with nothing of the machine's own in it but a shell."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    return tmp_path


SCORES = [
    ("0.4", []),
    ("3.1", [Weight.WARNING]),
    ("6.2", [Weight.ERROR]),
]


@pytest.mark.parametrize(("score", "weights"), SCORES)
@pytest.mark.usefixtures("maria")
def test_spamassassin_is_asked_where_it_is_installed(
    db: Session, programs: Path, score: str, weights: list[Weight]
) -> None:
    kept = programs / "asked"
    header = f"X-Spam-Status: No, score={score} required=5.0 tests=NONE"
    spam_program(programs, f"cat > {kept}\necho '{header}'")
    assert checks.has_assassin()
    assert [finding.weight for finding in checks.spam_score(world.issue())] == weights
    assert "Subject: November digest" in kept.read_text()


@pytest.mark.usefixtures("maria")
def test_a_spamassassin_that_hangs_is_not_waited_for(
    db: Session, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "SPAM_SECONDS", 0.2)
    spam_program(programs, "exec sleep 20", "spamc")
    assert checks.spam_score(world.issue()) == [
        Finding(Weight.WARNING, "SpamAssassin did not answer.")
    ]


@pytest.mark.usefixtures("maria")
def test_without_spamassassin_the_page_says_so(
    db: Session, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    issue: Issue = world.issue()
    page = browser.get(f"/staff/digests/{issue.id}/check").text
    assert "SpamAssassin is not installed here" in page
    assert "Links, placeholders, pictures and size are fine." in page
