"""What everybody may read of digests on the website, and what nobody may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.digests import actions, archive, audience, items, tree
from app.digests.models import Issue
from app.foundation import clock
from app.foundation.web import Whereas
from app.library import points
from app.mail import engine
from app.mail.models import Delivery, SendState
from app.people.models import Person
from tests.digests import world
from tests.factories import AllianceFactory, PersonFactory, member_of, staff_member
from tests.library.world import AnalysisFactory, SourceFactory, TalkingPointFactory
from tests.signing_in import post, sign_in
from tests.statements import count_statements


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-11-21T15:00:00Z", tick=False):
        yield


def started(**values: object) -> Issue:
    return world.issue(frozen_at=clock.now(), **values)


def test_visitors_read_the_words_for_everybody_and_coming_events(
    db: Session, client: FlaskClient
) -> None:
    columbus = world.columbus()
    world.news("For all", body="**Seven** votes", link="https://example.org/all")
    world.news("Members only", alliance_id=columbus.id)
    issue = world.issue()
    items.freeze(issue)
    answer = client.get(f"/digests/{issue.id}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "<strong>seven votes</strong>" in answer.text
    assert "For all" in answer.text
    assert "Remembrance reading" in answer.text
    assert "Members only" not in answer.text
    assert len(answer.text.encode()) < 12_000
    page = client.get("/digests/").text
    assert f'href="/digests/{issue.id}"' in page
    assert f"/digests/{issue.id}<" in client.get("/sitemap.xml").text


def test_what_has_not_started_or_is_kept_off_is_no_page(db: Session, client: FlaskClient) -> None:
    draft, private = world.issue(), started(is_private=True)
    for issue in (draft, private):
        assert client.get(f"/digests/{issue.id}").status_code == 404
    page = client.get("/digests/").text
    assert f"/digests/{draft.id}" not in page
    assert f"/digests/{private.id}" not in page
    assert f"/digests/{private.id}<" not in client.get("/sitemap.xml").text
    sign_in(client, member_of(AllianceFactory()))
    assert client.get(f"/digests/{draft.id}").status_code == 404
    sign_in(client, staff_member())
    answer = client.get(f"/digests/{draft.id}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_digest_that_was_cancelled_stays_only_if_somebody_has_it(
    app: Whereas, db: Session, client: FlaskClient
) -> None:
    PersonFactory(zip="43215")
    world.columbus()
    issue = world.issue()
    actions.send(
        issue.id, actions.Sending(people=audience.count(audience.of(issue)).people, by_id=1)
    )
    db.commit()
    with app.app_context():
        engine.sweep()
    db.expire_all()
    assert client.get(f"/digests/{issue.id}").status_code == 200
    actions.cancel_rest(issue.id)
    db.commit()
    assert client.get(f"/digests/{issue.id}").status_code == 404
    assert f"/digests/{issue.id}" not in client.get("/digests/").text
    db.scalars(select(Delivery)).first().state = SendState.SENT
    db.commit()
    assert client.get(f"/digests/{issue.id}").status_code == 200


def test_the_page_has_spanish_words_where_there_are_some(db: Session, client: FlaskClient) -> None:
    issue = started(subject_es="Noviembre", introduction_es="Hola a todas")
    page = client.get(f"/es/digests/{issue.id}").text
    assert "Noviembre" in page
    assert "Hola a todas" in page
    assert "Noviembre" in client.get("/es/digests/").text
    assert "Noviembre" not in client.get("/digests/").text


def test_the_pages_take_as_many_statements_for_thirty_as_for_one(
    db: Session, client: FlaskClient
) -> None:
    issue = started()
    columbus = AllianceFactory()
    with count_statements() as for_one:
        client.get("/digests/")
        client.get(f"/digests/{issue.id}")
    for number in range(29):
        started()
        world.event(columbus, f"Evening {number}", days=number % 20 + 1)
    with count_statements() as for_thirty:
        client.get("/digests/")
        client.get(f"/digests/{issue.id}")
    assert len(for_thirty) == len(for_one) <= 6


def test_each_mail_links_to_its_page_unless_it_is_kept_off(db: Session) -> None:
    person = PersonFactory()
    public, private = world.issue(), world.issue(is_private=True)

    def text(issue: Issue, reader: Person) -> str:
        copy = world.copy_for(issue, reader)
        assert copy is not None
        return world.plain(copy.text) + world.plain(copy.html)

    assert text(public, person).count(f"http://localhost/digests/{public.id}") == 2
    assert "/digests/" not in text(private, person)
    person.language = "es"
    assert f"http://localhost/es/digests/{public.id}" in text(public, person)


def test_a_digest_for_some_is_kept_off_the_website_when_it_starts(
    app: Whereas, db: Session
) -> None:
    columbus = AllianceFactory()
    reader = member_of(columbus)
    chosen = tree.as_json(tree.members_of(columbus.id))
    issues = [world.issue(chosen=chosen), world.issue()]
    for issue in issues:
        people = audience.count(audience.of(issue)).people
        actions.send(issue.id, actions.Sending(people=people, by_id=reader.id))
    db.commit()
    with app.app_context():
        engine.sweep()
    db.expire_all()
    assert [issue.is_private for issue in issues] == [True, False]


def test_the_last_digest_is_copied_with_its_words_and_order(
    db: Session, client: FlaskClient
) -> None:
    first = world.issue(
        subject="October", sections=[["own", "pinned"]], introduction_es="Hola", is_private=True
    )
    first.scheduled_on = date(2026, 10, 1)
    first.created_at -= timedelta(days=30)
    db.flush()
    sign_in(client, staff_member())
    assert "Copy it" in client.get(f"/staff/digests/{first.id}").text
    answer = post(client, f"/staff/digests/{first.id}/copy", {})
    made = db.get_one(Issue, first.id + 1)
    assert answer.location == f"/staff/digests/{made.id}?done=digest-copied"
    kept = ("subject", "introduction", "introduction_es", "sections", "is_private", "every")
    assert [getattr(made, name) for name in kept] == [getattr(first, name) for name in kept]
    assert (made.mailing_id, made.scheduled_on, made.frozen_at, made.series, made.version) == (
        *(None, None, None, None),
        1,
    )


def test_the_spanish_words_and_the_choice_are_saved(db: Session, client: FlaskClient) -> None:
    issue = world.issue()
    sign_in(client, staff_member())
    typed = {
        "subject": "November",
        "introduction": "Hello",
        "subject_es": "Noviembre",
        "introduction_es": "Hola",
        "is_private": "y",
        "every": "monthly",
        "version": "1",
    }
    assert post(client, f"/staff/digests/{issue.id}/edit", typed).status_code == 303
    db.expire_all()
    assert (issue.subject_es, issue.introduction_es, issue.is_private) == (
        "Noviembre",
        "Hola",
        True,
    )
    page = client.get(f"/staff/digests/{issue.id}/edit").text
    assert 'value="Noviembre"' in page


def test_the_page_keeps_what_the_library_gave_on_the_day_it_went_out(
    db: Session, client: FlaskClient
) -> None:
    report = SourceFactory(title="A Report")
    point = TalkingPointFactory(
        key="states", claim="Nobody joined.", words="124 states are in.", source=report
    )
    issue = world.issue(scheduled_on=date(2026, 11, 21))
    items.freeze(issue)
    points.correct(point, "125 states are in.", "One more.", date(2026, 11, 21))
    AnalysisFactory(title="What came later")
    db.flush()

    page = client.get(f"/digests/{issue.id}").text

    assert "When people say: Nobody joined." in page
    assert "124 states are in." in page
    assert "A Report · As of Nov 21, 2026" in page
    assert 'href="/library/points/states"' in page
    assert "125 states" not in page
    assert "What came later" not in page


def test_a_copy_sent_late_tells_what_the_first_ones_told(db: Session) -> None:
    member = member_of(world.columbus(), zip="43215")
    TalkingPointFactory(words="The first one.")
    issue = world.issue()
    items.freeze(issue)
    AnalysisFactory(title="A new analysis")
    db.flush()
    copy = world.copy_for(issue, member)
    assert copy is not None
    text = world.plain(copy.text)
    assert "The first one." in text
    assert "A new analysis" not in text


def test_an_issue_without_the_section_keeps_nothing_of_the_library(
    db: Session, client: FlaskClient
) -> None:
    TalkingPointFactory()
    issue = world.issue(sections=[["library", "dropped"]])
    assert archive.from_library(issue) is None
    items.freeze(issue)
    assert issue.kept == {}
    assert "From the library" not in client.get(f"/digests/{issue.id}").text
