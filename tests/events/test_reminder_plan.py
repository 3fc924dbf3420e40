"""The plan of reminders: what is read from it, the words of organizers, and changing it later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.events import (
    actions,
    cloning,
    door,
    kit_lines,
    kits,
    own_letters,
    reminder_plan,
    reminders,
    reports,
)
from app.events.afterwords import KIND
from app.events.door import Said
from app.events.models import Event, Part
from app.events.own_letters import OwnWords
from app.foundation import clock
from app.foundation.web import Whereas
from app.mail import engine, maildir
from app.mail.maildir import StoredMessage
from app.mail.models import Mailing
from tests.events.world import coming
from tests.factories import (
    AllianceFactory,
    EventFactory,
    PersonFactory,
    SignUpFactory,
    coordinator_of,
    member_of,
)
from tests.signing_in import post, sign_in

NOVEMBER = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOVEMBER, tick=False) as traveller:
        yield traveller


def published(**values: object) -> Event:
    """A published event on July 17, 2 pm in Columbus, with its reminders."""
    ordinary = {"alliance": AllianceFactory(), "wall_start": datetime(2027, 7, 17, 14)}
    event = EventFactory(**{**ordinary, **values})
    reminders.schedule(event)
    return event


def delivered(app: Whereas, db: Session) -> list[StoredMessage]:
    db.commit()
    with app.app_context():
        engine.sweep()
        engine.work()
    db.expire_all()
    folder = Path(app.config["SMTP_URL"].removeprefix("maildir://"))
    return [maildir.read_message(folder, one.name) for one in maildir.list_messages(folder)]


def due_times(event: Event) -> list[str]:
    return [f"{each.due_at:%m-%d %H:%M}" for each in reminders.scheduled(event)]


def desk(event: Event) -> str:
    return f"/desk/{event.alliance.slug}/events/{event.id}/reminders"


@pytest.mark.parametrize(
    ("raw", "keys"),
    [
        ([], []),
        ([{"days_before": 3, "at": "09:30"}], ["3d"]),
        (
            [{"hours_before": 1}, {"days_before": 0, "at": "08:00"}, {"days_before": 14}],
            ["14d", "0d", "1h"],
        ),
        ([{"days_before": 3}, {"days_before": 3, "at": "10:00"}], ["3d"]),
        ([{"days_before": 99}, {"days_before": -1}, {"days_before": "x"}, {}], []),
        ([{"days_before": 2, "at": "25:00"}, {"hours_before": 2, "at": "x"}], ["2h"]),
    ],
)
def test_of_a_plan_holds_what_makes_sense(raw: list[dict[str, Any]], keys: list[str]) -> None:
    plan = reminder_plan.read(raw)
    assert [one.key for one in plan] == keys
    assert reminder_plan.read(reminder_plan.kept(plan)) == plan


def test_each_reminder_comes_before_it_would_be_late(db: Session) -> None:
    event = published()
    for key in ("60d", "7d", "3d", "2d", "1d", "0d", "12h", "1h"):
        one = reminder_plan.planned(key, "08:00")
        assert one is not None
        assert one.due_at(event) < one.expires_at(event) <= event.starts_at


def test_an_event_may_have_its_own_plan(db: Session) -> None:
    own = [{"days_before": 3, "at": "09:30"}, {"hours_before": 1}]
    event = published(reminders=own)
    assert due_times(event) == ["07-14 13:30", "07-17 17:00"]
    assert due_times(published(reminders=[])) == []


def test_reminders_say_what_organizers_wrote(
    app: Whereas, db: Session, now: time_machine.Traveller
) -> None:
    text = "Dear {name}, <b>bring</b> water to {place}.\n\nSee {link} {0.__class__} {{7*7}}"
    own = [{"days_before": 3, "subject": "Soon: {title}", "text": text}]
    event = published(reminders=own, slug="forum", title="Justice & forum")
    coming(event, "Ana <script>")
    now.move_to(datetime(2027, 7, 14, 15, 1, tzinfo=UTC))
    [mail] = delivered(app, db)
    assert mail.subject == "Soon: Justice & forum"
    assert "Dear Ana <script>, <b>bring</b> water to Main Library" in mail.text
    assert "http://localhost/events/forum {0.__class__} {{7*7}}" in mail.text
    assert "Dear Ana &lt;script&gt;, &lt;b&gt;bring&lt;/b&gt; water" in mail.html
    assert "2:00 PM" in mail.text
    assert delivered(app, db) == [mail]


def test_readers_in_spanish_get_what_was_written_for_them(
    app: Whereas, db: Session, now: time_machine.Traveller, client: FlaskClient
) -> None:
    event = published(title="Forum", title_es="Foro")
    SignUpFactory(event=event, person=PersonFactory(name="Ana", language="es"))
    coming(event, "Ben")
    sign_in(client, coordinator_of(event.alliance))
    own = {"subject": "Soon: {title}", "text": "Bring water."}
    spanish = {"subject_es": "Pronto: {title}", "text_es": "Trae agua."}
    post(client, f"{desk(event)}/7d", {"when": "7d", "at": "11:00"} | own | spanish)
    assert "Trae agua.</textarea>" in client.get(f"{desk(event)}/7d").text
    now.move_to(datetime(2027, 7, 10, 15, 1, tzinfo=UTC))
    mails = sorted(delivered(app, db), key=lambda mail: mail.subject)
    assert [mail.subject for mail in mails] == ["Pronto: Foro", "Soon: Forum"]
    said = [["Trae agua." in mail.text, "Bring water." in mail.text] for mail in mails]
    assert said == [[True, False], [False, True]]


def test_letters_after_the_event_say_what_organizers_wrote(
    app: Whereas, db: Session, now: time_machine.Traveller, client: FlaskClient
) -> None:
    event = published(
        reminders=[], title="Forum", title_es="Foro", address_is_private=True, is_online=True
    )
    came = SignUpFactory(event=event, person=PersonFactory(name="Ana", language="es"))
    coming(event, "Ben")
    sign_in(client, coordinator_of(event.alliance))
    own = {"subject": "Well done: {title}", "text": "Dear {name}, <b>thanks</b>.\n\nAt {place}."}
    after = desk(event).replace("reminders", "afterwords")
    saved = post(client, f"{after}/thanks", {**own, "subject_es": "Bravo: {title}"})
    assert saved.headers["Location"] == f"{desk(event)}?done=afterword-saved"
    post(client, f"{after}/missed", {"text": "Next time, {name}!", "text_es": "¡Hasta pronto!"})
    assert "Next time, {name}!</textarea>" in client.get(f"{after}/missed").text
    assert "Well done: {title}" in client.get(desk(event)).text
    assert due_times(event) == []
    now.move_to(event.ends_at - timedelta(minutes=30))
    door.record(event, None, [Said(f"s{came.id}", 1, clock.now())])
    now.move_to(event.ends_at + timedelta(minutes=61))
    [thanks] = delivered(app, db)
    assert thanks.subject == "Bravo: Foro"
    assert "Dear Ana, <b>thanks</b>.\n\nAt Columbus, OH" in thanks.text
    assert "Dear Ana, &lt;b&gt;thanks&lt;/b&gt;." in thanks.html
    assert "/events/feedback/" in thanks.text
    assert event.venue not in thanks.text
    now.move_to(event.ends_at + timedelta(days=1))
    missed = next(each for each in delivered(app, db) if each.subject == "We missed you: Forum")
    assert "Next time, Ben!" in missed.text
    assert "we hope that all is well" not in missed.text


def test_words_of_letters_after_the_event_stay_with_the_plan(
    client: FlaskClient, db: Session
) -> None:
    event = published()
    sign_in(client, coordinator_of(event.alliance))
    after = desk(event).replace("reminders", "afterwords")
    post(client, f"{after}/thanks", {"text": "Well done."})
    assert list(reminder_plan.of(event)) == list(reminder_plan.ORDINARY)
    post(client, f"{desk(event)}/7d/remove")
    post(client, f"{after}/missed", {"text": "Next time!"})
    copy = cloning.clone(event, event.wall_start.date(), edition_id=None, by_id=None)
    kit = kits.keep(event)
    kit.reminders = kit_lines.read_reminders("2 hours", kit.reminders)
    poured = EventFactory(alliance=event.alliance)
    kits.pour(kit, poured)
    for one in (event, copy, poured):
        assert own_letters.afterword(one, "thanks").text == "Well done."
        assert own_letters.afterword(one, "missed").text == "Next time!"
    assert [one.key for one in reminder_plan.of(copy)] == ["1d", "2h"]
    assert [one.key for one in reminder_plan.of(poured)] == ["2h"]
    post(client, f"{after}/thanks", {"text": ""})
    assert own_letters.afterword(event, "thanks").read_in("en") is None


def test_without_spanish_words_everybody_gets_the_same(db: Session) -> None:
    event = published(reminders=[{"days_before": 3, "text": "Bring water."}])
    for spoken in ("en", "es"):
        assert reminder_plan.words_of(event, "3d", spoken) == OwnWords("", "Bring water.")
    assert reminder_plan.words_of(event, "7d", "es") is None


def test_a_changed_plan_is_followed_and_nothing_goes_twice(
    app: Whereas, db: Session, now: time_machine.Traveller, client: FlaskClient
) -> None:
    event = published()
    coming(event, "Ana")
    at = desk(event)
    now.move_to(datetime(2027, 7, 10, 15, 1, tzinfo=UTC))
    assert len(delivered(app, db)) == 1
    sign_in(client, coordinator_of(event.alliance))

    changed = post(client, f"{at}/1d", {"when": "1d", "at": "08:00"})
    assert changed.headers["Location"] == f"{at}?done=reminder-saved"
    assert due_times(event) == ["07-10 15:00", "07-16 12:00", "07-17 16:00"]

    post(client, f"{at}/2h/remove")
    assert due_times(event) == ["07-10 15:00", "07-16 12:00"]
    post(client, f"{at}/new", {"when": "2h"})
    post(client, f"{at}/7d", {"when": "7d", "at": "23:00", "text": "Other words"})
    assert due_times(event) == ["07-10 15:00", "07-16 12:00", "07-17 16:00"]
    now.move_to(datetime(2027, 7, 17, 17, tzinfo=UTC))
    assert len(delivered(app, db)) == 2  # the morning before has passed by unsent


def test_the_list_says_which_reminders_are_past(
    client: FlaskClient, db: Session, now: time_machine.Traveller
) -> None:
    event = published()
    now.move_to(datetime(2027, 7, 12, tzinfo=UTC))
    sign_in(client, coordinator_of(event.alliance))
    first, *later = client.get(desk(event)).text.split('<li class="to-do">')[1:]
    assert "Its time has passed." in first
    assert "Its time has passed." not in "".join(later)


def test_a_moved_event_moves_its_own_plan(db: Session) -> None:
    event = published(reminders=[{"days_before": 3, "at": "09:30"}])
    event.wall_start += timedelta(days=7)
    event.starts_at += timedelta(days=7)
    event.revision += 1
    reminders.reschedule(event)
    assert due_times(event) == ["07-21 13:30"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"when": "1d"}, "at this time already"),
        ({"when": "5d", "at": "noon"}, "such as 11:00"),
        ({"when": "99d"}, "Not a valid choice"),
    ],
)
def test_odd_reminders_are_refused(
    client: FlaskClient, db: Session, fields: dict[str, str], says: str
) -> None:
    event = published()
    at = desk(event)
    answer = post(client, f"{at}/new", fields, coordinator_of(event.alliance))
    assert answer.status_code == 422
    assert says in answer.text
    assert event.reminders is None


def test_there_are_six_reminders_at_most(client: FlaskClient, db: Session) -> None:
    event = published()
    at = desk(event)
    sign_in(client, coordinator_of(event.alliance))
    for when in ("28d", "14d", "10d", "5d"):
        status = post(client, f"{at}/new", {"when": when, "at": "11:00"}).status_code
    assert status == 422
    assert client.get(at).text.count("/remove") == 6


def test_members_and_strangers_do_not_change_reminders(client: FlaskClient, db: Session) -> None:
    event = published()
    at = desk(event)
    assert post(client, f"{at}/1d/remove", person=member_of(event.alliance)).status_code == 403
    other = coordinator_of(AllianceFactory())
    assert post(client, f"{at}/1d/remove", person=other).status_code == 404
    assert client.get(f"{at}/1d").status_code == 404
    assert client.get(at.replace("reminders", "afterwords/thanks")).status_code == 404


def letters_to(mails: list[StoredMessage]) -> list[tuple[str, str]]:
    return sorted((each.recipient.partition("@")[0], each.subject.split(":")[0]) for each in mails)


def test_after_the_event_each_gets_the_right_letter_once(
    app: Whereas, db: Session, now: time_machine.Traveller
) -> None:
    event = published(reminders=[])
    coordinator_of(event.alliance, address__email="lead@example.org")
    came = coming(event, "Ana")
    missed = coming(event, "Ben")
    online = coming(event, "Cleo")
    online.part = Part.ONLINE
    for each in (came, missed, online):
        each.person.address.email = f"{each.person.name.lower()}@example.org"
    now.move_to(event.ends_at - timedelta(minutes=30))
    door.record(event, None, [Said(f"s{came.id}", 1, clock.now())])
    db.commit()

    now.move_to(event.ends_at + timedelta(minutes=61))
    first = delivered(app, db)
    thanked = [("ana", "Thank you for coming"), ("cleo", "Thank you for coming")]
    assert letters_to(first) == thanked
    assert "/events/feedback/" in first[0].text
    now.move_to(datetime(2027, 7, 18, 15, 1, tzinfo=UTC))
    second = letters_to(delivered(app, db))
    assert second == [
        thanked[0],
        ("ben", "We missed you"),
        thanked[1],
        ("lead", f"How was it? {event.title}"),
    ]
    now.move_to(datetime(2027, 7, 21, 15, 1, tzinfo=UTC))
    assert len(delivered(app, db)) == 5


def test_without_a_door_all_are_thanked_and_nobody_was_missed(
    app: Whereas, db: Session, now: time_machine.Traveller
) -> None:
    event = published(reminders=[])
    coming(event, "Ana")
    coming(event, "Ben")
    now.move_to(event.ends_at + timedelta(minutes=61))
    assert {each.subject for each in delivered(app, db)} == {f"Thank you for coming: {event.title}"}
    now.move_to(event.ends_at + timedelta(days=1))
    assert len(delivered(app, db)) == 2


def test_whoever_has_reported_is_not_asked(
    app: Whereas, db: Session, now: time_machine.Traveller
) -> None:
    event = published(reminders=[])
    coordinator_of(event.alliance)
    now.move_to(event.ends_at)
    reports.save(event, reports.Written(9, None, "", (), "", False), None)
    for days in (1, 2, 5):
        now.move_to(event.ends_at + timedelta(days=days))
        assert delivered(app, db) == []


def test_a_cancelled_event_has_no_afterwords(
    app: Whereas, db: Session, now: time_machine.Traveller
) -> None:
    event = published(reminders=[])
    own = coming(event, "Ana")
    actions.cancel(event, "Rain.")
    now.move_to(event.ends_at + timedelta(hours=2))
    mails = delivered(app, db)
    assert [each.subject.split(":")[0] for each in mails] == ["Cancelled"]
    assert own.person_id
    assert set(db.scalars(select(Mailing.state).where(Mailing.kind == KIND))) == {"cancelled"}
