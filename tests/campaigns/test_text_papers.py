"""The papers of a text: what each file says, and who may have them."""

from __future__ import annotations

import io

import docx
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.campaigns import texts
from app.campaigns.body_models import Body, Instrument
from app.campaigns.clauses import Clause, ClauseKind
from app.campaigns.measure_models import Measure
from tests.campaigns.councils import BodyFactory, BodyRuleFactory
from tests.campaigns.world import PREAMBLE, RESOLVED, campaign, with_text
from tests.factories import AllianceFactory, coordinator_of
from tests.signing_in import sign_in
from tests.statements import count_statements

LINES = [
    "WHEREAS, July 17 marks the adoption of the Rome Statute; now, therefore, be it",
    "RESOLVED, that the City of Columbus recognizes July 17.",
]
SOURCE = "https://www.un.org/en/observances/international-justice-day"


@pytest.fixture
def measure(client: FlaskClient, db: Session) -> Measure:
    """A campaign with a text; a coordinator of its alliance is signed in."""
    body: Body = BodyFactory(alliance__slug="columbus", name="Columbus City Council")
    sign_in(client, coordinator_of(body.alliance, name="Ana"))
    return with_text(campaign(body=body, title="Justice Day"))


def at(measure: Measure, file: str) -> str:
    return f"/desk/columbus/campaigns/{measure.id}/{file}"


def words(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_pdf_has_the_council_the_state_and_each_clause(
    client: FlaskClient, measure: Measure
) -> None:
    answer = client.get(at(measure, "text.pdf"))
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="justice-day-1.pdf"'
    page = words(answer.data)
    assert "Columbus City Council Draft 1 of" in page
    for line in LINES:
        assert line in page
    assert "Sources" not in page


def test_the_sponsors_pdf_says_where_the_facts_come_from(
    client: FlaskClient, measure: Measure
) -> None:
    parts = [PREAMBLE, Clause(ClauseKind.PREAMBULAR, "one", source=SOURCE), RESOLVED]
    texts.save_version(measure, "With sources", parts, by_id=None)
    answer = client.get(at(measure, "text.pdf?sources=yes"))
    assert f"Sources 2. {SOURCE}" in words(answer.data)
    name = 'inline; filename="justice-day-2-with-sources.pdf"'
    assert answer.headers["Content-Disposition"] == name


def test_the_word_file_has_a_paragraph_for_each_clause(
    client: FlaskClient, measure: Measure
) -> None:
    answer = client.get(at(measure, "text.docx"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="justice-day-1.docx"'
    file = docx.Document(io.BytesIO(answer.data))
    assert [each.text for each in file.paragraphs] == [
        "A resolution",
        "Columbus City Council",
        *LINES,
    ]
    assert file.paragraphs[2].runs[0].text == "WHEREAS"
    assert file.paragraphs[2].runs[0].bold is True


def test_plain_text_is_one_line_for_each_clause(client: FlaskClient, measure: Measure) -> None:
    answer = client.get(at(measure, "text.txt"))
    assert answer.text.splitlines() == ["A resolution", "", *LINES]
    assert answer.text == client.get(f"/campaigns/{measure.slug}/text.txt").text


def test_a_form_gets_the_whereas_lines_alone(client: FlaskClient, measure: Measure) -> None:
    line = "WHEREAS, July 17 marks the adoption of the Rome Statute;"
    assert client.get(at(measure, "whereas.txt")).text == f"{line}\n"
    page = client.get(at(measure, "papers")).text
    assert f">{line}</textarea>" in page
    assert f"1 line, {len(line)} characters." in page


def test_a_proclamation_proclaims(client: FlaskClient, measure: Measure) -> None:
    measure.instrument = Instrument.PROCLAMATION
    assert "NOW, THEREFORE, the City of Columbus" in client.get(at(measure, "text.txt")).text


def test_the_page_says_what_is_open_and_what_is_too_long(
    client: FlaskClient, measure: Measure
) -> None:
    BodyRuleFactory(
        body=measure.body, key="text_limits", value={"most_clauses": 1, "most_characters": None}
    )
    parts = [PREAMBLE, Clause(ClauseKind.PREAMBULAR, "[City] cares"), RESOLVED]
    texts.save_version(measure, "For [Year]", parts, by_id=None)
    page = client.get(at(measure, "papers")).text
    assert "Still to be filled in: [Year], [City]." in page
    assert "2 of at most 1 WHEREAS clauses (too long)" in page


def test_what_is_open_is_said_before_the_text_is_handed_in(
    client: FlaskClient, measure: Measure
) -> None:
    desk = f"/desk/columbus/campaigns/{measure.id}"
    for page in (desk, f"{desk}/happened/sponsored", f"{desk}/happened/introduced"):
        assert "Still to be filled in" not in client.get(page).text
    parts = [Clause(ClauseKind.PREAMBULAR, "[City] cares"), RESOLVED]
    texts.save_version(measure, "For [Year]", parts, by_id=None)
    for page in (desk, f"{desk}/happened/sponsored", f"{desk}/happened/introduced"):
        assert "Still to be filled in: [Year], [City]." in client.get(page).text
    assert "Still to be filled in" not in client.get(f"{desk}/happened/drafting").text


def test_older_versions_have_their_papers_too(client: FlaskClient, measure: Measure) -> None:
    texts.save_version(measure, "As passed", [PREAMBLE, RESOLVED], by_id=None, adopted=True)
    newest, older = (client.get(at(measure, f"papers{q}")).text for q in ("", "?version=1"))
    assert "As passed" in newest
    assert "text.docx?version=2" in newest
    assert "text.docx?version=1" in older
    assert "Text as adopted" in words(client.get(at(measure, "text.pdf")).data)
    assert client.get(at(measure, "text.txt?version=1")).text.startswith("A resolution\n")
    for number in ("9", "0", "-1", "9" * 30):
        assert client.get(at(measure, f"text.txt?version={number}")).status_code == 404


@pytest.mark.parametrize("file", ["papers", "text.pdf", "text.docx", "text.txt", "whereas.txt"])
def test_papers_are_for_the_campaigns_own_people(
    client: FlaskClient, measure: Measure, file: str
) -> None:
    without = campaign(body=measure.body, title="No text yet")
    assert client.get(at(without, file)).status_code == 404
    AllianceFactory(slug="dayton")
    assert client.get(at(measure, file).replace("columbus", "dayton")).status_code == 404
    stranger = client.application.test_client()
    assert stranger.get(at(measure, file)).status_code == 303


def test_papers_cost_the_same_however_many_versions(client: FlaskClient, measure: Measure) -> None:
    client.get(at(measure, "papers"))
    with count_statements() as few:
        client.get(at(measure, "papers"))
    for _number in range(30):
        texts.save_version(measure, "Again", [PREAMBLE, RESOLVED] * 9, by_id=None)
    with count_statements() as many:
        assert "text.pdf?version=31" in client.get(at(measure, "papers")).text
    assert len(many) == len(few)
