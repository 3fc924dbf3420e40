"""Whoever is known only to the coordinator has no name for staff, whatever they do at a desk."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.campaigns import lobbying, turnouts, visiting, whip
from app.campaigns.lobbying import Spent
from app.campaigns.turnouts import Told
from app.campaigns.visit_models import LobbyingKind
from app.campaigns.visiting import Planned
from app.foundation import clock
from tests.campaigns.councils import BodyFactory, SeatFactory, SeatTermFactory
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, coordinator_of, member_of, staff_member
from tests.signing_in import sign_in

NAME = "Dora Hidden"


@pytest.fixture
def pages(client: FlaskClient, db: Session) -> list[str]:
    """The pages of an alliance whose discreet member leads, speaks, visits and owes something."""
    ours = AllianceFactory(slug="columbus")
    body = BodyFactory(alliance=ours)
    measure = campaign(body=body)
    seat = SeatFactory(body=body)
    SeatTermFactory(seat=seat)
    dora = member_of(ours, name=NAME)
    dora.discreet, measure.owner_id = True, dora.id
    today = clock.today()
    lobbying.note(ours.id, Spent(today, LobbyingKind.DIRECT, "Calls", 5, 0, person_id=dora.id))
    visit = visiting.plan(
        measure, Planned("The mayor", None, None, today, "", "", "", dora.id, [dora.id])
    )
    to_do = visiting.follow_up(visit, "Write", today, dora.id)
    meeting = turnouts.begin(measure, Told(today + timedelta(days=5)))
    turnouts.add(meeting, dora.id).testimony = f"My name is {NAME}."
    whip.assign(measure, seat.id, dora.id, None)
    db.commit()
    desk = "/desk/columbus"
    own = f"{desk}/campaigns/{measure.id}"
    return [
        *(f"{desk}/lobbying", f"{desk}/lobbying?format=csv", f"{own}/visits"),
        *(f"{own}/visits/{visit.id}", f"{own}/speakers", f"{own}/votes", own),
        *(f"{desk}/to-dos", f"{desk}/to-dos?format=csv", f"{desk}/to-dos/{to_do.id}"),
        *(f"{desk}/campaigns", f"{own}/speakers/{meeting.id}/brief.pdf"),
    ]


def said(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    if url.endswith(".pdf"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    return answer.text


def test_staff_read_no_name_of_whoever_is_known_only_to_the_coordinator(
    client: FlaskClient, db: Session, pages: list[str]
) -> None:
    sign_in(client, staff_member())
    db.commit()

    assert [url for url in pages if NAME in said(client, url)] == []
    assert "known only to the coordinator" in said(client, pages[0])
    assert "known only to the coordinator" not in said(client, pages[-1]), "it is handed out"


def test_the_coordinator_reads_it(client: FlaskClient, db: Session, pages: list[str]) -> None:
    sign_in(client, coordinator_of(db.scalars(select(Alliance)).one()))
    db.commit()

    assert [url for url in pages if NAME not in said(client, url)] == []
