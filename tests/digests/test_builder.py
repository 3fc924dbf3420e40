"""Choosing readers by clicking: adding, removing, counting, looking at ten, saving, deleting."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.digests import saved_audiences, tree
from app.digests.models import Issue, SavedAudience
from app.digests.tree import Group, Leaf, Match
from app.foundation import clock
from app.mail.models import Mailing, MailingState
from app.people.models import DigestEvery, Disclosure, Person
from tests.digests import world
from tests.digests.test_pages import mailing
from tests.factories import (
    AllianceFactory,
    PersonFactory,
    administrator,
    coordinator_of,
    member_of,
    seed_places,
    staff_member,
)
from tests.signing_in import post, sign_in

NEW = "/staff/audiences/new"
OHIO = Group(parts=(Leaf("state", {"states": ["OH"]}),))
IN_OHIO = {"part": ["0:group", "0.0:state"], "0-match": "all", "0.0-states": ["OH"]}


@pytest.fixture
def staff(db: Session) -> Person:
    return staff_member(name="Jo Miller", zip="98104")


@pytest.fixture
def browser(client: FlaskClient, staff: Person) -> FlaskClient:
    sign_in(client, staff)
    return client


def readers_of(issue: Issue) -> str:
    return f"/staff/digests/{issue.id}/audience"


def saved(name: str = "Ohio", chosen: Group = OHIO) -> SavedAudience:
    return saved_audiences.create(name, chosen, by_id=staff_member(zip="98104").id)


def kept(db: Session) -> SavedAudience:
    db.expire_all()
    return db.scalars(select(SavedAudience)).one()


def test_a_click_adds_a_condition_and_keeps_everything_typed(browser: FlaskClient) -> None:
    typed = {
        "name": "Near Columbus",
        "part": ["0:group", "0.0:distance"],
        "0-match": "any",
        "0.0-miles": "forty",
        "0.0-place": "4321",
        "0-add": "language",
        "do": "add:0",
    }
    page = post(browser, NEW, typed)
    assert page.status_code == 200
    for still in ('value="Near Columbus"', 'value="forty"', 'value="4321"'):
        assert still in page.text
    assert '<option selected value="any">' in page.text
    assert 'value="0.1:language"' in page.text
    assert "Please check" not in page.text
    assert "Fill in the conditions to see how many people that is." in page.text


def test_a_click_takes_a_condition_away_and_the_others_move_up(browser: FlaskClient) -> None:
    typed = {
        "part": ["0:group", "0.0:state", "0.1:group", "0.1.0:language", "0.2:joined"],
        "0.1.0-languages": "es",
        "0.2-since": "2026-06-01",
        "do": "remove:0.0",
    }
    page = post(browser, NEW, typed).text
    parts = re.findall(r'name="part" value="([^"]+)"', page)
    assert parts == ["0:group", "0.0:group", "0.0.0:language", "0.1:joined"]
    assert re.search(r'name="0\.1-since"[^>]* type="date" value="2026-06-01"', page)
    assert re.search(r'<input checked id="0\.0\.0-languages-1"', page)


def test_groups_end_at_the_third_level_and_at_twenty_parts(browser: FlaskClient) -> None:
    deep = {"part": ["0:group", "0.0:group", "0.0.0:group"]}
    page = post(browser, NEW, {**deep, "0.0.0-add": "group", "do": "add:0.0.0"}).text
    assert "0.0.0.0:group" not in page
    page = post(browser, NEW, {**deep, "0.0.0-add": "state", "do": "add:0.0.0"}).text
    assert "0.0.0.0:state" in page
    many = {"part": ["0:group", *(f"0.{n}:language" for n in range(20))]}
    page = post(browser, NEW, {**many, "0-add": "state", "do": "add:0"}).text
    assert "0.20" not in page


@pytest.mark.parametrize(
    "parts",
    [
        ["0.0:state"],
        ["0:group", "0.0:secrets"],
        ["0:group", "0.1.1:state"],
        ["0:group", "0.0:state", "0.0.0:state"],
        ["0:group", "../../0:state"],
    ],
)
def test_a_form_that_nobody_could_send_is_refused(browser: FlaskClient, parts: list[str]) -> None:
    assert post(browser, NEW, {"part": parts}).status_code == 400


def test_buttons_that_are_not_on_the_page_change_nothing(browser: FlaskClient) -> None:
    for act in ("add:9", "remove:0", "remove:0.7", "explode:0", "add:", "add:0"):
        page = post(browser, NEW, {**IN_OHIO, "do": act})
        assert re.findall(r'name="part" value="([^"]+)"', page.text) == ["0:group", "0.0:state"]
    assert post(browser, NEW, {**IN_OHIO, "do": "add:0.3.1"}).status_code == 400


def test_the_count_and_who_is_left_out_follow_each_click(db: Session, browser: FlaskClient) -> None:
    PersonFactory()
    PersonFactory(unconfirmed=True)
    page = post(browser, NEW, {**IN_OHIO, "do": "look"}).text
    assert "People who live in Ohio." in page
    assert '<b class="big">1</b> person gets it' in page
    assert "2 people were chosen. Of them:" in page
    assert "1 have not confirmed their address yet" in page


def test_ten_of_them_are_shown_by_first_name_and_initial(
    db: Session, browser: FlaskClient, staff: Person
) -> None:
    people = [PersonFactory(name=f"Maria Q{n} Gomez") for n in range(12)]
    discreet = PersonFactory(name="Hidden Person", discreet=True)
    page = post(browser, NEW, {**IN_OHIO, "do": "look"}).text
    assert '<b class="big">13</b> people get it' in page
    assert page.count("Maria G.") == 10
    assert "Gomez" not in page
    assert "Hidden" not in page
    rows = db.execute(select(Disclosure.person_id, Disclosure.viewer_id, Disclosure.what)).all()
    assert len(rows) == 10
    assert {row.person_id for row in rows} < {person.id for person in people}
    assert {row[1:] for row in rows} == {(staff.id, "audience sample")}
    assert discreet.id not in {row.person_id for row in rows}


def test_a_sample_says_which_condition_somebody_was_chosen_by(
    db: Session, browser: FlaskClient
) -> None:
    PersonFactory(name="Ana Li", language="es", zip="60602")
    typed = {
        "part": ["0:group", "0.0:state", "0.1:language"],
        "0-match": "any",
        "0.0-states": "OH",
        "0.1-languages": "es",
        "do": "look",
    }
    page = post(browser, NEW, typed).text
    row = page[page.index("Ana L.") :][:300]
    assert "Illinois" in row
    assert '<span class="soft">chosen by: Language</span>' in row


def test_a_look_is_written_down_once_a_day(db: Session, browser: FlaskClient) -> None:
    PersonFactory()
    for _ in range(3):
        post(browser, NEW, {**IN_OHIO, "do": "look"})
    assert len(db.scalars(select(Disclosure)).all()) == 1
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        sign_in(browser, staff_member(zip="98104"))
        post(browser, NEW, {**IN_OHIO, "do": "look"})
    assert len(db.scalars(select(Disclosure)).all()) == 2


def test_opening_the_page_shows_numbers_and_nobody(db: Session, browser: FlaskClient) -> None:
    PersonFactory(name="Maria Gomez")
    page = browser.get(f"/staff/audiences/{saved().id}").text
    assert '<b class="big">1</b> person gets it' in page
    assert "Maria" not in page
    assert db.scalars(select(Disclosure)).all() == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"part": ["0:group", "0.0:state"]}, "Choose at least one."),
        ({"part": ["0:group", "0.0:state"], "0.0-states": "XX"}, "valid choice"),
        ({"part": ["0:group", "0.0:alliance"], "0.0-alliances": "99"}, "valid choice"),
        ({"part": ["0:group", "0.0:alliance"], "0.0-alliances": "x"}, "invalid choice"),
        ({"part": ["0:group", "0.0:distance"], "0.0-place": "00001"}, "We do not know this place."),
        ({"part": ["0:group", "0.0:distance"], "0.0-miles": "9999"}, "miles from 1 to 500"),
        ({"part": ["0:group", "0.0:joined"], "0.0-since": "soon"}, "Please type a day that exists"),
        ({"part": ["0:group", "0.0:attended"], "0.0-times": "0"}, "a number from 1 to 20"),
        ({"part": ["0:group"], "0-match": "some"}, "Not a valid choice"),
    ],
)
def test_mistakes_stand_beside_their_fields(
    db: Session, browser: FlaskClient, typed: dict[str, Any], sentence: str
) -> None:
    answer = post(browser, NEW, {"name": "Kept", **typed, "do": "save"})
    assert answer.status_code == 422
    assert sentence.lower() in answer.text.lower()
    assert 'value="Kept"' in answer.text
    assert db.scalars(select(SavedAudience)).all() == []


def test_what_was_clicked_is_saved_with_the_point_of_its_place(
    db: Session, browser: FlaskClient
) -> None:
    seed_places(db)
    typed = {
        "name": "Near",
        "part": ["0:group", "0.0:distance", "0.1:group", "0.1.0:attended"],
        "0-match": "all",
        "0.0-miles": "25",
        "0.0-place": "columbus, oh",
        "0.1-match": "none",
        "0.1.0-times": "2",
        "0.1.0-since": "",
        "do": "save",
    }
    answer = post(browser, NEW, typed)
    assert answer.location == "/staff/audiences?done=audience-saved"
    near = {"miles": 25, "place": "43215", "city": "Columbus, OH", "point": [39.9671, -83.0044]}
    came = Leaf("attended", {"times": 2, "since": None})
    assert tree.from_json(kept(db).chosen) == Group(
        parts=(Leaf("distance", near), Group(Match.NONE, (came,)))
    )
    page = browser.get(f"/staff/audiences/{kept(db).id}").text
    assert 'value="25"' in page
    assert "within 25 miles of 43215 (Columbus, OH); and not: came to at least 2 events" in page


def test_two_audiences_cannot_have_one_name(db: Session, browser: FlaskClient) -> None:
    saved("Ohio")
    answer = post(browser, NEW, {**IN_OHIO, "name": "OHIO", "do": "save"})
    assert answer.status_code == 422
    assert "Another saved audience has this name." in answer.text


def test_the_second_of_two_who_save_sees_both(db: Session, browser: FlaskClient) -> None:
    found = saved()
    url = f"/staff/audiences/{found.id}"
    mine = {**IN_OHIO, "0.0-states": "HI", "name": "Hawaii", "do": "save", "version": "1"}
    assert post(browser, url, {**mine, "name": "First"}).status_code == 303
    answer = post(browser, url, mine)
    assert answer.status_code == 409
    assert "First" in answer.text
    assert 'value="Hawaii"' in answer.text
    assert kept(db).name == "First"
    assert post(browser, url, {**mine, "version": "2"}).status_code == 303
    assert kept(db).name == "Hawaii"


def test_a_draft_follows_a_saved_audience_until_it_is_sent(
    db: Session, browser: FlaskClient
) -> None:
    PersonFactory()
    issue, ohio = world.issue(), saved()
    use = {"saved": str(ohio.id), "version": "1"}
    answer = post(browser, f"{readers_of(issue)}/saved", use)
    assert answer.location == f"/staff/digests/{issue.id}?done=audience-chosen"
    assert "People who live in Ohio." in browser.get(answer.location).text
    none = Group(parts=(Leaf("state", {"states": ["HI"]}),))
    saved_audiences.save(ohio.id, "Ohio", none, version=1)
    assert "People who live in Hawaii." in browser.get(answer.location).text
    saved_audiences.save(ohio.id, "Ohio", OHIO, version=2)
    post(browser, f"/staff/digests/{issue.id}/send", {"when": "now", "people": "1"})
    saved_audiences.save(ohio.id, "Ohio", none, version=3)
    db.expire_all()
    assert tree.from_json(db.get_one(Issue, issue.id).chosen) == OHIO


def test_conditions_of_its_own_end_the_use_of_a_saved_audience(
    db: Session, browser: FlaskClient
) -> None:
    issue = world.issue(saved_audience_id=saved().id)
    everybody = {"part": ["0:group"], "version": "1", "do": "save"}
    answer = post(browser, readers_of(issue), everybody)
    assert answer.location == f"/staff/digests/{issue.id}?done=audience-chosen"
    db.expire_all()
    assert (issue.saved_audience_id, tree.from_json(issue.chosen)) == (None, tree.EVERYBODY)


def test_the_second_of_two_who_choose_the_readers_sees_both_choices(
    db: Session, browser: FlaskClient
) -> None:
    issue = world.issue()
    opened = browser.get(readers_of(issue)).text
    assert opened.count('name="version" type="hidden" value="1"') == 1
    assert post(browser, readers_of(issue), {**IN_OHIO, "version": "1", "do": "save"}).location
    mine = {"part": ["0:group", "0.0:language"], "0.0-languages": "es", "do": "save"}
    answer = post(browser, readers_of(issue), {**mine, "version": "1"})
    assert answer.status_code == 409
    assert "Somebody else changed the readers of this digest" in answer.text
    assert "People who live in Ohio." in answer.text
    assert "People who read Spanish." in answer.text
    assert re.search(r'<input checked id="0\.0-languages-1"', answer.text)
    db.expire_all()
    assert tree.from_json(issue.chosen) == OHIO
    assert re.findall(r'name="version"[^>]* value="(\d+)"', answer.text) == ["2"]
    assert post(browser, readers_of(issue), {**mine, "version": "2"}).status_code == 303
    db.expire_all()
    assert tree.sentence(tree.from_json(issue.chosen)) == "People who read Spanish."


def test_a_saved_audience_chosen_in_an_old_tab_asks_first(
    db: Session, browser: FlaskClient
) -> None:
    issue = world.issue()
    none = saved("Nobody", Group(Match.NONE, OHIO.parts))
    saved("Ohio")
    post(browser, readers_of(issue), {**IN_OHIO, "version": "1", "do": "save"})
    mine = {"saved": str(none.id), "version": "1"}
    answer = post(browser, f"{readers_of(issue)}/saved", mine)
    assert answer.status_code == 409
    assert "People who live in Ohio." in answer.text
    assert f'<option selected value="{none.id}">Nobody' in answer.text
    assert f'action="{readers_of(issue)}" novalidate' in answer.text
    db.expire_all()
    assert issue.saved_audience_id is None
    assert re.findall(r'name="version"[^>]* value="(\d+)"', answer.text) == ["2", "2"]
    post(browser, f"{readers_of(issue)}/saved", {**mine, "version": "2"})
    db.expire_all()
    assert issue.saved_audience_id == none.id


def test_readers_count_in_the_rhythm_of_the_digest(db: Session, browser: FlaskClient) -> None:
    PersonFactory(digest_every=DigestEvery.WEEKLY)
    issue = world.issue()
    page = post(browser, readers_of(issue), {**IN_OHIO, "do": "look"}).text
    assert "Of them those who chose monthly." in page
    assert '<b class="big">0</b> people get it' in page
    assert "1 chose another rhythm" in page


def test_a_scheduled_digest_keeps_its_readers(db: Session, browser: FlaskClient) -> None:
    issue = world.issue()
    mailing(issue, db, MailingState.SCHEDULED)
    fixed = f"/staff/digests/{issue.id}?done=audience-fixed"
    assert browser.get(readers_of(issue)).location == fixed
    assert post(browser, readers_of(issue), {**IN_OHIO, "do": "save"}).location == fixed
    use = post(browser, f"{readers_of(issue)}/saved", {"saved": str(saved().id)})
    assert use.location == fixed
    db.expire_all()
    assert issue.chosen == {}


def test_deleting_names_the_digests_that_use_it(db: Session, browser: FlaskClient) -> None:
    ohio = saved()
    draft = world.issue(subject="A draft", saved_audience_id=ohio.id)
    planned = world.issue(subject="A plan", saved_audience_id=ohio.id, chosen={"parts": []})
    mailing(planned, db, MailingState.SCHEDULED)
    over = world.issue(subject="Long over", saved_audience_id=ohio.id)
    mailing(over, db, MailingState.DONE)
    page = browser.get(f"/staff/audiences/{ohio.id}/delete").text
    assert page.index("they keep its conditions") < page.index("A draft")
    assert page.index("are scheduled for it") < page.index("A plan")
    assert "Long over" not in page
    answer = post(browser, f"/staff/audiences/{ohio.id}/delete")
    assert answer.location == "/staff/audiences?done=audience-deleted"
    db.expire_all()
    assert db.scalars(select(SavedAudience)).all() == []
    assert tree.from_json(db.get_one(Issue, draft.id).chosen) == OHIO
    assert db.get_one(Issue, planned.id).chosen == {"parts": []}
    assert db.get_one(Mailing, planned.mailing_id).state == MailingState.SCHEDULED


def test_saved_audiences_are_listed_and_searched(db: Session, browser: FlaskClient) -> None:
    assert "No saved audience yet" in browser.get("/staff/audiences").text
    for name in ("Ohio", "Hawaii"):
        saved(name)
    page = browser.get("/staff/audiences?search=oh").text
    assert "Ohio</a>" in page
    assert "Hawaii</a>" not in page


def test_audiences_are_for_national_staff(db: Session, client: FlaskClient) -> None:
    issue, found = world.issue(), saved()
    columbus = AllianceFactory()
    pages = ["/staff/audiences", NEW, readers_of(issue)]
    pages += [f"/staff/audiences/{found.id}{page}" for page in ("", "/delete")]
    acts = [*pages[1:], f"{readers_of(issue)}/saved"]
    assert [client.post(act).status_code for act in acts] == [401] * len(acts)
    for person in (member_of(columbus), coordinator_of(columbus), administrator()):
        sign_in(client, person)
        assert [client.get(page).status_code for page in pages] == [403] * len(pages)
        assert [post(client, act).status_code for act in acts] == [403] * len(acts)
    sign_in(client, staff_member())
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
