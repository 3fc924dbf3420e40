"""The message bank: written with a source, corrected in the open, its users told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.alliances.organization_models import Constituency
from app.foundation import clock, signals
from app.library import points, queries, reading_queries, search
from app.library.models import PointKind
from app.library.reading_models import Entry, PressState, ReadingMark
from app.mail.models import Message
from tests.factories import AllianceFactory, PersonFactory, coordinator_of, staff_member
from tests.library.world import AskFactory, SourceFactory, TalkingPointFactory
from tests.signing_in import post, sign_in
from tests.snapshots import assert_same

SNAPSHOTS = Path(__file__).parent / "snapshots"
TODAY = date(2026, 7, 17)


def test_a_point_is_shown_with_its_source_and_its_day(client: FlaskClient, db: Session) -> None:
    report = SourceFactory(title="A Report on Justice")
    TalkingPointFactory(
        words="Justice pays.", source=report, section="p. 4", as_of=date(2026, 7, 17)
    )
    TalkingPointFactory(words="Nobody says this.", withdrawn_at=clock.now())

    page = client.get("/library/points").text

    assert "Justice pays." in page
    assert "A Report on Justice, p. 4" in page
    assert "As of Jul 17, 2026" in page
    assert "Nobody says this." not in page


@pytest.mark.parametrize(
    ("draft", "refusal"),
    [
        (points.Draft("word " * 41, TODAY, link="https://example.org/"), points.TooManyWords),
        (points.Draft("Fine words.", TODAY), points.NoSource),
        (points.Draft("Answer.", TODAY, PointKind.RESPONSE, link="https://e.org/"), points.NoClaim),
    ],
)
def test_a_point_needs_a_source_and_few_words(
    db: Session, draft: points.Draft, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        points.write(draft)


def test_forty_words_are_fine_and_found_by_a_search(db: Session) -> None:
    words = "Justice " * 40
    point = points.write(points.Draft(words.strip(), TODAY, link="https://example.org/"))
    db.flush()

    assert search.find("justice").total == 1
    points.withdraw(point)
    db.flush()
    assert search.find("justice").total == 0


def test_points_for_an_audience_include_those_for_everybody(db: Session) -> None:
    everybody, veterans, bar = (TalkingPointFactory() for _ in range(3))
    points.set_audience(veterans, [Constituency.VETERANS])
    points.set_audience(bar, [Constituency.BAR])
    db.flush()

    assert set(db.scalars(queries.bank(Constituency.VETERANS))) == {everybody, veterans}


def test_a_point_says_for_whom_it_is_made(client: FlaskClient, db: Session) -> None:
    point = TalkingPointFactory()
    points.set_audience(point, [Constituency.BAR, Constituency.VETERANS])
    db.flush()

    page = client.get(f"/library/points/{point.key}")

    assert page.status_code == 200
    assert "Lawyers and bar associations, Veterans" in page.text


def test_a_corrected_point_tells_the_users_of_the_old_wording(db: Session) -> None:
    alliance = AllianceFactory(name="Columbus Alliance")
    picker = staff_member(name="Maria Lopez")
    coordinator_of(alliance, name="Sam Hill")
    point = TalkingPointFactory(key="states", words="106 states are members.")
    path = "/desk/columbus/campaigns/7"
    letter = points.Place("letter", 1, "Letter to the Dispatch", path, alliance.id)
    points.pick(point, letter, by=picker.id)
    points.pick(point, points.Place("clause", 7, "Resolution of 2027", "", alliance.id), by=None)

    told = points.correct(point, "125 states were members on January 1, 2025.", "Old.", TODAY)
    db.flush()

    assert told == 2
    mails = db.scalars(select(Message).order_by(Message.id)).all()
    assert len(mails) == 2
    assert_same(f"{mails[0].subject}\n\n{mails[0].text}", SNAPSHOTS / "corrected.txt")
    assert f'<a href="http://localhost{path}"' in mails[0].html
    assert "Letter to the Dispatch</a>" in mails[0].html
    assert "- Resolution of 2027\n" in mails[1].text
    assert [use.revision for use in queries.old_uses(point)] == [1, 1]
    points.pick(point, letter, by=picker.id)
    assert len(queries.old_uses(point)) == 1


def test_a_correction_follows_the_coordinators_when_whoever_picked_has_gone(db: Session) -> None:
    alliance = AllianceFactory()
    successor = coordinator_of(alliance, name="Sam Hill")
    still_there, gone = coordinator_of(alliance, name="Kim Cole"), PersonFactory()
    point = TalkingPointFactory(words="106 states are members.")
    for number, picker in enumerate((still_there, gone)):
        place = points.Place("visit", number, f"Visit {number}", "", alliance.id)
        points.pick(point, place, by=picker.id)

    told = queries.readers_of(queries.uses(point.id))

    assert [(reader.id, [use.where for use in uses]) for reader, uses in told] == [
        (successor.id, ["Visit 1"]),
        (still_there.id, ["Visit 1", "Visit 0"]),
    ]


def test_the_same_words_are_no_correction(db: Session) -> None:
    point = TalkingPointFactory()

    assert points.correct(point, point.words, "No reason.", TODAY) == 0
    kept = queries.point_with_wordings(point.key)
    assert kept is not None
    assert (kept.revision, kept.wordings) == (1, [])


def test_staff_correct_a_point_and_forty_one_words_are_refused(
    client: FlaskClient, db: Session
) -> None:
    point = TalkingPointFactory(key="old", words="Old words.")
    sign_in(client, staff_member())
    path = "/staff/library/points/old"
    answers = {"why": "Better.", "as_of": "2026-07-17"}

    refused = post(client, path, {**answers, "words": "word " * 41})
    done = post(client, path, {**answers, "words": "New words."})
    db.refresh(point)

    assert refused.status_code == 422
    assert "Please use at most 40 words; these are 41." in refused.text
    assert done.status_code == 303
    assert (point.words, point.revision) == ("New words.", 2)


def test_staff_write_a_point_that_needs_a_source_or_a_link(
    client: FlaskClient, db: Session
) -> None:
    SourceFactory(key="report")
    ask = AskFactory(follows__code="R 1")
    sign_in(client, staff_member())
    path = "/staff/library/points/new"
    words = {"kind": "point", "words": "Courts work.", "as_of": "2026-07-17", "source_key": ""}

    assert "Please name a source or give a link." in post(client, path, words).text
    response = {**words, "kind": "response", "source_key": "report"}
    assert "Please say what it answers." in post(client, path, response).text
    done = post(
        client, path, {**words, "source_key": "report", "audience": ["bar"], "ask_id": ask.id}
    )

    assert done.location.startswith("/library/points/courts-work")
    [point] = db.scalars(queries.bank(Constituency.BAR))
    assert queries.audiences([point.id]) == {point.id: ["bar"]}
    assert "Courts work." in client.get("/library/recommendations/r-1").text


def test_uses_are_for_staff_and_for_those_who_use_it(client: FlaskClient, db: Session) -> None:
    point, alliance = TalkingPointFactory(key="point"), AllianceFactory()
    ours = points.Place("visit", 1, "Visit to the mayor", "", alliance.id)
    points.pick(point, ours, by=None)
    theirs = points.Place("visit", 2, "Visit elsewhere", "", AllianceFactory().id)
    points.pick(point, theirs, by=None)

    assert "Visit" not in client.get("/library/points/point").text
    sign_in(client, coordinator_of(alliance))
    page = client.get("/library/points/point").text
    assert "Visit to the mayor" in page
    assert "Visit elsewhere" not in page
    sign_in(client, staff_member())
    assert "Visit elsewhere" in client.get("/library/points/point").text


def test_a_letter_to_the_editor_answers_with_a_point(client: FlaskClient, db: Session) -> None:
    point = TalkingPointFactory(key="answer", words="The Court steps in last.")
    writer = staff_member(name="Ana Writer")
    sign_in(client, staff_member(name="Joe Reader"))
    path = "/staff/library/press"
    seen = {"outlet": "The Dispatch", "title": "Court out of bounds", "seen_on": "2026-07-17"}

    assert post(client, path, {**seen, "point": "answer"}).status_code == 303
    [(item, _nobody)] = reading_queries.press()
    assert item.correction == "The Court steps in last."
    assert [use.where for use in queries.uses(point.id)] == ["The Dispatch: Court out of bounds"]
    taken = post(client, f"{path}/{item.id}", {"state": "taken"}, person=writer)
    assert taken.status_code == 303
    assert [reader.name for reader, _uses in queries.readers_of(queries.uses(point.id))] == [
        "Ana Writer"
    ]
    assert "Writer: Ana Writer" in client.get(path).text
    assert post(client, f"{path}/{item.id}", {"state": "nonsense"}).status_code == 422
    erasure.erase(writer)
    db.refresh(item)
    assert (item.writer_id, item.state) == (None, PressState.SEEN)


def test_one_person_from_two_records_reads_what_either_wanted(db: Session) -> None:
    kept, gone = PersonFactory(), PersonFactory()
    for key in ("a", "b"):
        points.write(points.Draft(f"Words {key}.", TODAY, link="https://e.org/"), key=key)
    db.flush()
    first, second = db.scalars(select(Entry.id).order_by(Entry.id))
    for person, entry in ((kept, first), (gone, first), (gone, second)):
        mark = ReadingMark(person_id=person.id, entry_id=entry, marked_at=clock.now())
        db.add(mark)
    db.flush()

    signals.person_merged.send(gone.id, into_id=kept.id)

    marks = select(ReadingMark.person_id, func.count()).group_by(ReadingMark.person_id)
    assert db.execute(marks).all() == [(kept.id, 2)]
