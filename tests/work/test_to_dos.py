"""To-dos at the desk and by the link of a mail: who may do what, and what becomes of them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.alliances.models import Alliance, MembershipState
from app.foundation import clock, pagecontext, signals, tokens
from app.people.models import Person
from app.work import actions, links, queries
from app.work.models import ToDo, ToDoState
from tests.factories import (
    AllianceFactory,
    EventFactory,
    MembershipFactory,
    PersonFactory,
    ToDoFactory,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements


@pytest.fixture
def alliance(db: Session) -> Alliance:
    return AllianceFactory(slug="columbus", name="Columbus Alliance")


@pytest.fixture
def coordinator(client: FlaskClient, alliance: Alliance) -> Person:
    person = coordinator_of(alliance, name="Ana")
    sign_in(client, person)
    return person


def stored(db: Session, to_do: ToDo) -> ToDo:
    db.expire_all()
    return db.get_one(ToDo, to_do.id)


def path_of(to_do: ToDo, person: Person) -> str:
    return links.url(to_do, person.id, "en").removeprefix("http://localhost")


def test_a_coordinator_finishes_and_takes_up_again(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    to_do = ToDoFactory(alliance=alliance)

    answer = post(client, f"/desk/columbus/to-dos/{to_do.id}/done")
    assert answer.location == f"/desk/columbus/to-dos/{to_do.id}?done=to-do-done"
    assert stored(db, to_do).state == ToDoState.DONE
    assert stored(db, to_do).closed_at is not None

    post(client, f"/desk/columbus/to-dos/{to_do.id}/open")
    assert stored(db, to_do).state == ToDoState.OPEN


def test_the_button_leads_back_to_where_it_was_and_nowhere_else(
    client: FlaskClient, alliance: Alliance, coordinator: Person
) -> None:
    to_do = ToDoFactory(alliance=alliance)
    url = f"/desk/columbus/to-dos/{to_do.id}/done"

    assert post(client, url, {"next": "/desk/columbus/"}).location == (
        "/desk/columbus/?done=to-do-done"
    )
    assert post(client, url, {"next": "//evil.example"}).location.startswith(
        "/desk/columbus/to-dos"
    )


def test_a_week_later_counts_from_today_where_the_day_has_passed(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    today = clock.today(alliance.time_zone)
    coming = ToDoFactory(alliance=alliance, due_on=today + timedelta(days=2))
    late = ToDoFactory(alliance=alliance, due_on=today - timedelta(days=20))

    for to_do in (coming, late):
        post(client, f"/desk/columbus/to-dos/{to_do.id}/later")

    assert stored(db, coming).due_on == today + timedelta(days=9)
    assert stored(db, late).due_on == today + timedelta(days=7)


@pytest.mark.parametrize(
    ("days_before", "goes_to"), [(20, 13), (8, 1), (3, 1), (1, 1), (0, 0), (-1, -8)]
)
def test_what_is_meant_for_before_an_event_is_not_put_off_past_it(
    client: FlaskClient, db: Session, alliance: Alliance, days_before: int, goes_to: int
) -> None:
    day = clock.today(alliance.time_zone) + timedelta(days=30)
    ben = member_of(alliance)
    event = EventFactory(alliance=alliance, wall_start=datetime.combine(day, time(18)))
    to_do = ToDoFactory(
        alliance=alliance,
        owner=ben,
        subject="event",
        subject_id=event.id,
        due_on=day - timedelta(days=days_before),
    )
    offered = client.get(path_of(to_do, ben)).text
    assert ("A week later" in offered) == (goes_to == days_before - 7)
    assert (f"{path_of(to_do, ben)}/later" in offered) == (goes_to != days_before)

    client.post(f"{path_of(to_do, ben)}/later")

    assert stored(db, to_do).due_on == day - timedelta(days=goes_to)


def test_an_overdue_one_of_an_event_that_is_over_is_not_put_off(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    day = clock.today(alliance.time_zone) - timedelta(days=2)
    event = EventFactory(alliance=alliance, wall_start=datetime.combine(day, time(18)))
    due_on = day - timedelta(days=5)
    of_event = {"subject": "event", "subject_id": event.id, "due_on": due_on}
    to_do = ToDoFactory(alliance=alliance, **of_event)
    url = f"/desk/columbus/to-dos/{to_do.id}"

    assert f"{url}/later" not in client.get(url).text
    post(client, f"{url}/later")

    assert stored(db, to_do).due_on == due_on


def test_it_can_be_given_to_a_member_and_to_nobody_else(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    to_do = ToDoFactory(alliance=alliance, title="Bring chairs")
    ben, stranger = member_of(alliance, name="Ben"), PersonFactory(name="Zoe")
    form = {"title": "Bring ten chairs", "due_on": "2026-12-24", "owner": str(ben.id)}

    assert post(client, f"/desk/columbus/to-dos/{to_do.id}", form).status_code == 303
    assert (stored(db, to_do).owner_id, stored(db, to_do).title) == (ben.id, "Bring ten chairs")

    refused = post(client, f"/desk/columbus/to-dos/{to_do.id}", form | {"owner": str(stranger.id)})
    assert refused.status_code == 422
    assert "Zoe" not in refused.text
    assert stored(db, to_do).owner_id == ben.id


@pytest.mark.parametrize(
    "changes", [{"due_on": "2026-13-45"}, {"due_on": "0001-01-01"}, {"title": ""}]
)
def test_nonsense_is_refused_and_stays_in_the_form(
    client: FlaskClient,
    db: Session,
    alliance: Alliance,
    coordinator: Person,
    changes: dict[str, str],
) -> None:
    to_do = ToDoFactory(alliance=alliance, title="Bring chairs")
    form = {"title": "Bring <ten> chairs", "due_on": "2026-12-24", "owner": ""} | changes

    answer = post(client, f"/desk/columbus/to-dos/{to_do.id}", form)

    assert answer.status_code == 422
    assert stored(db, to_do).title == "Bring chairs"
    assert "title" in changes or "Bring &lt;ten&gt; chairs" in answer.text


def test_staff_do_not_see_whom_only_the_coordinator_knows(
    client: FlaskClient, alliance: Alliance
) -> None:
    to_do = ToDoFactory(alliance=alliance)
    member_of(alliance, name="Hidden", discreet=True)

    sign_in(client, staff_member())
    assert "Hidden" not in client.get(f"/desk/columbus/to-dos/{to_do.id}").text
    sign_in(client, coordinator_of(alliance))
    assert "Hidden" in client.get(f"/desk/columbus/to-dos/{to_do.id}").text


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 200), ("staff", 200), ("member", 403), ("other", 404), ("visitor", 303)],
)
def test_who_sees_the_to_dos_of_an_alliance(
    client: FlaskClient, alliance: Alliance, who: str, status: int
) -> None:
    to_do = ToDoFactory(alliance=alliance)
    people = {
        "coordinator": lambda: coordinator_of(alliance),
        "staff": staff_member,
        "member": lambda: member_of(alliance),
        "other": lambda: coordinator_of(AllianceFactory()),
    }
    if who in people:
        sign_in(client, people[who]())

    for path in ("/desk/columbus/to-dos", f"/desk/columbus/to-dos/{to_do.id}"):
        assert client.get(path).status_code == status


def test_another_alliances_to_do_is_not_found_under_ones_own(
    client: FlaskClient, db: Session, coordinator: Person
) -> None:
    theirs = ToDoFactory()

    assert client.get(f"/desk/columbus/to-dos/{theirs.id}").status_code == 404
    assert post(client, f"/desk/columbus/to-dos/{theirs.id}/done").status_code == 404
    assert stored(db, theirs).state == ToDoState.OPEN


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_takes_the_same_statements_for_any_number(
    client: FlaskClient, alliance: Alliance, coordinator: Person, number: int
) -> None:
    for _ in range(number):
        ToDoFactory(alliance=alliance, owner=coordinator)

    with count_statements() as statements:
        page = client.get("/desk/columbus/to-dos?state=open")

    assert page.text.count("Bring chairs") == number
    assert len(statements) == 4


@pytest.mark.parametrize("way", ["due", "-due"])
def test_what_is_to_do_stands_before_what_is_done(
    client: FlaskClient, alliance: Alliance, coordinator: Person, way: str
) -> None:
    today = clock.today(alliance.time_zone)
    for days, state in ((-3, ToDoState.DONE), (1, ToDoState.OPEN), (9, ToDoState.DROPPED)):
        due = today + timedelta(days=days)
        ToDoFactory(alliance=alliance, title=f"{state} one", due_on=due, state=state)

    page = client.get(f"/desk/columbus/to-dos?sort={way}").text

    assert page.index("open one") < page.index("done one")
    assert page.index("open one") < page.index("dropped one")


def test_the_desk_shows_what_is_due_this_week_and_what_is_late(
    client: FlaskClient, alliance: Alliance, coordinator: Person
) -> None:
    today = clock.today(alliance.time_zone)
    ToDoFactory(alliance=alliance, title="Late one", due_on=today - timedelta(days=3))
    ToDoFactory(alliance=alliance, title="Due soon", due_on=today + timedelta(days=6))
    ToDoFactory(alliance=alliance, title="Next week", due_on=today + timedelta(days=7))
    ToDoFactory(alliance=alliance, title="All done", state=ToDoState.DONE)

    page = client.get("/desk/columbus/").text

    assert page.index("Late one") < page.index("Due soon")
    assert "Next week" not in page
    assert "All done" not in page


def test_opening_the_link_changes_nothing_and_names_nobody(
    client: FlaskClient, db: Session, alliance: Alliance
) -> None:
    ben = member_of(alliance, name="Ben Ortega")
    to_do = ToDoFactory(alliance=alliance, owner=ben)

    page = client.get(path_of(to_do, ben))

    assert page.status_code == 200
    assert to_do.title in page.text
    assert "Ben Ortega" not in page.text
    assert "Set-Cookie" not in page.headers
    assert stored(db, to_do).state == ToDoState.OPEN


@pytest.mark.parametrize("answer", ["done", "later", "back"])
def test_the_owner_answers_without_signing_in(
    client: FlaskClient, db: Session, alliance: Alliance, answer: str
) -> None:
    ben = member_of(alliance)
    to_do = ToDoFactory(alliance=alliance, owner=ben)
    due_on = to_do.due_on

    for _ in range(2):
        assert client.post(f"{path_of(to_do, ben)}/{answer}").status_code == 303

    now = stored(db, to_do)
    weeks = 2 if answer == "later" else 0
    assert now.state == (ToDoState.DONE if answer == "done" else ToDoState.OPEN)
    assert now.due_on == due_on + timedelta(days=7 * weeks)
    assert now.owner_id == (None if answer == "back" else ben.id)


def test_a_link_ends_with_the_to_do_with_the_owner_and_with_the_membership(
    client: FlaskClient, db: Session, alliance: Alliance
) -> None:
    ben, cora = member_of(alliance), member_of(alliance)
    left = PersonFactory()
    MembershipFactory(alliance=alliance, person=left, state=MembershipState.LEFT)
    done = ToDoFactory(alliance=alliance, owner=ben, state=ToDoState.DONE)
    given_away = ToDoFactory(alliance=alliance, owner=cora)
    of_a_former_member = ToDoFactory(alliance=alliance, owner=left)

    for to_do, person in ((done, ben), (given_away, ben), (of_a_former_member, left)):
        assert client.get(path_of(to_do, person)).status_code == 410
        client.post(f"{path_of(to_do, person)}/back")
    assert stored(db, given_away).owner_id == cora.id


def test_a_link_for_something_else_opens_nothing(client: FlaskClient, alliance: Alliance) -> None:
    ben = member_of(alliance)
    to_do = ToDoFactory(alliance=alliance, owner=ben)

    for token in (tokens.sign("preferences", to_do.id, ben.id), "x", tokens.sign(links.PURPOSE, 1)):
        assert client.get(f"/to-dos/{token}").status_code == 410


def test_whoever_is_erased_owes_nothing_and_merged_records_owe_together(
    db: Session, alliance: Alliance
) -> None:
    erased, double, real = (member_of(alliance) for _ in range(3))
    first, second = (ToDoFactory(alliance=alliance, owner=each) for each in (erased, double))

    signals.person_erased.send(erased)
    signals.person_merged.send(double.id, into_id=real.id)

    assert stored(db, first).owner_id is None
    assert stored(db, second).owner_id == real.id


def test_finishing_what_was_left_out_changes_nothing(db: Session) -> None:
    to_do = ToDoFactory()
    actions.drop(to_do)
    actions.finish(to_do)

    assert to_do.state == ToDoState.DROPPED


def test_members_of_one_name_are_told_apart_where_one_is_chosen(db: Session) -> None:
    alliance = AllianceFactory()
    early = clock.now() - timedelta(days=40)
    first, *others = [
        MembershipFactory(alliance=alliance, person__name=name, since=since).person
        for name, since in (("Ana Reyes", early), ("ana reyes", clock.now()), ("Bo Li", early))
    ]
    twin = MembershipFactory(alliance=alliance, person__name="Ana Reyes", since=early).person
    then, now = (pagecontext.short_date(at.date()) for at in (early, clock.now()))
    assert dict(queries.who_may_own(alliance.id, discreet=False)) == {
        first.id: f"Ana Reyes, here since {then}",
        others[0].id: f"ana reyes, here since {now}",
        others[1].id: "Bo Li",
        twin.id: f"Ana Reyes, here since {then} (2)",
    }
