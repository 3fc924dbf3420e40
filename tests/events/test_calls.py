"""The call of a day: who is called when, what is drafted, and the three answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance, LifeCycle
from app.events import answers, call_mails, calls
from app.events.call_models import AnswerState, EditionAnswer
from app.events.models import Edition, Event, EventState
from app.events.report_models import ReportBack
from app.foundation import signals
from app.mail.models import Message
from app.work.models import ToDo
from tasks.events import sweep
from tests.factories import (
    AllianceFactory,
    EditionFactory,
    EventFactory,
    SignUpFactory,
    coordinator_of,
    member_of,
)
from tests.signing_in import post, sign_in
from tests.snapshots import assert_same
from tests.statements import count_statements

CALL = "/desk/columbus/calls/justice-day/2027"
NOW = datetime(2027, 4, 1, 16, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def columbus(db: Session) -> Alliance:
    return AllianceFactory(slug="columbus", name="Columbus Alliance")


@pytest.fixture
def edition(db: Session) -> Edition:
    return EditionFactory(year=2027, on=date(2027, 7, 17))


def last_year(alliance: Alliance, **values: object) -> Event:
    """A panel on the day of last year."""
    last = EditionFactory(year=2026, on=date(2026, 7, 17))
    return EventFactory(
        **{
            "alliance": alliance,
            "edition_id": last.id,
            "title": "Justice Day 2026 panel",
            "wall_start": datetime(2026, 7, 17, 18, 30),
            "venue": "Main Library",
            "capacity": 60,
            **values,
        }
    )


def answer_of(db: Session, alliance: Alliance) -> EditionAnswer:
    return db.scalars(select(EditionAnswer).where(EditionAnswer.alliance_id == alliance.id)).one()


def mails(db: Session) -> list[Message]:
    return list(db.scalars(select(Message).where(Message.kind == "events/called")))


def test_the_sweep_calls_every_alliance_once(
    db: Session, columbus: Alliance, edition: Edition
) -> None:
    AllianceFactory(life_cycle=LifeCycle.DORMANT)
    AllianceFactory(life_cycle=LifeCycle.FORMING)
    db.commit()
    sweep()
    sweep()
    found = db.scalars(select(EditionAnswer)).all()
    assert [answer.state for answer in found] == [AnswerState.CALLED] * 2
    db.refresh(edition)
    assert edition.called_at == NOW


def test_a_day_far_away_does_not_call_yet(db: Session, columbus: Alliance) -> None:
    far = EditionFactory(year=2027, on=NOW.date() + calls.CALL_AHEAD + timedelta(days=1))
    EditionFactory(year=2026, on=date(2026, 7, 17))
    assert calls.due() == []
    calls.call_now(far)
    assert [answer.edition_id for answer in db.scalars(select(EditionAnswer))] == [far.id]


def test_an_alliance_founded_later_is_called_too(
    db: Session, columbus: Alliance, edition: Edition
) -> None:
    db.commit()
    sweep()
    late = AllianceFactory()
    db.commit()
    sweep()
    assert answer_of(db, late).state == AnswerState.CALLED


def test_what_it_did_last_time_is_drafted_for_this_year(
    db: Session, columbus: Alliance, edition: Edition
) -> None:
    like = last_year(columbus, questions=[{"key": "food"}], roles=["Host"])
    calls.call(edition.id)
    answer = answer_of(db, columbus)
    draft = db.get_one(Event, answer.event_id)
    assert answer.like_id == like.id
    assert (draft.state, draft.edition_id) == (EventState.DRAFT, edition.id)
    assert draft.title == "Justice Day 2027 panel"
    assert draft.wall_start == datetime(2027, 7, 17, 18, 30)
    assert draft.starts_at == datetime(2027, 7, 17, 22, 30, tzinfo=UTC)
    assert (draft.venue, draft.capacity, draft.roles) == ("Main Library", 60, ["Host"])
    assert draft.questions == [{"key": "food"}]
    assert (draft.slug != like.slug, draft.published_at, draft.version) == (True, None, 1)


def test_an_event_held_days_before_keeps_its_distance(
    db: Session, columbus: Alliance, edition: Edition
) -> None:
    last_year(columbus, wall_start=datetime(2026, 7, 15, 18))
    calls.call(edition.id)
    draft = db.get_one(Event, answer_of(db, columbus).event_id)
    assert draft.wall_start == datetime(2027, 7, 15, 18)


def test_the_newest_published_event_is_the_model(
    db: Session, columbus: Alliance, edition: Edition
) -> None:
    last_year(columbus, title="Cancelled", state=EventState.CANCELLED)
    older = EditionFactory(year=2025, on=date(2025, 7, 17))
    EventFactory(
        alliance=columbus,
        edition_id=older.id,
        title="Vigil",
        wall_start=datetime(2025, 7, 17, 20),
    )
    calls.call(edition.id)
    draft = db.get_one(Event, answer_of(db, columbus).event_id)
    assert draft.title == "Vigil"


def test_who_has_announced_something_has_answered(
    db: Session, columbus: Alliance, edition: Edition
) -> None:
    event = EventFactory(alliance=columbus, edition_id=edition.id)
    calls.call(edition.id)
    answer = answer_of(db, columbus)
    assert (answer.state, answer.event_id) == (AnswerState.ACCEPTED, event.id)
    call_mails.tell()
    assert mails(db) == []


def test_higher_domains_hear_who_is_called_and_add_their_drafts(
    db: Session, client: FlaskClient, columbus: Alliance, edition: Edition
) -> None:
    heard = []

    def listen(sender: Edition, alliance_ids: list[int]) -> None:
        heard.append((sender.id, list(alliance_ids)))

    answers.offer_by(
        "test", lambda _answer: [answers.Offer("Renew the resolution", "It is a year old.", "/x")]
    )
    with signals.edition_opened.connected_to(listen):
        calls.call(edition.id)
    sign_in(client, coordinator_of(columbus))
    page = client.get(CALL).text
    answers.offer_by("test", lambda _answer: [])
    assert heard == [(edition.id, [columbus.id])]
    assert "Renew the resolution" in page


def test_coordinators_get_one_mail_for_all_days(
    db: Session, columbus: Alliance, edition: Edition
) -> None:
    coordinator_of(columbus, name="Ana")
    member_of(columbus)
    last_year(columbus)
    calls.call(edition.id)
    other = EditionFactory(observance__key="torture-victims-day", on=date(2027, 6, 26))
    calls.call(other.id)
    assert [call_mails.tell(), call_mails.tell()] == [2, 0]
    (mail,) = mails(db)
    assert mail.subject == "2 days are coming: will Columbus Alliance take part?"
    assert f"http://localhost{CALL}" in mail.text


def test_the_mail_reads_well(db: Session, columbus: Alliance, edition: Edition) -> None:
    coordinator_of(columbus, name="Ana")
    last_year(columbus)
    calls.call(edition.id)
    call_mails.tell()
    (mail,) = mails(db)
    snapshots = Path(__file__).parent / "snapshots"
    assert_same(f"Subject: {mail.subject}\n\n{mail.text}", snapshots / "called.en.txt")
    assert_same(mail.html, snapshots / "called.en.html")


def test_accepting_publishes_the_draft_and_begins_its_plan(
    db: Session, client: FlaskClient, columbus: Alliance, edition: Edition
) -> None:
    ana = coordinator_of(columbus)
    SignUpFactory(event=last_year(columbus))
    calls.call(edition.id)
    sign_in(client, ana)
    page = client.get(CALL).text
    assert "Drafted for you: Justice Day 2027 panel" in page
    assert "Last time: Justice Day 2026 panel, Friday, July 17, 2026." in page
    assert "1 person had signed up." in page
    assert "another day of the week" in page
    answered = post(client, f"{CALL}/accept")
    answer = answer_of(db, columbus)
    event = db.get_one(Event, answer.event_id)
    assert answered.headers["Location"] == (
        f"/desk/columbus/events/{event.id}/plan?done=call-accepted"
    )
    assert (answer.state, answer.answered_by_id) == (AnswerState.ACCEPTED, ana.id)
    assert event.state == EventState.PUBLISHED
    to_dos = db.scalars(select(ToDo).where(ToDo.subject_id == event.id)).all()
    assert (len(to_dos), {each.owner_id for each in to_dos}) == (8, {ana.id})
    post(client, f"{CALL}/accept")
    assert len(db.scalars(select(ToDo)).all()) == 8
    assert "You take part" in client.get(CALL).text


def test_what_was_learned_last_time_stands_beside_the_draft(
    db: Session, client: FlaskClient, columbus: Alliance, edition: Edition
) -> None:
    like = last_year(columbus)
    report = ReportBack(event_id=like.id, people=41, lessons="More chairs.")
    report.created_at = report.updated_at = NOW
    db.add(report)
    calls.call(edition.id)
    sign_in(client, coordinator_of(columbus))
    page = client.get(CALL).text
    assert "41 people came." in page
    assert "What you learned last time: More chairs." in page


def test_accepting_late_names_what_no_longer_fits(
    db: Session,
    client: FlaskClient,
    columbus: Alliance,
    edition: Edition,
    now: time_machine.Traveller,
) -> None:
    last_year(columbus)
    calls.call(edition.id)
    db.commit()
    now.move_to(datetime(2027, 7, 13, 16, tzinfo=UTC))
    sign_in(client, coordinator_of(columbus))
    plan = client.get(post(client, f"{CALL}/accept").headers["Location"]).text
    assert "These no longer fit: Settle format, venue, partners and access; Find speakers" in plan
    due = db.scalars(select(ToDo.due_on)).all()
    assert min(due) >= date(2027, 7, 13)


def test_publishing_a_changed_draft_answers_the_call(
    db: Session, client: FlaskClient, columbus: Alliance, edition: Edition
) -> None:
    last_year(columbus)
    calls.call(edition.id)
    number = answer_of(db, columbus).event_id
    sign_in(client, coordinator_of(columbus))
    post(client, f"/desk/columbus/events/{number}/publish")
    assert answer_of(db, columbus).state == AnswerState.ACCEPTED


def test_declining_needs_a_reason_and_throws_the_draft_away(
    db: Session, client: FlaskClient, columbus: Alliance, edition: Edition
) -> None:
    last_year(columbus)
    calls.call(edition.id)
    number = answer_of(db, columbus).event_id
    sign_in(client, coordinator_of(columbus))
    assert "goes away" in client.get(f"{CALL}/decline").text
    assert post(client, f"{CALL}/decline", {"reason": " "}).status_code == 422
    post(client, f"{CALL}/decline", {"reason": "Our hall is closed."})
    answer = answer_of(db, columbus)
    assert (answer.state, answer.reason) == (AnswerState.DECLINED, "Our hall is closed.")
    assert db.get(Event, number) is None
    assert "Our hall is closed." in client.get(CALL).text


def test_a_mind_can_be_changed(
    db: Session, client: FlaskClient, columbus: Alliance, edition: Edition
) -> None:
    last_year(columbus)
    calls.call(edition.id)
    sign_in(client, coordinator_of(columbus))
    post(client, f"{CALL}/decline", {"reason": "No."})
    post(client, f"{CALL}/again")
    answer = answer_of(db, columbus)
    draft = db.get_one(Event, answer.event_id)
    assert (answer.state, answer.reason) == (AnswerState.CALLED, "")
    assert draft.title == "Justice Day 2027 panel"


def test_what_is_published_is_not_declined(
    db: Session, client: FlaskClient, columbus: Alliance, edition: Edition
) -> None:
    last_year(columbus)
    calls.call(edition.id)
    sign_in(client, coordinator_of(columbus))
    post(client, f"{CALL}/accept")
    post(client, f"{CALL}/decline", {"reason": "No."})
    assert answer_of(db, columbus).state == AnswerState.ACCEPTED


@pytest.mark.parametrize(
    ("last", "notice"),
    [
        ({"is_online": True, "online_link": "", "venue": ""}, "event-no-way-in"),
        ({"wall_start": datetime(2026, 3, 18, 18)}, "event-over"),
    ],
)
def test_a_draft_that_cannot_be_published_says_why(
    db: Session,
    client: FlaskClient,
    columbus: Alliance,
    edition: Edition,
    last: dict[str, object],
    notice: str,
) -> None:
    last_year(columbus, **last)
    calls.call(edition.id)
    sign_in(client, coordinator_of(columbus))
    assert post(client, f"{CALL}/accept").headers["Location"] == f"{CALL}?done={notice}"
    assert answer_of(db, columbus).state == AnswerState.CALLED


def test_a_first_time_begins_an_event(
    db: Session, client: FlaskClient, columbus: Alliance, edition: Edition
) -> None:
    calls.call(edition.id)
    sign_in(client, coordinator_of(columbus))
    assert f"/desk/columbus/events/new?part_of={edition.id}" in client.get(CALL).text
    assert post(client, f"{CALL}/accept").headers["Location"].endswith("done=call-no-draft")


def test_the_desk_shows_the_call_until_it_is_answered(
    db: Session, client: FlaskClient, columbus: Alliance, edition: Edition
) -> None:
    last_year(columbus)
    calls.call(edition.id)
    sign_in(client, coordinator_of(columbus))
    desk = client.get("/desk/columbus/").text
    assert "Will you take part?" in desk
    assert desk.index("Will you take part?") < desk.index("Coming up")
    post(client, f"{CALL}/accept")
    assert "Will you take part?" not in client.get("/desk/columbus/").text
    assert "International Justice Day 2027" in client.get("/desk/columbus/calls").text


def test_the_call_of_another_alliance_does_not_exist(
    db: Session, client: FlaskClient, columbus: Alliance, edition: Edition
) -> None:
    calls.call(edition.id)
    assert client.get(CALL).status_code == 303
    sign_in(client, coordinator_of(AllianceFactory(slug="cleveland")))
    assert [client.get(CALL).status_code, client.get(f"{CALL}/decline").status_code] == [404, 404]
    sign_in(client, member_of(columbus))
    assert [client.get(CALL).status_code, post(client, f"{CALL}/accept").status_code] == [403, 403]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_calls_costs_the_same(
    db: Session, client: FlaskClient, columbus: Alliance, rows: int
) -> None:
    for number in range(rows):
        day = EditionFactory(year=2028 + number, on=date(2027, 5, 1) + timedelta(days=number))
        calls.call(day.id)
    sign_in(client, coordinator_of(columbus))
    with count_statements() as statements:
        assert client.get("/desk/columbus/calls").status_code == 200
    assert len(statements) <= 6
