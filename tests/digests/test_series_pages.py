"""The pages of series and of the order of sections: what staff see, change and decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.digests import held
from app.digests.models import Issue, Series
from app.foundation.web import Whereas
from app.mail import engine
from app.mail.models import Delivery, Mailing, MailingState
from app.people.models import DigestEvery
from tests.digests import world
from tests.factories import PersonFactory, member_of, staff_member
from tests.signing_in import post, sign_in

PLAN = {"day": "4", "subject": "Friday", "subject_es": "Viernes", "version": "1"}
ORDER = {
    **{f"place_{name}": str(n) for n, name in enumerate(("items", "desk", "own", "near"), 1)},
    **{f"mode_{name}": "shown" for name in ("items", "desk", "own", "near")},
}


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-22T15:00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser(client: FlaskClient, db: Session) -> FlaskClient:
    sign_in(client, staff_member(name="Jo"))
    return client


def switch(browser: FlaskClient, to: str, name: str = "weekly") -> str:
    return str(post(browser, f"/staff/digests/series/{name}/{to}", {}).location)


def only(db: Session) -> Issue:
    db.expire_all()
    return db.scalars(select(Issue)).one()


def test_staff_switch_a_series_on_see_what_comes_and_switch_it_off(
    db: Session, browser: FlaskClient
) -> None:
    page = browser.get("/staff/digests/series").text
    assert "Every Thursday, at the hour each reader chose" in page
    assert "On day 1 of each month" in page
    assert switch(browser, "on") == "/staff/digests/series?done=series-on"
    page = browser.get("/staff/digests/series?done=series-on").text
    assert f'<a href="/staff/digests/{only(db).id}">Thursday, November 26, 2026</a>' in page
    assert only(db).scheduled_on == date(2026, 11, 26)
    assert switch(browser, "off") == "/staff/digests/series?done=series-off"
    assert only(db).scheduled_on is None
    for odd in ("/staff/digests/series/daily", "/staff/digests/series/welcome"):
        assert browser.get(odd).status_code == 404


def test_switching_on_asks_again_who_you_are(db: Session, client: FlaskClient) -> None:
    sign_in(client, staff_member(), fresh=False)
    assert switch(client, "on").startswith("/reauthenticate")
    assert db.scalars(select(Series.is_on)).all() in ([], [False])


def test_series_are_for_national_staff(db: Session, client: FlaskClient) -> None:
    sign_in(client, member_of(world.columbus()))
    for page in ("", "/weekly"):
        assert client.get(f"/staff/digests/series{page}").status_code == 403
    assert client.get("/staff/digests/news").status_code == 403
    assert post(client, "/staff/digests/series/weekly/on", {}).status_code == 403


def test_a_plan_is_saved_and_what_is_scheduled_follows(db: Session, browser: FlaskClient) -> None:
    switch(browser, "on")
    page = browser.get("/staff/digests/series/weekly").text
    assert '<option selected value="3">Thursday</option>' in page
    own_first = ORDER | {"place_own": "1", "place_items": "3", "mode_near": "dropped"}
    answer = post(browser, "/staff/digests/series/weekly", PLAN | own_first)
    assert answer.location == "/staff/digests/series?done=series-saved"
    issue = only(db)
    assert (issue.scheduled_on, issue.subject, issue.subject_es) == (
        date(2026, 11, 27),
        "Friday",
        "Viernes",
    )
    assert issue.sections == [
        ["own", "shown"],
        ["desk", "shown"],
        ["items", "shown"],
        ["campaigns", "shown"],
        ["near", "dropped"],
        ["library", "shown"],
    ]
    late = post(browser, "/staff/digests/series/weekly", PLAN | ORDER)
    assert late.status_code == 409
    assert "Somebody else saved this" in late.text
    odd = post(browser, "/staff/digests/series/weekly", PLAN | ORDER | {"day": "9"})
    assert odd.status_code == 422


def test_the_order_of_an_issue_is_saved_in_the_version_that_was_read(
    db: Session, browser: FlaskClient
) -> None:
    issue = world.issue()
    address = f"/staff/digests/{issue.id}/sections"
    assert "A section with nothing in it" in browser.get(address).text
    chosen = ORDER | {"mode_own": "pinned", "version": "1"}
    answer = post(browser, address, chosen)
    assert answer.location == f"/staff/digests/{issue.id}?done=sections-saved"
    assert ["own", "pinned"] in only(db).sections
    assert post(browser, address, chosen).status_code == 409
    assert post(browser, address, chosen | {"mode_own": "odd"}).status_code == 422


def test_the_coming_issue_is_skipped_not_taken_back(db: Session, browser: FlaskClient) -> None:
    switch(browser, "on")
    issue = only(db)
    page = browser.get(f"/staff/digests/{issue.id}").text
    assert "Skip this one" in page
    assert "Take it back" not in page
    answer = post(browser, f"/staff/digests/{issue.id}/take-back", {})
    assert answer.location.endswith("done=digest-too-late")
    assert post(browser, f"/staff/digests/{issue.id}/skip", {}).location.endswith("issue-skipped")
    assert post(browser, f"/staff/digests/{issue.id}/skip", {}).location.endswith("too-late")
    days = db.scalars(select(Issue.scheduled_on).order_by(Issue.id)).all()
    assert days == [date(2026, 11, 26), date(2026, 12, 3)]


@pytest.fixture
def late(app: Whereas, db: Session, browser: FlaskClient, travel: time_machine.Traveller) -> str:
    """The page of an issue whose two copies an outage made late, for another person of staff."""
    for _ in range(2):
        PersonFactory(digest_every=DigestEvery.WEEKLY)
    switch(browser, "on")
    only(db).introduction = "Hello"
    db.commit()
    travel.move_to("2026-11-28T15:00:00Z")
    work(app)
    sign_in(browser, staff_member())
    return f"/staff/digests/{only(db).id}"


def work(app: Whereas) -> None:
    with app.app_context():
        engine.sweep()
        engine.work(10)


def test_late_copies_are_shown_and_staff_decide(
    app: Whereas, db: Session, browser: FlaskClient, late: str
) -> None:
    page = browser.get(late).text
    assert "2 copies are more than twelve hours late" in page
    assert "Send it to 2 people now" in page
    assert post(browser, f"{late}/late/send", {}).location == f"{late}?done=late-sent"
    assert post(browser, f"{late}/late/send", {}).location.endswith("digest-too-late")
    page = browser.get(late).text
    assert "more than twelve hours late" not in page
    assert ("0 of 2 sent" in page, ">Pause<" in page, "Cancel the rest" in page) == (True,) * 3
    assert "Sending" in browser.get("/staff/digests").text
    assert post(browser, f"{late}/late/drop", {}).location.endswith("digest-too-late")
    db.commit()
    work(app)
    assert "Done: 2 of 2 sent." in browser.get(late).text
    assert "Sent,,2" in browser.get(f"{late}/report.csv").text


def test_late_copies_may_be_let_go(db: Session, browser: FlaskClient, late: str) -> None:
    assert post(browser, f"{late}/late/drop", {}).location == f"{late}?done=late-dropped"
    assert set(db.scalars(select(Delivery.reason)).all()) == {held.DROPPED}


def test_an_issue_that_started_keeps_its_order(db: Session, browser: FlaskClient) -> None:
    switch(browser, "on")
    issue = only(db)
    db.get_one(Mailing, issue.mailing_id).state = MailingState.SENDING
    db.flush()
    version = str(issue.version)
    answer = post(browser, f"/staff/digests/{issue.id}/sections", ORDER | {"version": version})
    assert answer.location.endswith("done=digest-frozen")
    assert only(db).sections == []
