"""The plan of an event at its desk: begun, added to, moved with its event, dropped with it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.events import actions, plans
from app.events.models import Event, EventState
from app.foundation import clock
from app.people.models import Person
from app.work.models import ToDo, ToDoState
from tests.factories import AllianceFactory, EventFactory, coordinator_of, member_of
from tests.signing_in import post, sign_in
from tests.statements import count_statements


@pytest.fixture
def alliance(db: Session) -> Alliance:
    return AllianceFactory(slug="columbus")


@pytest.fixture
def coordinator(client: FlaskClient, alliance: Alliance) -> Person:
    person = coordinator_of(alliance, name="Ana")
    sign_in(client, person)
    return person


def in_days(alliance: Alliance, days: int, **values: object) -> Event:
    day = clock.today(alliance.time_zone) + timedelta(days=days)
    wall_start = datetime.combine(day, datetime.min.time()).replace(hour=18)
    return EventFactory(alliance=alliance, wall_start=wall_start, **values)


def plan_of(db: Session, event: Event) -> dict[str, ToDo]:
    db.expire_all()
    found = db.scalars(select(ToDo).where(ToDo.subject_id == event.id))
    return {to_do.key or to_do.title: to_do for to_do in found}


def url(event: Event) -> str:
    return f"/desk/columbus/events/{event.id}/plan"


def test_the_small_plan_is_eight_to_dos_of_whoever_begins_it(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = in_days(alliance, 90)

    assert post(client, url(event), {"plan": "small"}).location == url(event)

    plan = plan_of(db, event)
    assert set(plan) == {step.key for step in plans.SMALL}
    assert {to_do.owner_id for to_do in plan.values()} == {coordinator.id}
    assert plan["page-live"].due_on == event.wall_start.date() - timedelta(days=30)


def test_the_full_plan_adds_the_rest_and_keeps_what_was_done(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = in_days(alliance, 200)
    for _ in range(2):
        post(client, url(event), {"plan": "small"})
    post(client, f"/desk/columbus/to-dos/{plan_of(db, event)['format'].id}/done")

    post(client, url(event), {"plan": "full"})

    plan = plan_of(db, event)
    assert set(plan) == {step.key for step in plans.STEPS}
    assert plan["format"].state == ToDoState.DONE
    assert "Add the rest" not in client.get(url(event)).text


def test_starting_late_names_what_no_longer_fits(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = in_days(alliance, 8)

    page = post(client, url(event), {"plan": "small"}).text

    assert "These no longer fit: Settle format, venue, partners and access." in page
    assert "format" not in plan_of(db, event)
    assert min(to_do.due_on for to_do in plan_of(db, event).values()) >= clock.today(
        alliance.time_zone
    )


def test_moving_the_event_moves_what_is_open(
    db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event = in_days(alliance, 90)
    plans.begin(event, full=False, owner_id=None)
    before = {key: to_do.due_on for key, to_do in plan_of(db, event).items()}
    plan_of(db, event)["speakers"].state = ToDoState.DONE
    event = db.get_one(Event, event.id)
    moved = actions.Plan(
        kind=event.kind,
        title=event.title,
        wall_start=event.wall_start + timedelta(days=14),
        time_zone=event.time_zone,
        minutes=90,
        venue=event.venue,
    )
    actions.save(event, moved, version=event.version)
    db.flush()

    after = plan_of(db, event)
    assert after["speakers"].due_on == before["speakers"]
    assert after["thanks"].due_on == before["thanks"] + timedelta(days=14)
    assert after["format"].due_on == before["format"] + timedelta(days=14)


def test_cancelling_leaves_out_what_is_open_and_discarding_forgets_it(
    db: Session, alliance: Alliance
) -> None:
    event, draft = in_days(alliance, 30), in_days(alliance, 30, state=EventState.DRAFT)
    for each in (event, draft):
        plans.begin(each, full=False, owner_id=None)

    actions.cancel(event, "The library is closed.")
    actions.discard(draft)
    db.flush()

    assert {to_do.state for to_do in plan_of(db, event).values()} == {ToDoState.DROPPED}
    assert db.scalar(select(func.count()).where(ToDo.subject_id == draft.id)) == 0


def test_one_more_to_do_in_ones_own_words(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event, ben = in_days(alliance, 30), member_of(alliance, name="Ben")
    due_on = event.wall_start.date() - timedelta(days=2)
    form = {"title": "Bring <b>chairs</b>", "due_on": due_on.isoformat(), "owner": str(ben.id)}

    post(client, f"{url(event)}/add", form)
    page = client.get(url(event)).text

    assert plan_of(db, event)["Bring <b>chairs</b>"].owner_id == ben.id
    assert "Bring &lt;b&gt;chairs&lt;/b&gt;" in page

    refused = post(client, f"{url(event)}/add", form | {"due_on": ""})
    assert refused.status_code == 422
    assert "Bring &lt;b&gt;chairs&lt;/b&gt;" in refused.text


def test_a_plan_takes_the_same_statements_whatever_its_length(
    client: FlaskClient, alliance: Alliance, coordinator: Person
) -> None:
    counts = []
    for full in (False, True):
        event = in_days(alliance, 200)
        post(client, url(event), {"plan": "full" if full else "small"})
        with count_statements() as statements:
            client.get(url(event))
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_another_alliances_plan_is_not_found(client: FlaskClient, coordinator: Person) -> None:
    theirs = EventFactory()

    assert client.get(url(theirs)).status_code == 404
    assert post(client, url(theirs), {"plan": "small"}).status_code == 404


def over(event: Event, days: int) -> None:
    """Let an event have been held so many days ago."""
    ago = (event.wall_start.date() - clock.today(event.time_zone)).days + days
    event.wall_start -= timedelta(days=ago)
    event.starts_at -= timedelta(days=ago)
    event.ends_at -= timedelta(days=ago)


def held_yesterday(db: Session, alliance: Alliance, days: int = 90) -> Event:
    """An event whose small plan was begun in time, and whose day has passed."""
    event = in_days(alliance, days)
    plans.begin(event, full=False, owner_id=None)
    over(event, 1)
    for to_do in db.scalars(select(ToDo).where(ToDo.subject_id == event.id)):
        to_do.due_on = event.wall_start.date() - timedelta(days=to_do.days_before or 0)
    db.flush()
    return event


def test_the_end_of_an_event_closes_by_name_what_can_no_longer_be_done(
    client: FlaskClient, db: Session, alliance: Alliance, coordinator: Person
) -> None:
    event, coming = held_yesterday(db, alliance), in_days(alliance, 20)
    plan_of(db, event)["format"].state = ToDoState.DONE
    db.flush()
    plans.begin(coming, full=False, owner_id=None)
    plans.add(event, "Pay the room", event.wall_start.date(), None)

    assert plans.close_over() == 5
    assert plans.close_over() == 0

    states = {key: to_do.state for key, to_do in plan_of(db, event).items()}
    assert states.pop("format") == ToDoState.DONE
    still_open = {key for key, state in states.items() if state == ToDoState.OPEN}
    assert still_open == {"thanks", "debrief", "Pay the room"}
    assert {to_do.state for to_do in plan_of(db, coming).values()} == {ToDoState.OPEN}
    page = client.get(url(event)).text
    assert "Left out, because the event is over: Find speakers and co-sponsors; " in page
    assert "Welcome people at the door, and take photos." in page
    assert "because the event is over" not in client.get(url(coming)).text


def test_until_the_day_itself_is_over_its_to_dos_can_be_ticked_off(
    db: Session, alliance: Alliance
) -> None:
    event = held_yesterday(db, alliance)
    plan_of(db, event)["at-the-door"].due_on = clock.today(event.time_zone)
    db.flush()

    assert plans.close_over() == 5

    assert plan_of(db, event)["at-the-door"].state == ToDoState.OPEN


def test_of_a_draft_whose_day_has_passed_nothing_is_left_to_do(
    db: Session, alliance: Alliance
) -> None:
    event = held_yesterday(db, alliance)
    over(event, 9)
    db.flush()
    for to_do in plan_of(db, event).values():
        to_do.due_on -= timedelta(days=8)
    event.state = EventState.DRAFT
    db.flush()

    assert plans.close_over() == 8


def test_an_event_that_is_held_later_after_all_takes_up_what_its_end_had_closed(
    db: Session, alliance: Alliance
) -> None:
    event = held_yesterday(db, alliance)
    speakers = plan_of(db, event)["speakers"]
    speakers.state, speakers.closed_at = ToDoState.DROPPED, event.starts_at - timedelta(days=9)
    db.flush()
    assert plans.close_over() == 5
    db.flush()
    moved = actions.Plan(
        kind=event.kind,
        title=event.title,
        wall_start=event.wall_start + timedelta(days=31),
        time_zone=event.time_zone,
        minutes=90,
        venue=event.venue,
    )
    actions.save(event, moved, version=event.version)
    db.flush()

    plan = plan_of(db, event)
    assert plan["speakers"].state == ToDoState.DROPPED
    assert plan["at-the-door"].state == ToDoState.OPEN
    assert plan["at-the-door"].due_on == event.wall_start.date()
