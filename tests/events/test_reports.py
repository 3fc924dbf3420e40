"""What remains of an event: the report, its pictures, and the answers of those who came."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import erasure
from app.events import afterwords, door, reports
from app.events.door import Said
from app.events.models import Event, EventState
from app.events.report_models import Feedback, ReportPicture
from app.foundation import clock, tokens
from app.foundation.uploads import Upload
from tests.events.world import coming, event_today
from tests.factories import (
    AllianceFactory,
    EventFactory,
    administrator,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.foundation.files import SVG, flood, photo
from tests.signing_in import post, sign_in, sign_out
from tests.statements import count_statements

WRITTEN = {
    "people": "42",
    "newcomers": "9",
    "story": "A **full** room.",
    "promises": "The mayor will sign.\n\nThe library joins.\n",
    "lessons": "More chairs.",
    "is_public": "y",
}


def desk(event: Event) -> str:
    return f"/desk/{event.alliance.slug}/events/{event.id}/report"


def add_picture(client: FlaskClient, at: str, raw: bytes, **more: Any) -> TestResponse:
    fields = {"words": "A full room", "credit": "Ana", "agreed": "y", **more}
    fields["file"] = (io.BytesIO(raw), "IMG_7.jpg")
    return post(client, f"{at}/pictures", fields, content_type="multipart/form-data")


def test_a_report_is_written_and_shown(client: FlaskClient, db: Session) -> None:
    event = event_today(slug="forum")
    at = desk(event)
    event.ends_at = clock.now()

    answer = post(client, at, WRITTEN, coordinator_of(event.alliance))

    assert answer.headers["Location"] == f"{at}?done=report-saved"
    sign_out(client)
    page = client.get("/events/forum").text
    assert "<dt>People</dt><dd>42</dd>" in page
    assert "<strong>full</strong>" in page
    assert "<li>The mayor will sign.</li><li>The library joins.</li>" in page
    assert "More chairs" not in page
    report = reports.of(event.id)
    assert report is not None
    assert (report.people, report.lessons, report.version) == (42, "More chairs.", 1)


def test_a_report_that_is_not_public_is_not_shown(client: FlaskClient, db: Session) -> None:
    event = event_today(slug="forum")
    at = desk(event)
    event.ends_at = clock.now()
    private = {name: value for name, value in WRITTEN.items() if name != "is_public"}
    post(client, at, private, coordinator_of(event.alliance))
    sign_out(client)
    assert "<dd>42</dd>" not in client.get("/events/forum").text


def test_the_form_proposes_what_the_door_counted(client: FlaskClient, db: Session) -> None:
    event = event_today()
    at = desk(event)
    door.record(event, None, [Said("walk-in-1", 7, clock.now())])
    sign_in(client, coordinator_of(event.alliance))
    assert 'value="7"' in client.get(at).text
    post(client, at, WRITTEN)
    assert 'value="42"' in client.get(at).text


@pytest.mark.parametrize("field", ["people", "newcomers"])
@pytest.mark.parametrize("odd", ["-1", "many", "9999999999"])
def test_odd_numbers_are_refused(client: FlaskClient, db: Session, field: str, odd: str) -> None:
    event = event_today()
    answer = post(client, desk(event), {**WRITTEN, field: odd}, coordinator_of(event.alliance))
    assert answer.status_code == 422
    assert reports.of(event.id) is None


def test_no_more_came_for_the_first_time_than_were_there(client: FlaskClient, db: Session) -> None:
    event = event_today()
    more = {**WRITTEN, "people": "8", "newcomers": "9"}
    answer = post(client, desk(event), more, coordinator_of(event.alliance))
    assert answer.status_code == 422
    assert "That is more than were there." in answer.text
    assert reports.of(event.id) is None


def test_there_is_no_report_before_the_event(client: FlaskClient, db: Session) -> None:
    event = EventFactory()
    at = desk(event)
    answer = post(client, at, WRITTEN, coordinator_of(event.alliance))
    assert answer.headers["Location"].endswith("?done=report-early")
    assert "nothing to report yet" in client.get(at).text
    assert add_picture(client, at, photo()).status_code == 422
    assert reports.of(event.id) is None


def test_a_picture_loses_what_the_phone_noted(client: FlaskClient, db: Session) -> None:
    event = event_today(slug="forum")
    at = desk(event)
    sign_in(client, coordinator_of(event.alliance))

    assert add_picture(client, at, photo()).headers["Location"] == f"{at}?done=picture-added"

    one = db.scalars(select(ReportPicture)).one()
    assert (one.words, one.credit) == ("A full room", "Ana")
    answer = client.get(f"/events/forum/pictures/{one.id}")
    assert answer.content_type == "image/jpeg"
    assert dict(Image.open(io.BytesIO(answer.data)).getexif()) == {}
    assert b"Secret phone" not in answer.data
    assert 'alt="A full room"' in client.get(at).text


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (SVG, "not a picture"),
        (flood(), "fewer pixels"),
        (b"", "choose a file"),
        (photo()[:100], "not a picture"),
    ],
)
def test_what_is_no_decent_picture_is_refused(
    client: FlaskClient, db: Session, raw: bytes, says: str
) -> None:
    event = event_today()
    at = desk(event)
    sign_in(client, coordinator_of(event.alliance))
    answer = add_picture(client, at, raw)
    assert answer.status_code == 422
    assert says in answer.text
    assert db.scalar(select(func.count()).select_from(Upload)) == 0


def test_a_picture_needs_words_and_the_consent_of_those_shown(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    at = desk(event)
    sign_in(client, coordinator_of(event.alliance))
    assert "Please ask them first." in add_picture(client, at, photo(), agreed="").text
    assert add_picture(client, at, photo(), words=" ").status_code == 422
    assert db.scalars(select(ReportPicture)).all() == []


def test_a_picture_is_public_only_with_its_report(client: FlaskClient, db: Session) -> None:
    event = event_today(slug="forum")
    at = desk(event)
    coordinator = coordinator_of(event.alliance)
    sign_in(client, coordinator)
    add_picture(client, at, photo())
    path = f"/events/forum/pictures/{db.scalar(select(ReportPicture.id))}"
    sign_out(client)
    assert client.get(path).status_code == 404
    post(client, at, WRITTEN, coordinator)
    sign_out(client)
    assert client.get(path).status_code == 200
    assert client.get(path.replace("forum", "other")).status_code == 404


def test_a_removed_picture_is_gone_with_its_bytes(client: FlaskClient, db: Session) -> None:
    event = event_today()
    at = desk(event)
    sign_in(client, coordinator_of(event.alliance))
    add_picture(client, at, photo())
    picture_id = db.scalar(select(ReportPicture.id))
    assert post(client, f"{at}/pictures/{picture_id}/remove").status_code == 303
    assert db.scalar(select(func.count()).select_from(Upload)) == 0
    assert post(client, f"{at}/pictures/{picture_id}/remove").status_code == 404


def test_a_report_holds_a_dozen_pictures(client: FlaskClient, db: Session) -> None:
    event = event_today()
    at = desk(event)
    sign_in(client, coordinator_of(event.alliance))
    for _number in range(reports.MOST_PICTURES):
        assert add_picture(client, at, photo()).status_code == 303
    assert "as many pictures" in add_picture(client, at, photo()).text
    assert db.scalar(select(func.count()).select_from(ReportPicture)) == 12


@pytest.mark.parametrize(
    ("who", "expected"),
    [("staff", 303), ("member", 403), ("other", 404), ("admin", 404), ("visitor", 401)],
)
def test_who_may_report(client: FlaskClient, db: Session, who: str, expected: int) -> None:
    event = event_today()
    at = desk(event)
    people = {
        "staff": staff_member,
        "member": lambda: member_of(event.alliance),
        "other": lambda: coordinator_of(AllianceFactory()),
        "admin": administrator,
        "visitor": lambda: None,
    }
    person = people[who]()
    assert post(client, at, WRITTEN, person).status_code == expected
    if who != "staff":
        assert add_picture(client, at, photo()).status_code == expected
        assert reports.of(event.id) is None


def test_reports_are_not_confused_between_events(client: FlaskClient, db: Session) -> None:
    event, other = event_today(), event_today(slug="other")
    at, elsewhere = desk(event), desk(other)
    sign_in(client, coordinator_of(event.alliance))
    add_picture(client, at, photo())
    picture_id = db.scalar(select(ReportPicture.id))
    assert client.get(f"/events/other/pictures/{picture_id}").status_code == 404
    assert post(client, f"{elsewhere}/pictures/{picture_id}/remove").status_code == 404
    assert post(client, f"{at.replace(str(event.id), str(other.id))}", WRITTEN).status_code == 404


def test_a_past_event_with_pictures_costs_at_most_four_statements(
    client: FlaskClient, db: Session
) -> None:
    event = event_today(slug="forum")
    at = desk(event)
    event.ends_at = clock.now()
    coordinator = coordinator_of(event.alliance)
    post(client, at, WRITTEN, coordinator)
    costs = []
    for number in (1, 5):
        sign_in(client, coordinator)
        for _ in range(number):
            add_picture(client, at, photo())
        sign_out(client)
        with count_statements() as statements:
            assert client.get("/events/forum").status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 4


def asked(event: Event, name: str = "Ana") -> str:
    return f"/events/feedback/{tokens.sign(afterwords.FEEDBACK, coming(event, name).id)}"


def test_two_questions_are_answered_once_and_may_be_changed(
    client: FlaskClient, db: Session
) -> None:
    event = event_today()
    link = asked(event)
    assert "answered already" not in client.get(link).text
    assert db.scalars(select(Feedback)).all() == []
    client.post(link, data={"stars": "3", "advice": "Begin on time"})
    assert "You have answered already." in client.get(link).text
    client.post(link, data={"stars": "5", "advice": "Coffee"})
    row = db.scalars(select(Feedback)).one()
    assert (row.stars, row.advice) == (5, "Coffee")
    assert client.post(link, data={"stars": "9"}).status_code == 422
    assert client.get("/events/feedback/1.nonsense").status_code == 404


def test_organizers_read_advice_without_names(client: FlaskClient, db: Session) -> None:
    event = event_today()
    at, coordinator = desk(event), coordinator_of(event.alliance)
    for number in (4, 5):
        client.post(
            asked(event, f"Secret{number}"), data={"stars": str(number), "advice": f"Idea {number}"}
        )
    sign_in(client, coordinator)
    page = client.get(at).text
    assert "2 answers, 4.5 of 5 on average" in page
    assert "<li>Idea 4</li>" in page
    assert "Secret" not in page


def test_erasing_a_person_blanks_their_advice(client: FlaskClient, db: Session) -> None:
    event = event_today()
    own = coming(event, "Ana")
    reports.answer(own, 5, "I am Ana")
    db.flush()
    erasure.erase(own.person)
    db.flush()
    assert [row for row in db.scalars(select(Feedback.advice)) if row] == []


def test_a_cancelled_event_has_no_report(db: Session) -> None:
    event = event_today(state=EventState.CANCELLED)
    assert not reports.is_due(event)


def test_once_it_has_begun_its_desk_is_about_what_comes_afterwards(
    client: FlaskClient, db: Session
) -> None:
    columbus = AllianceFactory(slug="columbus")
    before, after = EventFactory(alliance=columbus), event_today(alliance=columbus)
    sign_in(client, coordinator_of(columbus))
    said = ("Cancel the event", "Fill the room", "Report how it was")
    pages = [client.get(f"/desk/columbus/events/{event.id}").text for event in (before, after)]
    assert [[words in page for words in said] for page in pages] == [
        [True, True, False],
        [False, False, True],
    ]
