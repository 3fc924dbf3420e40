"""What organizers read of who signed up once their event is over."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.events.door_models import Arrival
from app.events.models import Part, SignUpState
from app.foundation import clock
from tests.factories import EventFactory, PersonFactory, SignUpFactory, coordinator_of
from tests.signing_in import post, sign_in

TAG = re.compile(r'<span class="tag [a-z]+">([^<]+)</span></td>')


def test_the_desk_says_who_came_and_no_longer_who_is_coming(
    client: FlaskClient, db: Session
) -> None:
    start = clock.now() - timedelta(days=2)
    event = EventFactory(starts_at=start, ends_at=start + timedelta(hours=1))
    olga = SignUpFactory(event=event, person=PersonFactory(name="Olga"))
    SignUpFactory(event=event, person=PersonFactory(name="Ben"), place=2)
    SignUpFactory(event=event, person=PersonFactory(), state=SignUpState.WAITING, place=3)
    SignUpFactory(event=event, person=PersonFactory(), part=Part.ONLINE, place=4)
    sign_in(client, coordinator_of(event.alliance))
    url = f"/desk/{event.alliance.slug}/events/{event.id}"

    page = client.get(url).text
    assert sorted(TAG.findall(page)) == ["Had a seat"] * 3 + ["Was on the waiting list"]
    assert "Is coming" not in page
    assert "Olga" in client.get(f"{url}?state=confirmed").text
    assert ",Had a seat," in post(client, f"{url}/export").text

    let_in = {"key": f"s{olga.id}", "sign_up_id": olga.id, "people": 1}
    db.add(Arrival(event_id=event.id, said_at=start, recorded_at=start, **let_in))
    db.commit()
    said = sorted(TAG.findall(client.get(url).text))
    assert said == [
        "Had a seat",
        "Was not seen at the door",
        "Was on the waiting list",
        "Was there",
    ]
    assert ",Was not seen at the door," in post(client, f"{url}/export").text


def test_before_its_end_those_with_a_seat_are_coming(client: FlaskClient, db: Session) -> None:
    now = clock.now()
    event = EventFactory(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    SignUpFactory(event=event)
    sign_in(client, coordinator_of(event.alliance))
    page = client.get(f"/desk/{event.alliance.slug}/events/{event.id}").text
    assert TAG.findall(page) == ["Is coming"]
