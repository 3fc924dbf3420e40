"""Event templates: national ones, adopted and changed, events begun from them, events held anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.events import editions, kits, questions, reminder_plan
from app.events.kit_models import Kit
from app.events.models import Event, EventKind, EventState
from app.events.words import KINDS
from seeds import kits as seed
from tests.factories import (
    AllianceFactory,
    EditionFactory,
    EventFactory,
    ObservanceFactory,
    SignUpFactory,
    coordinator_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements

DESK = "/desk/columbus"
OURS = f"{DESK}/event-templates"
NATIONAL = "/staff/event-templates"
WORDS = {
    "title": "Vigil by the river",
    "kind": "vigil",
    "minutes": "45",
    "description": "Silence.",
    "roles": "Host\n\n - Readers\n",
    "materials": "Candles",
    "checklist": "Permit",
}
EVENT = {
    "kind": "vigil",
    "title": "Vigil",
    "date": "2027-07-17",
    "time": "20:00",
    "time_zone": "America/New_York",
    "minutes": "60",
    "place": "online",
    "online_link": "https://meet.example.org/x",
    "edition": "",
}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(datetime(2027, 4, 1, 16, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def columbus(db: Session) -> Alliance:
    return AllianceFactory(slug="columbus")


@pytest.fixture
def coordinator(client: FlaskClient, columbus: Alliance) -> FlaskClient:
    sign_in(client, coordinator_of(columbus))
    return client


def national(db: Session, key: str = "vigil") -> Kit:
    seed.seed()
    return db.scalars(select(Kit).where(Kit.key == key)).one()


def test_there_is_one_for_each_kind_and_staff_keep_what_they_changed(db: Session) -> None:
    assert [seed.seed(), seed.seed()] == [15, 15]
    found = db.scalars(select(Kit)).all()
    assert sorted(kit.kind for kit in found) == sorted(EventKind)
    for kit in found:
        assert all((kit.description, kit.title_es, kit.description_es)), kit.key
        assert kit.minutes >= 45
        lists = (kit.roles, kit.materials, kit.checklist, questions.read(kit.questions))
        assert all(lists), kit.key
        for asked in questions.read(kit.questions):
            assert asked.label_es
            assert len(asked.options_es) == len(asked.options)
        assert len(reminder_plan.read(kit.reminders) or reminder_plan.ORDINARY) >= 2
    found[0].title = "Ours now"
    db.flush()
    seed.seed()
    db.refresh(found[0])
    assert found[0].title == "Ours now"


def test_one_that_has_no_spanish_yet_is_given_it_once(db: Session) -> None:
    kit, changed = national(db), national(db, "panel")
    kit.title_es = kit.description_es = changed.title_es = ""
    changed.title = "Ours now"
    db.flush()
    seed.seed()
    assert (kit.title_es, changed.title_es) == ("Tarde de memoria", "")


def test_the_list_leads_to_each(coordinator: FlaskClient, db: Session) -> None:
    kit = national(db)
    page = coordinator.get(OURS).text
    assert f'href="{OURS}/{kit.id}"' in page
    assert all(str(name) in page for name in KINDS.values())
    shown = coordinator.get(f"{OURS}/{kit.id}").text
    for part in (
        "60 minutes",
        "Candles with wind guards",
        "7 days, 1 day, 2 hours",
        "read some of the",
    ):
        assert part in shown
    assert f'href="{DESK}/events/new?template={kit.id}"' in shown


def test_an_event_begun_with_one_takes_everything_over(
    coordinator: FlaskClient, db: Session
) -> None:
    kit = national(db, "council_turnout")
    address = f"{DESK}/events/new?template={kit.id}"
    form = coordinator.get(address).text
    assert 'value="Turnout at the council meeting"' in form
    assert '<option selected value="council_turnout">' in form
    post(coordinator, address, EVENT)
    event = db.scalars(select(Event)).one()
    assert (event.title, event.minutes, event.kit_id) == ("Vigil", 60, kit.id)
    assert event.roles == kit.roles
    assert [question["key"] for question in event.questions] == ["speaks"]
    assert "Agenda with our item marked" in coordinator.get(f"{DESK}/events/{event.id}").text


def test_its_spanish_comes_along_while_the_event_says_the_same(
    coordinator: FlaskClient, db: Session
) -> None:
    kit = national(db)
    address = f"{DESK}/events/new?template={kit.id}"
    said = {"title": kit.title, "description": kit.description.replace("\n", "\r\n")}
    post(coordinator, address, {**EVENT, **said})
    post(coordinator, address, {**EVENT, **said, "title": "Lanterns"})
    same, other = db.scalars(select(Event).order_by(Event.id)).all()
    assert (same.title_es, same.description_es) == (kit.title_es, kit.description_es)
    assert (other.title_es, other.description_es) == ("", kit.description_es)
    assert kits.keep(same).title_es == "Tarde de memoria"
    shown = coordinator.get(f"/es{OURS}/{kit.id}").text
    for part in ("Tarde de memoria", "Leemos nombres", "¿Te gustaría leer algunos"):
        assert part in shown
    assert "Tarde de memoria" in coordinator.get(f"/es{OURS}").text


@pytest.mark.parametrize("number", ["0", "9" * 30, "x", ""])
def test_a_template_that_is_not_there_is_no_hindrance(
    coordinator: FlaskClient, db: Session, number: str
) -> None:
    assert coordinator.get(f"{DESK}/events/new?template={number}").status_code == 200


def test_a_national_one_is_adopted_once_and_changed_locally(
    coordinator: FlaskClient, db: Session, columbus: Alliance
) -> None:
    kit = national(db)
    for _again in range(2):
        adopted = post(coordinator, f"{OURS}/{kit.id}/adopt")
    own = db.scalars(select(Kit).where(Kit.alliance_id == columbus.id)).one()
    assert adopted.headers["Location"] == f"{OURS}/{own.id}/edit?done=kit-adopted"
    assert (own.adopted_from_id, own.checklist) == (kit.id, kit.checklist)
    post(coordinator, f"{OURS}/{own.id}/edit", WORDS)
    db.refresh(kit)
    db.refresh(own)
    assert (own.title, own.roles) == ("Vigil by the river", ["Host", "Readers"])
    assert kit.title == "Evening of remembrance"


def test_a_new_one_is_written_and_kept_from_an_event(
    coordinator: FlaskClient, db: Session, columbus: Alliance
) -> None:
    post(coordinator, f"{OURS}/new", WORDS)
    assert post(coordinator, f"{OURS}/new", {**WORDS, "title": ""}).status_code == 422
    event = EventFactory(alliance=columbus, title="Lantern walk", roles=["Lantern maker"])
    post(coordinator, f"{DESK}/events/{event.id}/keep")
    titles = {kit.title: kit.roles for kit in kits.of_alliance(columbus.id)}
    assert titles == {"Vigil by the river": ["Host", "Readers"], "Lantern walk": ["Lantern maker"]}


def test_what_is_put_away_or_deleted_hurts_no_event(
    coordinator: FlaskClient, db: Session, columbus: Alliance
) -> None:
    post(coordinator, f"{OURS}/new", WORDS)
    (kit,) = kits.of_alliance(columbus.id)
    begin = f"{DESK}/events/new?template={kit.id}"
    post(coordinator, begin, EVENT)
    event = db.scalars(select(Event)).one()
    post(coordinator, f"{OURS}/{kit.id}/away")
    assert kits.usable(kit.id, columbus.id) is None
    assert "Bring it back" in coordinator.get(f"{OURS}/{kit.id}").text
    post(coordinator, f"{OURS}/{kit.id}/back")
    assert kits.usable(kit.id, columbus.id) is not None
    asked = coordinator.get(f"{OURS}/{kit.id}/delete").text
    assert "1 event was begun from it and stays as it is." in asked
    post(coordinator, f"{OURS}/{kit.id}/delete")
    db.refresh(event)
    assert (event.kit_id, event.roles) == (None, ["Host", "Readers"])
    assert coordinator.get(f"{DESK}/events/{event.id}").status_code == 200
    late = post(coordinator, begin, EVENT)
    assert late.location.endswith("?done=event-without-template")


def test_a_deleted_national_one_leaves_the_adopted_one(db: Session, columbus: Alliance) -> None:
    kit = national(db)
    own = kits.adopt(kit, columbus.id)
    kits.delete(kit)
    db.flush()
    db.refresh(own)
    assert (own.adopted_from_id, own.title) == (None, "Evening of remembrance")


def test_nobody_touches_what_is_not_theirs(
    coordinator: FlaskClient, db: Session, columbus: Alliance
) -> None:
    kit = national(db)
    other = kits.write(kits.contents_of(kit), AllianceFactory().id)
    acts = [post(coordinator, f"{OURS}/{kit.id}/edit", WORDS)]
    acts += [post(coordinator, f"{OURS}/{kit.id}/{act}") for act in ("away", "back", "delete")]
    acts += [coordinator.get(f"{OURS}/{other.id}"), post(coordinator, f"{OURS}/{other.id}/adopt")]
    assert {act.status_code for act in acts} == {404}
    staff_pages = [coordinator.get(NATIONAL), post(coordinator, f"{NATIONAL}/{kit.id}", WORDS)]
    assert {page.status_code for page in staff_pages} == {403}


def test_questions_and_reminders_are_typed_as_lines(
    coordinator: FlaskClient, db: Session, columbus: Alliance
) -> None:
    own = kits.adopt(national(db, "lobby_visit"), columbus.id)
    address = f"{OURS}/{own.id}/edit"
    page = coordinator.get(address).text
    assert "Do you live in the district of this official? | Yes | No</textarea>" in page
    assert 'value="3 days, 1 day, 3 hours"' in page
    asked = "Do you live in the district of this official? | yes | no\nFood? | Meat | Vegan\nWhy?\n"
    post(coordinator, address, {**WORDS, "questions": asked, "reminders": "5 days, 2h, 99 days"})
    db.refresh(own)
    assert [(q["key"], q["kind"], q["required"], q["options"]) for q in own.questions] == [
        ("district", "yes_no", True, []),
        ("food", "choice", False, ["Meat", "Vegan"]),
        ("why", "text", False, []),
    ]
    spanish = [q["label_es"] for q in own.questions]
    assert spanish == ["¿Vives en el distrito de esta autoridad?", "", ""]
    assert [reminder["key"] for reminder in own.reminders] == ["5d", "2h"]
    post(coordinator, f"{DESK}/events/new?template={own.id}", EVENT)
    event = db.scalars(select(Event)).one()
    assert (event.questions, event.reminders) == (own.questions, own.reminders)
    post(coordinator, address, {**WORDS, "questions": "", "reminders": "2 hours, 1 day, 7 days"})
    db.refresh(own)
    assert (own.questions, own.reminders) == ([], [])
    answer = post(coordinator, address, {**WORDS, "reminders": "3 days, nonsense"})
    assert answer.status_code == 422
    assert "Please write days and hours: 7 days, 1 day, 2 hours." in answer.text
    assert 'value="3 days, nonsense"' in answer.text


def test_staff_write_change_and_put_away_national_ones(client: FlaskClient, db: Session) -> None:
    kit = national(db)
    sign_in(client, staff_member())
    post(client, f"{NATIONAL}/new", WORDS)
    post(client, f"{NATIONAL}/{kit.id}", {**WORDS, "title": "Night of names"})
    post(client, f"{NATIONAL}/{kit.id}/away")
    page = client.get(NATIONAL).text
    assert ["Vigil by the river" in page, "Night of names" in page] == [True, True]
    assert "put away" in page
    assert "Bring it back" in client.get(f"{NATIONAL}/{kit.id}").text
    post(client, f"{NATIONAL}/{kit.id}/back")
    assert post(client, f"{NATIONAL}/{kit.id}", {**WORDS, "minutes": "0"}).status_code == 422
    assert client.get(f"{NATIONAL}/new").status_code == 200
    db.refresh(kit)
    assert (kit.title, kit.archived_at) == ("Night of names", None)


def test_a_past_event_is_held_once_more_on_another_day(
    coordinator: FlaskClient, db: Session, columbus: Alliance
) -> None:
    last = EventFactory(
        alliance=columbus,
        title="Film evening 2026",
        title_es="Noche de cine 2026",
        wall_start=datetime(2026, 3, 3, 19),
        edition_id=EditionFactory(year=2026).id,
        materials=["Projector"],
    )
    SignUpFactory(event=last)
    address = f"{DESK}/events/{last.id}/copy"
    asked = coordinator.get(address).text
    assert asked.count('<div class="field') == 1
    assert "7:00 PM EST" in asked
    post(coordinator, address, {"on": "2027-05-04"})
    held = db.scalars(select(Event).where(Event.id != last.id)).one()
    assert (held.title, held.wall_start) == ("Film evening 2027", datetime(2027, 5, 4, 19))
    assert held.title_es == "Noche de cine 2027"
    assert held.starts_at == datetime(2027, 5, 4, 23, tzinfo=UTC)
    assert (held.state, held.edition_id, held.materials) == (EventState.DRAFT, None, ["Projector"])


@pytest.mark.parametrize(("on", "belongs"), [("2027-07-15", True), ("2027-10-09", False)])
def test_what_is_held_once_more_near_its_day_is_part_of_that_year(
    coordinator: FlaskClient, db: Session, columbus: Alliance, on: str, belongs: bool
) -> None:
    before = EditionFactory(year=2026)
    EditionFactory(observance=ObservanceFactory(key="human-rights-day"), year=2027)
    coming = EditionFactory(year=2027)
    last = EventFactory(
        alliance=columbus, wall_start=datetime(2026, 7, 17, 19), edition_id=before.id
    )
    post(coordinator, f"{DESK}/events/{last.id}/copy", {"on": on})
    held = db.scalars(select(Event).where(Event.id != last.id)).one()
    assert held.edition_id == (coming.id if belongs else None)


def test_what_is_held_once_more_is_offered_for_the_next_day_of_its_observance(
    coordinator: FlaskClient, db: Session, columbus: Alliance
) -> None:
    before = EditionFactory(year=2026)
    EditionFactory(year=2027)
    EditionFactory(year=2028)
    last = EventFactory(
        alliance=columbus, wall_start=datetime(2026, 7, 15, 19), edition_id=before.id
    )
    address = f"{DESK}/events/{last.id}/copy"
    asked = coordinator.get(address).text
    assert 'value="2027-07-15"' in asked
    assert "another day of the week" in asked
    with time_machine.travel(datetime(2027, 7, 16, 16, tzinfo=UTC), tick=False):
        assert editions.next_day_like(last) == date(2028, 7, 15)
    last.edition_id = None
    asked = coordinator.get(address).text
    assert 'value="20' not in asked
    assert "another day of the week" not in asked


@pytest.mark.parametrize("on", ["2027-03-31", "2040-01-01", "", "x"])
def test_a_day_that_cannot_be_is_refused(
    coordinator: FlaskClient, db: Session, columbus: Alliance, on: str
) -> None:
    last = EventFactory(alliance=columbus)
    assert post(coordinator, f"{DESK}/events/{last.id}/copy", {"on": on}).status_code == 422


def test_an_hour_that_the_clocks_skip_becomes_the_next(
    coordinator: FlaskClient, db: Session, columbus: Alliance
) -> None:
    last = EventFactory(alliance=columbus, wall_start=datetime(2027, 3, 20, 2, 30))
    post(coordinator, f"{DESK}/events/{last.id}/copy", {"on": "2028-03-12"})
    held = db.scalars(select(Event).where(Event.id != last.id)).one()
    assert held.wall_start == datetime(2028, 3, 12, 3)
    assert held.starts_at == datetime(2028, 3, 12, 7, tzinfo=UTC)


def test_what_an_event_needs_is_changed_line_by_line(
    coordinator: FlaskClient, db: Session, columbus: Alliance
) -> None:
    event = EventFactory(alliance=columbus, roles=["Host"])
    address = f"{DESK}/events/{event.id}/needs"
    assert ">Host</textarea>" in coordinator.get(address).text.replace("\r\n", "")
    post(coordinator, address, {"roles": "Host\n* Singer", "materials": "", "checklist": "Key"})
    db.refresh(event)
    assert (event.roles, event.materials, event.checklist) == (["Host", "Singer"], [], ["Key"])
    assert post(coordinator, address, {"roles": "x" * 3000}).status_code == 422


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same(
    coordinator: FlaskClient, db: Session, columbus: Alliance, rows: int
) -> None:
    kit = national(db)
    for _number in range(rows):
        kits.write(kits.contents_of(kit), columbus.id)
    with count_statements() as statements:
        assert coordinator.get(OURS).status_code == 200
    assert len(statements) <= 6
