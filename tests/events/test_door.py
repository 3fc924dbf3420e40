"""The door: who is shown to whom and when, and phones that were offline meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.events import door, door_prints, forgetting
from app.events.door import Said
from app.events.door_models import Arrival
from app.events.models import Event, EventState, Part, SignUp, SignUpState, Way
from app.foundation import clock
from app.people.models import Person
from tests.events.world import coming, door_of, event_today
from tests.factories import AllianceFactory, PersonFactory, SignUpFactory
from tests.statements import count_statements


def one(key: str, people: int, ago: float = 0, **more: Any) -> dict[str, Any]:
    return {"id": f"{key}-{people}-{ago}", "key": key, "people": people, "ago": ago, **more}


def say(client: FlaskClient, token: str, *said: dict[str, Any], since: Any = None) -> TestResponse:
    return client.post(f"/door/{token}/said", json={"said": list(said), "since": since})


def arrived(db: Session) -> dict[str, int]:
    db.expire_all()
    return {row.key: row.people for row in db.scalars(select(Arrival).order_by(Arrival.id))}


def test_the_door_shows_first_names_and_initials_and_nothing_else(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    maria = coming(event, "Maria Elena Garcia", no_photo=True, guests=["José Ñandú"], seats=2)
    coming(event, "Cher", state=SignUpState.CANCELLED)
    coming(event, "Prince", state=SignUpState.WAITING)

    page = client.get(f"/door/{door_of(event)}/").text

    assert re.findall(r"<b data-name>([^<]*)</b>", page) == ["Maria G.", "Prince", "Known by code"]
    assert door.code(maria.id) in page
    assert "with José Ñ." in page
    for hidden in ("Garcia", "Elena", "Ñandú", "@example.org", "Cher"):
        assert hidden not in page
    assert page.count("data-no-photo>") == 1
    assert page.count("data-waits>") == 1


def test_who_takes_part_online_is_marked_and_neither_expected_nor_printed(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    coming(event, "Ana")
    coming(event, "Ola", part=Part.ONLINE, seats=2)

    page = client.get(f"/door/{door_of(event)}/").text

    assert (page.count("data-from-afar>"), "0 here, 1 expected" in page) == (1, True)
    printed = door_prints.values(event, door.guests(event))
    assert [each["name"] for each in printed["people"]] == ["Ana"]
    assert [each["name"] for each in printed["parties"]] == ["Ana"]


def test_the_door_is_not_cached_and_may_use_the_camera(client: FlaskClient, db: Session) -> None:
    answer = client.get(f"/door/{door_of(event_today())}/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Permissions-Policy"].startswith("camera=(self)")
    assert client.get("/events/").headers["Permissions-Policy"].startswith("camera=()")


@pytest.mark.parametrize(
    ("days", "says"), [(-1, "The list opens on the day"), (1, "This event is over")]
)
def test_the_link_works_on_one_day(client: FlaskClient, db: Session, days: int, says: str) -> None:
    event = event_today()
    coming(event, "Maria Garcia")
    token = door_of(event)
    with time_machine.travel(clock.now() + timedelta(days=days)):
        answer = client.get(f"/door/{token}/")
        listed = client.get(f"/door/{token}/list.json")
    assert answer.status_code == 403
    assert says in answer.text
    assert "Maria" not in answer.text + listed.text
    assert listed.status_code == 410


def test_an_event_that_ends_at_night_keeps_its_door_open(db: Session) -> None:
    event = event_today()
    event.ends_at = door.hours(event)[0] + timedelta(hours=25)
    assert door.hours(event)[1] == event.ends_at + timedelta(hours=3)


def test_a_revoked_link_is_shut_at_once(client: FlaskClient, db: Session) -> None:
    event = event_today()
    own = coming(event, "Maria Garcia")
    token = door_of(event)
    door.revoke(event.id, door.links_of(event.id)[0].id)
    assert client.get(f"/door/{token}/").status_code == 403
    assert say(client, token, one(f"s{own.id}", 1)).status_code == 410
    assert arrived(db) == {}


def test_a_link_of_a_cancelled_event_is_shut(client: FlaskClient, db: Session) -> None:
    token = door_of(event_today(state=EventState.CANCELLED))
    assert "does not take place" in client.get(f"/door/{token}/").text


@pytest.mark.parametrize("token", ["1.x", "nonsense", "1.AAAAAAAAAAAAAAAAAAAA"])
def test_a_made_up_link_opens_nothing(client: FlaskClient, db: Session, token: str) -> None:
    event_today()
    assert client.get(f"/door/{token}/").status_code == 404
    assert client.get(f"/door/{token}/list.json").status_code == 404
    assert say(client, token).status_code == 404


def test_checking_in_works_without_scripts(client: FlaskClient, db: Session) -> None:
    event = event_today()
    own = coming(event, "Maria Garcia", seats=3)
    token = door_of(event)

    answer = client.post(f"/door/{token}/", data={"key": f"s{own.id}", "people": "2", "q": "mar"})

    assert answer.headers["Location"] == f"/door/{token}/?q=mar"
    assert arrived(db) == {f"s{own.id}": 2}
    assert "2 here, 3 expected" in client.get(f"/door/{token}/").text
    client.post(f"/door/{token}/", data={"key": f"s{own.id}", "people": "0"})
    assert "0 here, 3 expected" in client.get(f"/door/{token}/").text


def test_walk_ins_have_a_first_name_at_most(client: FlaskClient, db: Session) -> None:
    event = event_today()
    token = door_of(event)
    key = re.findall(r'name="key" value="([0-9a-f]{20})"', client.get(f"/door/{token}/").text)[0]
    client.post(f"/door/{token}/", data={"key": key, "people": "2", "name": "Ana María Cruz"})
    row = db.scalars(select(Arrival)).one()
    assert (row.name, row.people, row.sign_up_id) == ("Ana C.", 2, None)
    assert "2 here, 0 expected" in client.get(f"/door/{token}/").text


def test_walk_ins_may_want_no_photos(client: FlaskClient, db: Session) -> None:
    event = event_today()
    own = coming(event, "Maria Garcia")
    token = door_of(event)
    client.post(f"/door/{token}/", data={"key": "walk-in-1", "people": "2", "no_photo": "on"})
    said = (
        one("walk-in-2", 1, ago=60, name="Zoe", no_photo=True),
        one("walk-in-3", 1, name="Ida"),
        one(f"s{own.id}", 1, no_photo=True),
    )
    changes = say(client, token, *said).json["changes"]
    assert {each["key"] for each in changes if each["no_photo"]} == {"walk-in-1", "walk-in-2"}
    assert client.get(f"/door/{token}/").text.count("data-no-photo>") == 2
    say(client, token, one("walk-in-2", 1, name="Zoe"))
    assert client.get(f"/door/{token}/").text.count("data-no-photo>") == 1


def test_two_phones_offline_for_ten_minutes_leave_no_doubles(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    ana, ben, eva = (coming(event, name, seats=2) for name in ("Ana A", "Ben B", "Eva E"))
    token, other = door_of(event), door_of(event)
    first = [
        one(f"s{ana.id}", 2, ago=600),
        one(f"s{ben.id}", 1, ago=500),
        one("walk-in-1", 1, ago=400, name="Zoe"),
    ]
    second = [
        one(f"s{ana.id}", 1, ago=590),
        one(f"s{ben.id}", 1, ago=450),
        one(f"s{ben.id}", 0, ago=440),
        one(f"s{eva.id}", 2, ago=430),
    ]

    answer = say(client, token, *first).json
    assert sorted(answer["done"]) == sorted(each["id"] for each in first)
    say(client, other, *second)
    say(client, token, *first)  # the answer was lost on the way
    say(client, other, *reversed(second))

    expected = {f"s{ana.id}": 1, f"s{ben.id}": 0, "walk-in-1": 1, f"s{eva.id}": 2}
    assert arrived(db) == expected
    heard = say(client, token).json
    assert {row["key"]: row["people"] for row in heard["changes"]} == expected
    assert (heard["here"], heard["expected"]) == (4, 6)


def test_whatever_the_order_the_last_word_holds(db: Session) -> None:
    event = event_today()
    own = coming(event, "Ana A")
    now = clock.now()
    words = [
        Said(f"s{own.id}", number, now - timedelta(minutes=10 - number)) for number in (1, 2, 3)
    ]
    for order in (words, words[::-1], [words[1], words[2], words[0]]):
        for word in order:
            door.record(event, None, [word])
        assert door.count(event.id).here == 3
        db.execute(Arrival.__table__.delete())


def test_a_phone_hears_what_is_new_and_not_everything_again(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    token = door_of(event)
    with time_machine.travel(clock.now() - timedelta(minutes=5), tick=False):
        since = say(client, token, one("walk-in-1", 1)).json["now"]
    later = say(client, token, one("walk-in-2", 1), since=since + 200_000).json
    assert [row["key"] for row in later["changes"]] == ["walk-in-2"]
    assert len(say(client, token, since=None).json["changes"]) == 2


def test_a_phone_without_network_until_the_next_day_is_still_heard(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    own = coming(event, "Ana A")
    token = door_of(event)
    day = timedelta(days=1).total_seconds()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        answer = say(client, token, one(f"s{own.id}", 1, ago=day), one("after-the-day", 1, ago=0))
    assert answer.json == {"done": [f"s{own.id}-1-{day}", "after-the-day-1-0"], "shut": "over"}
    assert arrived(db) == {f"s{own.id}": 1}


def test_another_events_people_cannot_be_checked_in(client: FlaskClient, db: Session) -> None:
    stranger = coming(event_today(alliance=AllianceFactory()), "Ana A")
    token = door_of(event_today())
    answer = say(client, token, one(f"s{stranger.id}", 1))
    assert answer.json["done"] == [f"s{stranger.id}-1-0"]
    assert arrived(db) == {}


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [],
        {"said": "x"},
        {"said": [7, None, {"id": [1]}]},
        {"said": [{"key": "s1", "people": 1e9, "ago": 0}]},
        {"said": [{"key": "s1", "people": True, "ago": 0}]},
        {"said": [{"key": "s" + "9" * 30, "people": 1, "ago": 0}]},
        {"said": [{"key": "x\x00" * 9, "people": 1, "ago": 0}]},
        {"said": [{"key": "walk-in-1", "people": 31, "ago": 0}]},
        {"said": [{"key": "walk-in-1", "people": 1, "ago": -5}]},
        {"said": [{"key": "walk-in-1", "people": 1, "ago": 10**9}]},
        {"said": [], "since": "<script>"},
        {"said": [], "since": 10**30},
    ],
)
def test_nonsense_changes_nothing_and_breaks_nothing(
    client: FlaskClient, db: Session, sent: object
) -> None:
    token = door_of(event_today())
    assert client.post(f"/door/{token}/said", json=sent).status_code == 200
    assert arrived(db) == {}


def test_odd_text_breaks_nothing(client: FlaskClient, db: Session) -> None:
    token = door_of(event_today())
    deep = "[" * 50_000
    assert client.post(f"/door/{token}/said", data=deep).status_code == 200
    client.post(f"/door/{token}/said", data=deep, content_type="application/json")
    say(client, token, one("walk-in-1", 1, name="A\ud800\x00n"))
    assert db.scalars(select(Arrival.name)).all() == ["An"]


def test_a_code_finds_whom_a_name_must_not_show(client: FlaskClient, db: Session) -> None:
    event = event_today()
    own = SignUpFactory(event=event, person=PersonFactory(name="Rosa Diaz", discreet=True))
    token = door_of(event)
    assert "Rosa" not in client.get(f"/door/{token}/list.json").text
    assert "Rosa" not in client.get(f"/door/{token}/?q=rosa").text
    found = client.get(f"/door/{token}/?q={door.code(own.id).lower()}").text
    assert f'value="s{own.id}"' in found
    assert "Rosa" not in found


def test_people_are_found_by_the_beginning_of_a_name(db: Session) -> None:
    event = event_today()
    for name in ("Ana Cruz", "Ben Cole", "Émile Zola"):
        coming(event, name)
    listed = door.guests(event)
    assert [guest.name for guest in door.found(listed, "c")] == ["Ana C.", "Ben C."]
    assert [guest.name for guest in door.found(listed, "ÉM")] == ["Émile Z."]
    assert [guest.name for guest in door.found(listed, "emi")] == ["Émile Z."]
    assert door.found(listed, "x") == []


def test_a_guest_whom_somebody_brings_is_found_by_their_own_name(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    own = coming(event, "Maria Garcia", seats=3, guests=["José Ñandú"])
    hidden = PersonFactory(name="Rosa Diaz", discreet=True)
    SignUpFactory(event=event, person=hidden, seats=2, guests=["Josefa Novak"])
    assert [guest.key for guest in door.found(door.guests(event), "jose")] == [f"s{own.id}"]
    assert [guest.key for guest in door.found(door.guests(event), "nan")] == []
    listed = client.get(f"/door/{door_of(event)}/list.json").json["guests"]
    assert sorted((guest["name"], guest["others"]) for guest in listed) == [
        ("", []),
        ("Maria G.", ["José Ñ."]),
    ]


def test_a_party_that_comes_one_by_one_is_let_in_as_it_comes(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    own = coming(event, "Maria Garcia", seats=3)
    door_page = f"/door/{door_of(event)}/"
    for pressed, here, may_enter in ((["1"], 1, True), (["3"], 3, False), (["3", "0"], 0, True)):
        client.post(door_page, data={"key": f"s{own.id}", "people": pressed})
        assert arrived(db) == {f"s{own.id}": here}
        page = client.get(door_page).text.partition("<template")[0]
        assert ("data-in>" in page) == may_enter
        assert ("data-out>" in page) == (here > 0)


def test_codes_are_easy_to_type_and_differ(db: Session) -> None:
    codes = {door.code(number) for number in range(1, 3000)}
    assert len(codes) == 2999
    assert all(re.fullmatch(r"[A-HJ-NP-Z2-9]{6}", code) for code in codes)


def many(db: Session, event: Event, number: int) -> None:
    people = [
        {"name": f"Person {n}", "created_at": clock.now(), "time_zone": "America/New_York"}
        for n in range(number)
    ]
    ids = db.scalars(insert(Person).returning(Person.id), people).all()
    own = {"event_id": event.id, "state": SignUpState.CONFIRMED, "created_at": clock.now()}
    db.execute(
        insert(SignUp),
        [{**own, "person_id": person, "place": n, "way": Way.WEB} for n, person in enumerate(ids)],
    )


def test_checking_one_in_among_2000_takes_little(client: FlaskClient, db: Session) -> None:
    event = event_today()
    many(db, event, 2000)
    entry = one(f"s{coming(event, 'Ana A').id}", 1)
    token = door_of(event)
    since = say(client, token).json["now"]

    with count_statements() as statements:
        answer = say(client, token, entry, since=since)

    assert answer.json["here"] == 1
    assert len(statements) <= 5


def test_the_list_costs_the_same_for_all(client: FlaskClient, db: Session) -> None:
    event = event_today()
    token = door_of(event)
    costs = []
    for number in (1, 30):
        many(db, event, number)
        with count_statements() as statements:
            client.get(f"/door/{token}/list.json")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 4


def test_names_of_walk_ins_go_with_the_others_and_the_number_stays(db: Session) -> None:
    event = event_today()
    own = coming(event, "Ana A")
    door.record(
        event, None, [Said(f"s{own.id}", 1, clock.now()), Said("walk-in-1", 2, clock.now(), "Zoe")]
    )
    with time_machine.travel(clock.now() + timedelta(days=91)):
        assert forgetting.forget_names() == 1
    db.refresh(event)
    assert (event.past_confirmed, event.past_came) == (1, 3)
    assert db.scalars(select(Arrival)).all() == []


def test_the_worker_of_the_door_is_served_beside_it(client: FlaskClient, db: Session) -> None:
    answer = client.get("/door/worker.js")
    assert answer.content_type.startswith("text/javascript")
    assert "respondWith" in answer.text
