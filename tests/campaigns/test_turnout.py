"""Speaking at a meeting: the list and its slots, drafts, the clerk's rules, the brief."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure, own_data
from app.alliances.models import Alliance
from app.campaigns import brief, contacting, moving, picked_points, signing, turnouts
from app.campaigns.body_models import RuleKey
from app.campaigns.contact_models import ContactKind
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.campaigns.turnout_models import Speaker, Turnout
from app.campaigns.turnouts import Told
from app.foundation import clock, signals
from app.library.points import Place
from app.work import registry
from app.work.models import ToDo, ToDoState
from tests.campaigns.councils import BodyFactory, BodyRuleFactory, MeetingFactory
from tests.campaigns.filled import form_of
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, PersonFactory, coordinator_of, member_of
from tests.library.world import TalkingPointFactory
from tests.signing_in import post, sign_in

PAGE = "/campaigns/justice/speak"


@pytest.fixture
def ours(client: FlaskClient, db: Session) -> Alliance:
    made: Alliance = AllianceFactory(slug="columbus")
    return made


@pytest.fixture
def measure(ours: Alliance) -> Measure:
    body = BodyFactory(alliance=ours, name="City Council")
    rule = {"hours": 24, "minutes": 3}
    BodyRuleFactory(body=body, key=RuleKey.PUBLIC_COMMENT, value=rule)
    return campaign(slug="justice", body=body, stage=Stage.SCHEDULED, title="Justice Day")


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def meeting(measure: Measure, **more: object) -> Turnout:
    told = {"on": in_days(10), "at": "18:00", "place": "City Hall", "slots": 2}
    return turnouts.begin(measure, Told(**(told | more)))  # type: ignore[arg-type]


def names(turnout: Turnout) -> tuple[list[str], list[str]]:
    line_up = turnouts.line_up(turnout)
    return (
        [own.person.name for own in line_up.speaking],
        [own.person.name for own in line_up.standing_by],
    )


def test_the_list_has_slots_and_whoever_stands_by_moves_up(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    turnout = meeting(measure)
    number = turnout.id
    people = [PersonFactory(name=name) for name in ("Ana", "Ben", "Cleo")]
    for person in (*people, people[0]):
        assert post(client, f"{PAGE}/{number}", person=person).status_code == 303
    assert names(turnout) == (["Ana", "Ben"], ["Cleo"])
    sign_in(client, people[2])
    page = client.get(PAGE).text
    assert "All places are taken, so you wait for one: you speak if somebody" in page
    assert "Ana" not in page
    assert post(client, f"{PAGE}/{number}/withdraw", person=people[0]).status_code == 303
    assert names(turnout) == (["Ben", "Cleo"], [])
    sign_in(client, people[2])
    assert "You speak as number 2." in client.get(PAGE).text


def test_visitors_read_the_rules_and_what_becomes_public(
    client: FlaskClient, measure: Measure
) -> None:
    assert "No meeting to speak at yet" in client.get(PAGE).text
    turnout = meeting(measure, sign_up_by=in_days(9), rules="Bring a card.", minutes=2)
    page = client.get(PAGE).text
    assert "Speakers sign up 24 hours before the meeting; 3 minutes each" in page
    for words in ("Each may speak for 2 minutes.", "At most 2 may speak.", "Bring a card."):
        assert words in page
    assert "What becomes public" in page
    assert "Sign in to speak" in page
    assert post(client, f"{PAGE}/{turnout.id}").status_code == 401


def test_after_the_clerks_last_day_the_list_is_closed(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    turnout = meeting(measure, sign_up_by=in_days(-1))
    answer = post(client, f"{PAGE}/{turnout.id}", person=PersonFactory())
    assert "done=speaking-closed" in answer.location
    assert "This list is closed." in client.get(PAGE).text
    assert db.scalars(select(Speaker)).all() == []


def test_a_draft_is_written_timed_and_private(
    client: FlaskClient, db: Session, ours: Alliance, measure: Measure
) -> None:
    point = TalkingPointFactory(words="The Court has 125 members.")
    picked_points.pick(Place(picked_points.LETTERS, measure.id, "x"), [point.key], by_id=None)
    turnout = meeting(measure, minutes=1)
    number, desk = turnout.id, f"/desk/columbus/campaigns/{measure.id}/speakers"
    post(client, f"{PAGE}/{number}", person=PersonFactory(name="Maria"))
    first = client.get(f"{PAGE}/{number}/testimony").text
    assert "My name is Maria" in first
    assert "The Court has 125 members." in first
    long = {"testimony": "I care. " * 100}
    assert post(client, f"{PAGE}/{number}/testimony", long).status_code == 303
    after = client.get(f"{PAGE}/{number}/testimony").text
    assert "To say this takes about 92 seconds." in after
    assert "That is longer than you have." in after
    sign_in(client, PersonFactory())
    assert client.get(f"{PAGE}/{number}/testimony").status_code == 404
    sign_in(client, coordinator_of(ours))
    assert "I care. I care." in client.get(desk).text
    sign_in(client, member_of(ours))
    assert client.get(desk).status_code == 403


def test_before_an_agenda_names_it_a_list_begins_with_the_next_meeting(
    db: Session, measure: Measure
) -> None:
    assert turnouts.suggested(measure).on == clock.today()
    for days in (20, 9):
        start = datetime.combine(in_days(days), time(19, 30))
        MeetingFactory(body=measure.body, wall_start=start)
    suggested = turnouts.suggested(measure)
    assert (suggested.on, suggested.at) == (in_days(9), "19:30")
    assert suggested.sign_up_by == in_days(8)


def test_the_desk_opens_a_list_from_the_agenda_and_its_rule(
    client: FlaskClient, db: Session, ours: Alliance, measure: Measure
) -> None:
    entry = moving.history(measure.id)[-1]
    on = in_days(14)
    entry.facts = {
        "meeting_on": on.isoformat(),
        "meeting_time": "17:30",
        "meeting_place": "Room 200",
    }
    suggested = turnouts.suggested(measure)
    assert (suggested.on, suggested.at, suggested.place) == (on, "17:30", "Room 200")
    assert (suggested.minutes, suggested.sign_up_by) == (3, on - timedelta(days=1))
    desk = f"/desk/columbus/campaigns/{measure.id}/speakers"
    sign_in(client, coordinator_of(ours, name="Ana"))
    form = {"on": on.isoformat(), "at": "17:30", "slots": "1"}
    late = form | {"sign_up_by": (on + timedelta(days=1)).isoformat()}
    assert "This is after the meeting." in post(client, f"{desk}/new", late).text
    at_once = post(client, f"{desk}/new", form | {"at": "99:99", "slots": "few"}).text
    assert "Please type a time such as 18:30." in at_once
    assert "Please type a whole number." in at_once
    right = form | {"sign_up_by": (on - timedelta(days=1)).isoformat()}
    assert post(client, f"{desk}/new", right).status_code == 303
    assert "There is a list for this day already." in post(client, f"{desk}/new", right).text
    to_do = db.scalars(select(ToDo)).one()
    assert registry.title_of(to_do) == "Register the speakers with the clerk"
    assert registry.abouts([to_do])[to_do.id].title == "Justice Day"
    number = db.scalars(select(Turnout.id)).one()
    maria = member_of(ours, name="Maria")
    assert post(client, f"{desk}/{number}/add", {"person": maria.id}).status_code == 303
    speaker = db.scalars(select(Speaker.id)).one()
    assert post(client, f"{desk}/{number}/{speaker}/registered").status_code == 303
    assert "the clerk has them" in client.get(desk).text
    more = right | {"slots": "5", "sign_up_url": "javascript:alert(1)"}
    assert post(client, f"{desk}/{number}/edit", more).status_code == 422
    assert post(client, f"{desk}/{number}/edit", right | {"slots": "5"}).status_code == 303
    assert db.scalars(select(Turnout)).one().slots == 5
    assert post(client, f"{desk}/{number}/{speaker}/remove").status_code == 303
    assert db.scalars(select(Speaker)).all() == []


def test_the_last_day_to_sign_up_moves_along_with_the_meeting(
    client: FlaskClient, db: Session, ours: Alliance, measure: Measure
) -> None:
    sign_in(client, coordinator_of(ours, name="Ana"))
    listed = meeting(measure, on=date(2099, 7, 14), sign_up_by=date(2099, 7, 13))
    desk = f"/desk/columbus/campaigns/{measure.id}/speakers/{listed.id}/edit"
    shown = form_of(client.get(desk).text)

    for on, by in (("2099-07-21", date(2099, 7, 20)), ("2099-07-07", date(2099, 7, 6))):
        sent = shown | {"on": on, "sign_up_by": listed.sign_up_by.isoformat()}
        moved = post(client, desk, sent)
        assert moved.status_code == 303
        assert "moved along with the meeting" in client.get(moved.headers["Location"]).text
        db.expire_all()
        assert listed.sign_up_by == by
        assert db.scalars(select(ToDo.due_on)).one() == by

    own = shown | {"on": "2099-07-14", "sign_up_by": "2099-07-09"}
    assert post(client, desk, own).headers["Location"].endswith("done=speakers-saved")
    db.expire_all()
    assert db.scalars(select(ToDo.due_on)).one() == listed.sign_up_by == date(2099, 7, 9)


def test_a_last_day_that_the_clerk_tells_later_becomes_a_to_do(
    db: Session, measure: Measure
) -> None:
    listed = meeting(measure)
    assert db.scalars(select(ToDo)).all() == []
    told = Told(on=listed.on, sign_up_by=date(2099, 7, 13))
    turnouts.change(listed, told)
    assert db.scalars(select(ToDo.due_on)).all() == [date(2099, 7, 13)]
    turnouts.change(listed, Told(on=listed.on))
    assert db.scalars(select(ToDo.state)).all() == [ToDoState.DROPPED]


def test_lists_of_others_are_not_found(
    client: FlaskClient, db: Session, ours: Alliance, measure: Measure
) -> None:
    turnout = meeting(measure)
    speaker = turnouts.add(turnout, PersonFactory().id)
    other = campaign(slug="other", body=BodyFactory(alliance=ours), stage=Stage.SCHEDULED)
    sign_in(client, coordinator_of(ours))
    wrong = f"/desk/columbus/campaigns/{other.id}/speakers/{turnout.id}"
    for path in ("edit", "add", "brief.pdf"):
        assert client.get(f"{wrong}/{path}").status_code == 404
    assert post(client, f"{wrong}/{speaker.id}/remove").status_code == 404
    assert client.get(f"/campaigns/other/speak/{turnout.id}/brief.pdf").status_code == 404
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get(f"/desk/columbus/campaigns/{measure.id}/speakers").status_code == 404


def pdf_text(raw: bytes) -> tuple[int, str]:
    pages = PdfReader(io.BytesIO(raw)).pages
    return len(pages), " ".join("".join(page.extract_text() for page in pages).split())


def test_the_brief_is_one_page_and_names_speakers_for_the_desk_only(
    client: FlaskClient, db: Session, ours: Alliance, measure: Measure
) -> None:
    measure.about = "Because it matters. " * 60
    points = [TalkingPointFactory(words=f"Point {n}. " + "word " * 35) for n in range(6)]
    keys = [point.key for point in points]
    picked_points.pick(Place(picked_points.LETTERS, measure.id, "x"), keys, by_id=None)
    turnout = meeting(measure, slots=None, rules="Bring a card.\nBe there at five.")
    number = turnout.id
    for each in range(20):
        turnouts.add(turnout, PersonFactory(name=f"Maria Speaker{each}").id)
    public = client.get(f"{PAGE}/{number}/brief.pdf")
    assert public.content_type == "application/pdf"
    pages, words = pdf_text(public.data)
    assert pages == 1
    assert "City Council" in words
    assert "Be there at five." in words
    assert "Maria" not in words
    sign_in(client, coordinator_of(ours))
    path = f"/desk/columbus/campaigns/{measure.id}/speakers/{number}/brief.pdf"
    pages, words = pdf_text(client.get(path).data)
    assert pages == 1
    assert "Maria Speaker0" in words


def test_erased_and_merged_speakers(db: Session, measure: Measure) -> None:
    turnout = meeting(measure)
    one, two = PersonFactory(), PersonFactory(name="Two")
    for person in (one, two):
        turnouts.add(turnout, person.id).testimony = "Mine"
    signals.person_merged.send(one.id, into_id=two.id)
    db.expire_all()
    assert names(turnout) == (["Two"], [])
    erasure.erase(two)
    db.expire_all()
    assert db.scalars(select(Speaker)).all() == []


def test_people_can_take_their_own_along(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    maria = PersonFactory(name="Maria")
    turnouts.add(meeting(measure), maria.id).testimony = "My own words"
    contacting.tell(measure, ContactKind.CALL, None, maria.id)
    signing.sign(measure, maria, show_name=True, affiliation="Judge, Ohio")
    tables = json.loads(own_data.as_json(maria))["tables"]
    assert tables["speaker"][0]["testimony"] == "My own words"
    assert tables["contact"][0]["kind"] == "call"
    assert tables["signature"][0]["affiliation"] == "Judge, Ohio"


def test_a_meeting_without_any_rule_says_none(db: Session) -> None:
    bare = campaign(slug="bare", stage=Stage.SCHEDULED)
    turnout = turnouts.begin(bare, Told(on=in_days(3)))
    turnout.measure = bare
    assert brief.rules(turnout) == []
    assert db.scalars(select(ToDo)).all() == []
