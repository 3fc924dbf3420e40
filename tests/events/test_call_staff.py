"""What national staff do about the days: enter movable ones, call, see who answered, nudge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events import call_mails, calls
from app.events.call_models import AnswerState, EditionAnswer
from app.events.models import Edition, EventState
from app.events.report_models import ReportBack
from app.mail.models import Message
from seeds import observances
from tests.factories import (
    AllianceFactory,
    EditionFactory,
    EventFactory,
    coordinator_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements

DAYS = "/staff/observances"
DAY = f"{DAYS}/justice-day/2027"
NOW = datetime(2027, 4, 1, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def edition(db: Session) -> Edition:
    return EditionFactory(year=2027, on=date(2027, 7, 17))


def test_a_movable_day_is_entered_and_its_page_opens(client: FlaskClient, db: Session) -> None:
    observances.seed()
    sign_in(client, staff_member())
    page = client.get(DAYS).text
    assert "Yom HaShoah</option>" in page
    assert "Human Rights Day</option>" not in page
    post(client, DAYS, {"observance": "yom-hashoah", "on": "2027-05-04"})
    assert client.get("/observances/yom-hashoah/2027").status_code == 200
    post(client, DAYS, {"observance": "yom-hashoah", "on": "2027-05-05"})
    found = db.scalars(select(Edition).where(Edition.observance_key == "yom-hashoah")).one()
    assert found.on == date(2027, 5, 5)


@pytest.mark.parametrize("on", ["", "2026-05-04", "2036-05-04", "soon"])
def test_an_odd_date_is_refused(client: FlaskClient, db: Session, on: str) -> None:
    observances.seed()
    sign_in(client, staff_member())
    assert post(client, DAYS, {"observance": "yom-hashoah", "on": on}).status_code == 422


def test_a_day_that_called_is_corrected_with_its_drafts_and_told_anew(
    client: FlaskClient, db: Session, now: time_machine.Traveller
) -> None:
    observances.seed()
    dayton, columbus = AllianceFactory(), AllianceFactory()
    for alliance in (dayton, columbus):
        coordinator_of(alliance)
    sign_in(client, staff_member())
    post(client, DAYS, {"observance": "yom-hashoah", "on": "2027-05-04"})
    post(client, f"{DAYS}/yom-hashoah/2027/call")
    first, second = db.scalars(select(EditionAnswer).order_by(EditionAnswer.id)).all()
    draft = EventFactory(
        alliance=dayton,
        state=EventState.DRAFT,
        wall_start=datetime(2027, 5, 4, 18, 30),
        time_zone="America/New_York",
    )
    first.event_id, second.state = draft.id, AnswerState.ACCEPTED
    db.commit()
    call_mails.tell()

    now.shift(60)
    answer = post(client, DAYS, {"observance": "yom-hashoah", "on": "2027-05-05"})

    assert "done=day-corrected" in answer.location
    db.expire_all()
    assert draft.wall_start == datetime(2027, 5, 5, 18, 30)
    assert draft.starts_at == datetime(2027, 5, 5, 22, 30, tzinfo=UTC)
    assert call_mails.tell() == 1
    mails = db.scalars(select(Message.text).where(Message.kind == "events/called")).all()
    assert sum("Wednesday, May 5, 2027" in each for each in mails) == 1
    assert len(db.scalars(select(EditionAnswer)).all()) == 2


def test_those_who_take_part_hear_of_each_correction_and_their_events_stay(
    client: FlaskClient, db: Session, now: time_machine.Traveller
) -> None:
    observances.seed()
    dayton, columbus = AllianceFactory(), AllianceFactory()
    leaders = [coordinator_of(alliance) for alliance in (dayton, columbus)]
    sign_in(client, staff_member())
    post(client, DAYS, {"observance": "yom-hashoah", "on": "2027-05-04"})
    post(client, f"{DAYS}/yom-hashoah/2027/call")
    vigil = EventFactory(
        alliance=dayton,
        title="Candles",
        wall_start=datetime(2027, 5, 4, 18, 30),
        starts_at=datetime(2027, 5, 4, 22, 30, tzinfo=UTC),
        ends_at=datetime(2027, 5, 4, 23, 30, tzinfo=UTC),
        time_zone="America/New_York",
    )
    accepted = db.scalars(select(EditionAnswer).where(EditionAnswer.alliance_id == dayton.id)).one()
    accepted.event_id, accepted.state = vigil.id, AnswerState.ACCEPTED
    db.commit()
    call_mails.tell()

    for day in ("05", "05", "04", "05"):
        now.shift(60)
        post(client, DAYS, {"observance": "yom-hashoah", "on": f"2027-05-{day}"})
        call_mails.tell()

    db.expire_all()
    assert vigil.wall_start == datetime(2027, 5, 4, 18, 30)
    for leader, kind, number in (
        (leaders[0], "events/day_corrected", 3),
        (leaders[1], "events/called", 4),
    ):
        mails = db.scalars(
            select(Message)
            .where(Message.person_id == leader.id, Message.kind == kind)
            .order_by(Message.id)
        ).all()
        days = ["Wednesday, May 5, 2027" in mail.text for mail in mails][-3:]
        assert (len(mails), days) == (number, [True, False, True])
    told = db.scalars(select(Message).where(Message.kind == "events/day_corrected")).first()
    assert told is not None
    assert told.subject == "Yom HaShoah 2027 is on Wednesday, May 5, 2027"
    assert "Tuesday, May 4, 2027" in told.text
    assert f"/events/{vigil.id}" in told.text


def test_staff_call_a_day_early(client: FlaskClient, db: Session) -> None:
    far = EditionFactory(year=2028, on=date(2028, 4, 24), opened_at=None)
    AllianceFactory()
    sign_in(client, staff_member())
    address = f"{DAYS}/justice-day/2028"
    assert "Call every alliance now" in client.get(address).text
    post(client, f"{address}/call")
    db.refresh(far)
    assert (far.called_at, far.opened_at) == (NOW, NOW)
    assert "Call every alliance now" not in client.get(address).text


def test_the_page_says_who_answered_and_who_has_not(
    client: FlaskClient, db: Session, edition: Edition
) -> None:
    columbus, cleveland, akron = (AllianceFactory(name=f"{name} Alliance") for name in "BAC")
    calls.call(edition.id)
    rows = {row.alliance_id: row for row in db.scalars(select(EditionAnswer))}
    rows[columbus.id].state = AnswerState.DECLINED
    rows[columbus.id].reason = "Our hall is closed."
    event = EventFactory(alliance=cleveland, edition_id=edition.id, title="Vigil at the lake")
    calls.take_up(event)
    sign_in(client, staff_member())
    page = client.get(DAY).text
    assert "Our hall is closed." in page
    assert "Vigil at the lake" in page
    assert page.index(akron.name) < page.index(cleveland.name) < page.index(columbus.name)
    assert "<dt>Take part</dt><dd>1</dd>" in page
    listed = client.get(DAYS).text
    assert "International Justice Day 2027" in listed


def test_a_nudge_goes_to_who_has_not_answered_and_rests_for_a_week(
    client: FlaskClient, db: Session, edition: Edition, now: time_machine.Traveller
) -> None:
    columbus = AllianceFactory()
    coordinator_of(columbus)
    calls.call(edition.id)
    call_mails.tell()
    db.commit()
    staff = staff_member()
    sent = []
    for _week in range(5):
        sign_in(client, staff)
        post(client, f"{DAY}/nudge")
        post(client, f"{DAY}/nudge")
        sent.append(call_mails.tell())
        db.commit()
        now.shift(timedelta(days=7))
    assert sent == [0, 1, 1, 1, 0]
    called = select(Message).where(Message.kind == "events/called").order_by(Message.id)
    mails = db.scalars(called).all()
    assert len(mails) == 4
    assert "We asked before and have not heard from you." not in mails[0].text
    assert "We asked before and have not heard from you." in mails[-1].text


def test_one_alliance_can_be_nudged_alone(
    client: FlaskClient, db: Session, edition: Edition, now: time_machine.Traveller
) -> None:
    one, other = AllianceFactory(), AllianceFactory()
    calls.call(edition.id)
    db.commit()
    now.shift(timedelta(days=8))
    sign_in(client, staff_member())
    page = client.get(DAY).text
    assert "Ask 2 alliances once more" in page
    post(client, f"{DAY}/nudge", {"alliance": str(one.id)})
    nudges = {row.alliance_id: row.nudges for row in db.scalars(select(EditionAnswer))}
    assert nudges == {one.id: 1, other.id: 0}


def test_materials_stand_on_the_public_page(
    client: FlaskClient, db: Session, edition: Edition
) -> None:
    sign_in(client, staff_member())
    post(client, f"{DAY}/materials", {"materials": "Print the **one-page handout**."})
    assert "<strong>one-page handout</strong>" in client.get("/observances/justice-day/2027").text
    too_long = post(client, f"{DAY}/materials", {"materials": "x" * 20_001})
    assert too_long.status_code == 422


def test_only_staff_see_these_pages(client: FlaskClient, db: Session, edition: Edition) -> None:
    sign_in(client, coordinator_of(AllianceFactory()))
    pages = [client.get(DAYS), client.get(DAY), post(client, f"{DAY}/call")]
    pages += [post(client, f"{DAY}/nudge"), post(client, f"{DAY}/materials"), post(client, DAYS)]
    assert {page.status_code for page in pages} == {403}


@pytest.mark.parametrize("rows", [1, 30])
def test_the_pages_cost_the_same(
    client: FlaskClient, db: Session, edition: Edition, rows: int
) -> None:
    for _number in range(rows):
        EventFactory(alliance=AllianceFactory(), edition_id=edition.id)
    calls.call(edition.id)
    sign_in(client, staff_member())
    with count_statements() as statements:
        assert client.get(DAY).status_code == 200
        assert client.get(DAYS).status_code == 200
    assert len(statements) <= 12


def test_staff_see_on_a_map_where_events_are_and_who_came(
    client: FlaskClient, db: Session, edition: Edition
) -> None:
    event = EventFactory(edition_id=edition.id)
    report = {"people": 60, "is_public": True}
    stamps = dict.fromkeys(("created_at", "updated_at"), event.ends_at)
    db.add(ReportBack(event_id=event.id, **report, **stamps))
    sign_in(client, staff_member())
    page = client.get(DAY).text
    assert "<title>Ohio: 1</title>" in page
    assert '<span>Ohio</span><span class="num">1 event, 60 people</span>' in page
