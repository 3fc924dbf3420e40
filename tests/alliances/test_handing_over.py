"""A coordinator leaves or is silent: staff appoint another, and everything moves in one step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.accounts.models import AuditEntry, LastSignIn, SignInSession
from app.alliances import queries, silence
from app.alliances.hand_over_models import HandOver
from app.alliances.models import Alliance, CoordinatorTerm, MembershipState
from app.campaigns import measure_words
from app.campaigns.measure_models import Measure
from app.campaigns.visit_models import Visit
from app.campaigns.vote_models import SeatAsk
from app.digests import announcements
from app.digests.announcements import Draft
from app.events import door
from app.foundation import clock
from app.mail.models import Mailing, MailingState, Message
from app.people.models import Person, Standing
from app.work.models import ToDo, ToDoState
from tests.alliances.mailbox import sent_to
from tests.campaigns.councils import SeatFactory
from tests.campaigns.world import MeasureFactory
from tests.factories import (
    AllianceFactory,
    CoordinatorTermFactory,
    EventFactory,
    MembershipFactory,
    ToDoFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements

A_MONTH = timedelta(days=31)


@pytest.fixture
def columbus(client: FlaskClient, db: Session) -> Alliance:
    """An alliance; staff are signed in."""
    sign_in(client, staff_member(name="Sam"))
    alliance: Alliance = AllianceFactory(slug="columbus", name="Columbus Alliance")
    return alliance


def term_of(db: Session, person: Person) -> CoordinatorTerm:
    return db.scalars(select(CoordinatorTerm).where(CoordinatorTerm.person_id == person.id)).one()


def a_year_on() -> str:
    return (clock.today() + timedelta(days=365)).isoformat()


def appoint(client: FlaskClient, db: Session, old: Person, number: int, **more: str) -> object:
    data = {"successor": str(number), "until": a_year_on(), "note": "", **more}
    return post(client, f"/desk/columbus/hand-overs/from/{old.id}", data)


def membership(db: Session, alliance: Alliance, **values: object) -> tuple[int, Person]:
    row = MembershipFactory(alliance=alliance, **values)
    return row.id, row.person


def hand_over_of(db: Session) -> HandOver:
    return db.scalars(select(HandOver)).one()


def test_everything_that_is_open_moves_in_one_step(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    old = coordinator_of(columbus, name="Olga")
    number, new = membership(db, columbus, person__name="Nia")
    mine, done = (
        ToDoFactory(alliance=columbus, owner=old),
        ToDoFactory(alliance=columbus, owner=old),
    )
    done.state = ToDoState.DONE
    elsewhere = ToDoFactory(alliance=AllianceFactory(), owner=old)
    measure = MeasureFactory(alliance=columbus, owner_id=old.id)
    ask = SeatAsk(measure_id=measure.id, seat_id=SeatFactory(body=measure.body).id, owner_id=old.id)
    visits = [
        Visit(measure=measure, office="Ward 1", on=clock.today(), owner_id=old.id, **told)
        for told in ({}, {"reported_at": clock.now(), "thanked_on": clock.today()})
    ]
    for visit in visits:
        visit.created_at = clock.now()
    db.add_all([ask, *visits])
    draft = announcements.create(columbus, Draft("Hi", "Soon"), event_id=None, by_id=old.id)
    link = door.new_link(EventFactory(alliance=columbus), old.id)
    db.flush()

    email = new.address.email
    answer = appoint(client, db, old, number, note="Call *Bo* first.")

    done_so = hand_over_of(db)
    assert answer.location == f"/desk/columbus/hand-overs/{done_so.id}"  # type: ignore[attr-defined]
    db.expire_all()
    assert [db.get_one(ToDo, each.id).owner_id for each in (mine, done, elsewhere)] == [
        new.id,
        old.id,
        old.id,
    ]
    assert db.get_one(Measure, measure.id).owner_id == new.id
    assert db.get_one(SeatAsk, ask.id).owner_id == new.id
    assert draft.author_id == new.id
    assert link.revoked_at is not None
    assert done_so.moved == {
        "to_dos": 1,
        "campaigns": 1,
        "asks": 1,
        "visits": 1,
        "letters": 1,
        "door_links": 1,
    }
    assert sent_to("alliances/handed_over") == [email]
    entry = db.scalars(
        select(AuditEntry).where(AuditEntry.action == "coordination handed over")
    ).one()
    assert (entry.detail["from"], entry.detail["into"]) == (old.id, new.id)


def test_old_access_ends_at_the_next_request_and_new_access_begins(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    old = coordinator_of(columbus)
    number, new = membership(db, columbus)
    theirs = client.application.test_client()
    sign_in(theirs, old)
    db.commit()
    assert theirs.get("/desk/columbus/").status_code == 200

    appoint(client, db, old, number)

    assert theirs.get("/desk/columbus/").status_code == 403
    assert theirs.get("/me").status_code == 200
    sign_in(theirs, new)
    db.commit()
    assert theirs.get("/desk/columbus/").status_code == 200


def test_the_page_tells_what_moved_and_what_to_do_first(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    old = coordinator_of(columbus, name="Olga")
    number, new = membership(db, columbus, person__name="Nia")
    for _each in range(2):
        ToDoFactory(alliance=columbus, owner=old)
    EventFactory(alliance=columbus, title="Panel on the Court")
    campaign = MeasureFactory(alliance=columbus, owner_id=old.id, title="Support the Court")
    council, next_step = campaign.body.name, measure_words.next_step(campaign)
    appoint(client, db, old, number, note="Call *Bo* first.")
    sign_in(client, new)

    page = client.get(f"/desk/columbus/hand-overs/{hand_over_of(db).id}").text

    for words in (
        "Nia took over from Olga",
        "<em>Bo</em>",
        "2 open to-dos are yours now.",
        "You look after 1 campaign.",
        "Answer who asks to join",
        "Panel on the Court",
        "Support the Court",
        council,
        next_step,
    ):
        assert words in page
    steps = db.scalars(select(ToDo).where(ToDo.subject == "hand_over")).all()
    assert {step.owner_id for step in steps} == {new.id}
    assert min(step.due_on for step in steps) > clock.today()
    post(client, f"/desk/columbus/to-dos/{steps[0].id}/done")
    assert db.get_one(ToDo, steps[0].id).state == ToDoState.DONE
    assert "Taking over Columbus Alliance" in client.get("/desk/columbus/to-dos").text


def test_the_page_is_not_for_others(client: FlaskClient, columbus: Alliance, db: Session) -> None:
    old = coordinator_of(columbus)
    number, _new = membership(db, columbus)
    appoint(client, db, old, number)
    url = f"/desk/columbus/hand-overs/{hand_over_of(db).id}"
    other = AllianceFactory(slug="cleveland")
    assert client.get(url.replace("columbus", "cleveland")).status_code == 404
    sign_in(client, coordinator_of(other))
    assert client.get(url).status_code == 404
    sign_in(client, member_of(columbus))
    assert client.get(url).status_code == 403


@pytest.mark.parametrize(
    ("state", "gone"),
    [
        (MailingState.SCHEDULED, True),
        (MailingState.SENDING, True),
        (MailingState.PAUSED, True),
        (MailingState.DONE, False),
        (MailingState.CANCELLED, False),
    ],
)
def test_letters_that_are_leaving_are_the_successors_and_so_are_the_answers(
    client: FlaskClient, columbus: Alliance, db: Session, state: MailingState, gone: bool
) -> None:
    old = coordinator_of(columbus)
    number, new = membership(db, columbus)
    event = EventFactory(alliance=columbus)
    letter = announcements.create(columbus, Draft("Hi", "Soon"), event_id=event.id, by_id=old.id)
    mailing = Mailing(
        kind=announcements.KIND,
        purpose="events",
        once=f"announcement:{letter.id}",
        subject_id=letter.id,
        title="Hi",
        from_name="Columbus",
        reply_to=old.address.email,
        state=state,
        due_at=clock.now(),
        created_at=clock.now(),
        created_by_id=old.id,
    )
    db.add(mailing)
    db.flush()
    letter.mailing_id = mailing.id
    whose = new if gone else old
    email = whose.address.email

    appoint(client, db, old, number)

    db.expire_all()
    assert (letter.author_id, mailing.created_by_id) == (whose.id, whose.id)
    assert mailing.reply_to == email


def test_twice_is_once(client: FlaskClient, columbus: Alliance, db: Session) -> None:
    old = coordinator_of(columbus)
    number, new = membership(db, columbus)

    first, second = (appoint(client, db, old, number) for _click in range(2))

    assert first.location == second.location  # type: ignore[attr-defined]
    assert len(sent_to("alliances/handed_over")) == 1
    assert term_of(db, new).until == clock.today() + timedelta(days=365)


def test_twice_is_once_when_the_predecessor_began_the_same_day(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    old = member_of(columbus)
    CoordinatorTermFactory(alliance=columbus, person=old, since=clock.today())
    number, new = membership(db, columbus)

    first, second = (appoint(client, db, old, number) for _click in range(2))

    assert (first.status_code, first.location) == (303, second.location)  # type: ignore[attr-defined]
    assert [person.id for person in queries.coordinators(columbus.id)] == [new.id]
    assert hand_over_of(db).into_id == new.id


def test_back_and_forth_on_one_day_ends_with_the_last_one_and_one_plan(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    one, other = (membership(db, columbus) for _each in range(2))
    CoordinatorTermFactory(alliance=columbus, person=one[1], since=clock.today())

    for old, new in ((one, other), (other, one), (one, other)):
        appoint(client, db, old[1], new[0])

    last = max(db.scalars(select(HandOver.id)))
    assert [person.id for person in queries.coordinators(columbus.id)] == [other[1].id]
    assert len(sent_to("alliances/handed_over")) == 3
    open_steps = db.scalars(select(ToDo).where(ToDo.state == ToDoState.OPEN)).all()
    assert {(step.subject_id, step.owner_id) for step in open_steps} == {(last, other[1].id)}
    assert db.get_one(HandOver, last).moved["to_dos"] == 0


def test_nobody_takes_over_from_who_never_coordinated(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    number, _new = membership(db, columbus)

    answer = appoint(client, db, member_of(columbus), number)

    assert answer.status_code == 404  # type: ignore[attr-defined]


def test_who_coordinates_already_keeps_their_term(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    old = coordinator_of(columbus)
    number, new = membership(db, columbus)
    CoordinatorTermFactory(alliance=columbus, person=new)
    until = term_of(db, new).until

    appoint(client, db, old, number)

    assert term_of(db, new).until == until
    assert hand_over_of(db).into_id == new.id


def test_a_term_that_is_over_can_still_be_handed_over(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    old = member_of(columbus)
    CoordinatorTermFactory(alliance=columbus, person=old, until=clock.today() - timedelta(days=5))
    to_do = ToDoFactory(alliance=columbus, owner=old)
    number, new = membership(db, columbus)

    appoint(client, db, old, number)

    db.expire_all()
    assert db.get_one(ToDo, to_do.id).owner_id == new.id


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"state": MembershipState.LEFT}, "Only members of the alliance can coordinate it."),
        ({"state": MembershipState.ASKED}, "Only members of the alliance can coordinate it."),
        ({"person__without_email": True}, "no confirmed e-mail address"),
        ({"person__standing": Standing.UNCONFIRMED}, "no confirmed e-mail address"),
    ],
)
def test_not_everybody_can_take_over(
    client: FlaskClient, columbus: Alliance, db: Session, values: dict[str, object], sentence: str
) -> None:
    old = coordinator_of(columbus)
    number, _new = membership(db, columbus, **values)

    answer = appoint(client, db, old, number)

    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert sentence in answer.text  # type: ignore[attr-defined]
    assert db.scalars(select(HandOver)).all() == []


def test_somebody_else_and_a_day_to_come(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    row = MembershipFactory(alliance=columbus)
    CoordinatorTermFactory(alliance=columbus, person=row.person)
    stranger = MembershipFactory(alliance=AllianceFactory())
    other = MembershipFactory(alliance=columbus)

    answers = [
        appoint(client, db, row.person, row.id),
        appoint(client, db, row.person, stranger.id),
        appoint(client, db, row.person, other.id, until="2020-01-01"),
        appoint(client, db, row.person, other.id, successor="1; DROP"),
    ]

    assert [answer.status_code for answer in answers] == [422] * 4  # type: ignore[attr-defined]
    assert "Choose somebody else." in answers[0].text  # type: ignore[attr-defined]
    assert "Only members" in answers[1].text  # type: ignore[attr-defined]
    assert "That day is over." in answers[2].text  # type: ignore[attr-defined]


def test_only_staff_appoint_and_prove_who_they_are(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    old = coordinator_of(columbus)
    number, _new = membership(db, columbus)
    sign_in(client, staff_member(), fresh=False)
    assert "/reauthenticate" in appoint(client, db, old, number).location  # type: ignore[attr-defined]
    sign_in(client, old)
    assert appoint(client, db, old, number).status_code == 403  # type: ignore[attr-defined]
    assert client.get("/staff/coordinators").status_code == 403
    assert db.scalars(select(HandOver)).all() == []


def test_members_are_found_by_name_and_hidden_ones_are_not_named(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    old = coordinator_of(columbus, name="Olga")
    member_of(columbus, name="Nia 100%")
    member_of(columbus, name="Bo")
    member_of(columbus, name="Hidden", discreet=True)
    url = f"/desk/columbus/hand-overs/from/{old.id}"

    everybody, found, nobody = (
        client.get(f"{url}?q={words}").text for words in ("", "100%25", "zz")
    )

    assert "Nia 100%" in everybody
    assert "Bo" in everybody
    assert "Hidden" not in everybody
    assert "Nia 100%" in found
    assert "Bo, Columbus" not in found
    assert "Nobody fits" in nobody


def test_a_coordinator_is_silent_after_thirty_days_without_signing_in_or_acting(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    now = clock.now()
    names = ("never", "long ago", "signed in", "signed out", "acted")
    people = {name: coordinator_of(columbus, name=name) for name in names}
    db.execute(update(CoordinatorTerm).values(since=clock.today() - A_MONTH))
    young = coordinator_of(columbus, name="young")
    db.execute(
        update(CoordinatorTerm)
        .where(CoordinatorTerm.person_id == young.id)
        .values(since=clock.today() - timedelta(days=3))
    )
    for name in ("signed in", "signed out"):
        sign_in(client, people[name])
    db.execute(SignInSession.__table__.delete())  # type: ignore[attr-defined]
    db.add(LastSignIn(person_id=people["long ago"].id, at=now - A_MONTH))
    db.add(AuditEntry(at=now, actor_id=people["acted"].id, area="events", action="draft"))
    db.flush()
    sign_in(client, staff_member())

    assert {each.term.person.name for each in silence.silent()} == {"never", "long ago"}
    page = client.get("/staff/coordinators").text
    assert "Appoint another" in page
    assert "A coordinator has been silent for 30 days" in client.get("/staff/network").text


@pytest.mark.parametrize(("days", "silent"), [(30, False), (31, True)])
@pytest.mark.parametrize("hour", [0, 3, 12, 23])
def test_the_days_of_silence_are_those_of_the_place(
    columbus: Alliance, db: Session, hour: int, days: int, silent: bool
) -> None:
    with time_machine.travel(datetime(2027, 3, 2, hour, 30, tzinfo=UTC)):
        since = clock.today(columbus.time_zone) - timedelta(days=days)
        CoordinatorTermFactory(alliance=columbus, since=since)

        assert [each.since.date() for each in silence.silent()] == [since] * silent


def test_the_list_of_the_silent_needs_the_same_statements_for_many(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    def statements() -> int:
        with count_statements() as counted:
            assert client.get("/staff/coordinators").status_code == 200
        return len(counted)

    for _each in range(3):
        coordinator_of(columbus)
    db.execute(update(CoordinatorTerm).values(since=clock.today() - A_MONTH))
    few = statements()
    for _each in range(20):
        coordinator_of(AllianceFactory())
    db.execute(update(CoordinatorTerm).values(since=clock.today() - A_MONTH))
    assert statements() == few


def test_nobody_silent_says_so(client: FlaskClient, columbus: Alliance, db: Session) -> None:
    assert "Nobody is silent" in client.get("/staff/coordinators").text


def test_a_note_goes_when_either_is_erased(
    client: FlaskClient, columbus: Alliance, db: Session
) -> None:
    old = coordinator_of(columbus)
    number, new = membership(db, columbus)
    appoint(client, db, old, number, note="Olga moved to Chicago.")
    done = hand_over_of(db)

    erasure.erase(new)

    db.expire_all()
    assert (done.note, done.into_id) == ("", new.id)
    sign_in(client, staff_member())
    assert "somebody who is gone" in client.get("/staff/coordinators").text
    assert "Chicago" not in " ".join(db.scalars(select(Message.text)))
