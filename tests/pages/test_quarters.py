"""Trends of the network month by month, and the report of a quarter as PDF and file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.alliances.models import Alliance, MembershipState
from app.events.report_models import ReportBack
from app.foundation import clock
from app.pages import quarters, trends
from tests.alliances.organizations import OrganizationFactory
from tests.factories import (
    AllianceFactory,
    EventFactory,
    MembershipFactory,
    coordinator_of,
    staff_member,
)
from tests.signing_in import sign_in
from tests.statements import count_statements


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-11-21T15:00:00Z", tick=False):
        yield


def on(month: int, day: int = 10) -> datetime:
    return datetime(2026, month, day, 18, tzinfo=UTC)


@pytest.fixture
def columbus(db: Session) -> Alliance:
    """Three members, of whom one left; two events in the third quarter, one in the fourth."""
    made: Alliance = AllianceFactory(name="Columbus Alliance", approved_at=on(7, 1))
    MembershipFactory(alliance=made, since=on(1))
    MembershipFactory(alliance=made, since=on(8))
    left = MembershipState.LEFT
    MembershipFactory(alliance=made, since=on(2), until=on(9), state=left)
    MembershipFactory(alliance=made, since=on(2), state=MembershipState.ASKED)
    for at, people in ((on(7, 17), 40), (on(9), 2), (on(10), None)):
        event = EventFactory(alliance=made, starts_at=at, ends_at=at + timedelta(hours=1))
        if people:
            now = clock.now()
            report = ReportBack(event_id=event.id, people=people, created_at=now, updated_at=now)
            db.add(report)
    EventFactory(alliance=made)
    OrganizationFactory(decided_at=on(8))
    db.flush()
    return made


def test_the_trends_of_a_year(columbus: Alliance) -> None:
    with count_statements() as statements:
        months = trends.months()

    assert len(statements) == 2
    assert (months[0].label, months[-1].label) == ("Dec 2025", "Nov 2026")
    assert [month.members for month in months] == [0, 1, 2, 2, 2, 2, 2, 2, 3, 2, 2, 2]
    assert [month.events for month in months] == [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0]
    assert [month.active for month in months] == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]


def test_the_charts_stand_with_their_numbers(
    client: FlaskClient, db: Session, columbus: Alliance
) -> None:
    sign_in(client, staff_member())

    page = client.get("/staff/network").text

    assert page.count('<figure class="bars">') == 3
    assert '<th scope="row">Aug 2026</th><td class="r">3</td>' in page
    assert "Quarter 4 of 2026 (so far)" in page
    assert "/staff/network/2026-q1.pdf" in page


def test_the_figures_of_a_quarter(columbus: Alliance) -> None:
    told = quarters.report(quarters.Quarter(2026, 3))

    assert [number for _words, number in told.figures] == [2, 2, 1, 1, 1, 1, 1, 2, 42, 0]
    [(row, events, came)] = told.lines
    assert (row.alliance.name, row.members, events, came) == ("Columbus Alliance", 2, 2, 42)
    assert row.missing == ["Nobody coordinates it"]


def test_the_report_as_a_file_and_as_a_pdf(
    client: FlaskClient, db: Session, columbus: Alliance
) -> None:
    sign_in(client, staff_member())

    lines = client.get("/staff/network/2026-q3.csv").text.splitlines()
    assert lines[1] == "Columbus Alliance,Active,2,2,42,Nobody coordinates it"
    assert "Events,2,,,," in lines
    answer = client.get("/staff/network/2026-q3.pdf")
    assert answer.mimetype == "application/pdf"
    text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "Quarter 3 of 2026" in text
    assert "Columbus Alliance" in text
    assert "As of Nov 21, 2026" in text


@pytest.mark.parametrize("name", ["2027-q1", "2026-q5", "26-q1", "2026-Q1", "quarter"])
def test_a_quarter_that_is_none_or_has_not_begun_is_404(
    client: FlaskClient, db: Session, name: str
) -> None:
    sign_in(client, staff_member())

    assert client.get(f"/staff/network/{name}.csv").status_code == 404
    assert client.get("/staff/network/2026-q4.csv").status_code == 200


def test_only_staff_take_the_report(client: FlaskClient, db: Session) -> None:
    sign_in(client, coordinator_of(AllianceFactory()))

    assert client.get("/staff/network/2026-q3.pdf").status_code == 403
    assert client.get("/staff/network/2026-q3.csv").status_code == 403
