"""After adoption: the official copy, thanks, the press note, copies to Congress, next year."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import aftercare, moving, whip
from app.campaigns.aftercare_models import CongressCopy, Thanks
from app.campaigns.congress_models import Chamber, Legislator
from app.campaigns.measure_models import Measure, Sponsorship
from app.campaigns.stages import Stage
from app.work.models import ToDo, ToDoState
from tests.campaigns.councils import (
    BodyFactory,
    MeetingPatternFactory,
    SeatFactory,
    SeatTermFactory,
)
from tests.campaigns.world import campaign, with_text
from tests.factories import coordinator_of
from tests.signing_in import post, sign_in

NOW = datetime(2027, 6, 30, 16, tzinfo=UTC)
FINAL = {
    "final_on": "2027-06-29",
    "how": "no_executive_step",
    "official_document": "https://example.org/paper",
}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def measure(client: FlaskClient, db: Session) -> Measure:
    """What Columbus adopted yesterday, by the hand of its signed-in coordinator."""
    body = BodyFactory(alliance__slug="columbus", name="Columbus City Council")
    MeetingPatternFactory(body=body)
    ana = coordinator_of(body.alliance, name="Ana")
    sign_in(client, ana)
    made = with_text(
        campaign(
            body=body,
            title="Justice Day 2027",
            stage=Stage.ADOPTED,
            stage_on="2027-06-29",
            target_on=date(2027, 7, 17),
            owner_id=ana.id,
        )
    )
    db.add(Sponsorship(measure_id=made.id, name="Ada Bell", post="Council member"))
    db.flush()
    return made


def desk(measure: Measure) -> str:
    return f"/desk/columbus/campaigns/{measure.id}"


def finish(measure: Measure) -> None:
    moving.move(measure, Stage.FINAL, FINAL, version=measure.version, by_id=measure.owner_id)


def states(db: Session) -> dict[str, ToDoState]:
    db.flush()
    db.expire_all()
    return {each.key: each.state for each in db.scalars(select(ToDo)) if each.key}


MINIMAL = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>"
    b"endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)


def members(db: Session) -> None:
    for number, (name, chamber, state) in enumerate(
        (
            ("Jo Hill", Chamber.HOUSE, "OH"),
            ("Kim Lake", Chamber.SENATE, "OH"),
            ("Pat Far", Chamber.SENATE, "CA"),
        )
    ):
        db.add(
            Legislator(
                id=f"X{number}",
                name=name,
                chamber=chamber,
                state=state,
                district=3 if chamber == Chamber.HOUSE else None,
                since=date(2025, 1, 3),
                until=date(2029, 1, 3),
            )
        )
    db.flush()


def test_becoming_final_plans_what_comes_after(db: Session, measure: Measure) -> None:
    finish(measure)
    to_dos = db.scalars(select(ToDo).order_by(ToDo.due_on, ToDo.id)).all()
    assert {each.key for each in to_dos} == {
        "official-copy",
        "thanks",
        "press-note",
        "copies",
        "next-year",
    }
    assert {each.owner_id for each in to_dos} == {measure.owner_id}
    assert min(each.due_on for each in to_dos) > date(2027, 6, 30)


def test_once_all_is_done_only_next_year_is_left(db: Session, measure: Measure) -> None:
    finish(measure)
    done = {"thanked_on": "2027-06-30", "published_on": "2027-06-30"}
    moving.move(measure, Stage.COMPLETED, done, version=measure.version, by_id=measure.owner_id)
    assert states(db) == {
        "thanks": ToDoState.DONE,
        "press-note": ToDoState.DONE,
        "official-copy": ToDoState.DROPPED,
        "copies": ToDoState.DROPPED,
        "next-year": ToDoState.OPEN,
    }


def test_the_official_copy_is_public_and_verifies(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    finish(measure)
    public = f"/campaigns/{measure.slug}/official-copy.pdf"
    assert client.get(public).status_code == 404
    refused = post(
        client, f"{desk(measure)}/after/copy", {"document": (io.BytesIO(b"<html>"), "a.pdf")}
    )
    assert refused.status_code == 422
    assert "not a PDF" in refused.text
    for content in (MINIMAL, MINIMAL + b"\n"):
        kept = post(
            client, f"{desk(measure)}/after/copy", {"document": (io.BytesIO(content), "a.pdf")}
        )
        assert kept.status_code == 303
    assert states(db)["official-copy"] == ToDoState.DONE
    answer = client.get(public)
    assert (answer.mimetype, answer.data) == ("application/pdf", MINIMAL + b"\n")
    assert db.get_one(Measure, measure.id).verified
    page = client.get(f"/campaigns/{measure.slug}").text
    assert page.count(public) == 2


def test_a_drafts_copy_is_for_its_organizers(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    post(client, f"{desk(measure)}/after/copy", {"document": (io.BytesIO(MINIMAL), "a.pdf")})
    measure.published_at = None
    db.flush()
    public = f"/campaigns/{measure.slug}/official-copy.pdf"
    assert client.get(public).status_code == 200
    assert client.application.test_client().get(public).status_code == 404


def test_thanks_are_logged_and_those_left_are_named(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    finish(measure)
    assert aftercare.to_thank(measure) == ["Ada Bell", "Columbus City Council"]
    path = f"{desk(measure)}/after/thanks"
    assert post(client, path, {"thanks-name": "", "thanks-on": "2027-06-30"}).status_code == 422
    said = {"thanks-name": "ada bell", "thanks-on": "2027-06-30", "thanks-how": "A letter"}
    assert post(client, path, said).status_code == 303
    assert db.scalars(select(Thanks.on)).one() == date(2027, 6, 30)
    assert aftercare.to_thank(measure) == ["Columbus City Council"]
    assert states(db)["thanks"] == ToDoState.DONE
    page = client.get(f"{desk(measure)}/after").text
    assert "A letter" in page
    assert "Not thanked yet: Columbus City Council." in page


def test_copies_to_congress_are_noted_once_with_their_day(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    members(db)
    finish(measure)
    page = client.get(f"{desk(measure)}/after").text
    assert page.index("Senator Kim Lake") < page.index("Representative Jo Hill, district 3")
    assert "Pat Far" not in page
    path = f"{desk(measure)}/after/copies"
    said = {"copies-sent_on": "2027-06-30", "copies-how": "By mail"}
    assert post(client, path, said).status_code == 422
    assert post(client, path, said | {"copies-members": ["X2"]}).status_code == 422
    full = said | {"copies-members": ["X0", "X1"], "copies-others": "The ambassador\n"}
    for done in ("copies-noted", "copies-there"):
        assert post(client, path, full).location.endswith(f"?done={done}")
    sent = db.scalars(select(CongressCopy.name).order_by(CongressCopy.id)).all()
    assert sent == ["Jo Hill", "Kim Lake", "The ambassador"]
    assert states(db)["copies"] == ToDoState.DONE
    form = client.get(f"{desk(measure)}/happened/transmitted").text
    assert "Jo Hill\nKim Lake\nThe ambassador" in form
    moved = {
        "version": measure.version,
        "recipients": "Jo Hill\nKim Lake",
        "sent_on": "2027-06-30",
        "sending_method": "By mail",
    }
    post(client, f"{desk(measure)}/happened/transmitted", moved)
    assert "Jo Hill, Kim Lake" in client.get(f"/campaigns/{measure.slug}").text


def test_the_press_note_can_be_sent_as_it_is(db: Session, measure: Measure) -> None:
    measure.about = "The city remembers the victims."
    finish(measure)
    assert aftercare.press_note(measure).splitlines() == [
        "FOR IMMEDIATE RELEASE",
        "",
        "Columbus speaks up for international justice",
        "",
        "Columbus City Council has passed “Justice Day 2027” (June 29, 2027). "
        "It was sponsored by Ada Bell.",
        "",
        "The city remembers the victims.",
        "",
        "“[One sentence of somebody from Columbus]”",
        "",
        f"The text: http://localhost/campaigns/{measure.slug}",
        "",
        "Contact: [your name, phone and e-mail address]",
    ]


def test_the_press_note_tells_the_day_of_the_vote_after_copies_were_sent_too(
    db: Session, measure: Measure
) -> None:
    finish(measure)
    sent = {"recipients": "Ada", "sent_on": "2027-06-30", "sending_method": "by mail"}
    moving.move(measure, Stage.TRANSMITTED, sent, version=measure.version, by_id=measure.owner_id)
    assert "has passed “Justice Day 2027” (June 29, 2027)." in aftercare.press_note(measure)


def test_there_is_no_press_note_before_the_vote(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    assert "has passed" in client.get(f"{desk(measure)}/after").text
    measure.stage = Stage.SCHEDULED
    db.flush()
    page = client.get(f"{desk(measure)}/after").text
    assert "has passed" not in page.replace("once it has passed", "")
    assert "once it has passed" in page


def test_next_years_seed_is_shown_and_asked_for_with_one_button(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    finish(measure)
    seed = aftercare.next_year(measure)
    assert seed.day == date(2028, 7, 17)
    assert seed.begin_on is not None
    assert seed.begin_on < date(2028, 7, 1)
    page = client.get(f"{desk(measure)}/after").text
    assert "For Monday, July 17, 2028." in page
    asked = post(client, f"{desk(measure)}/renew", {})
    assert asked.status_code == 303
    new = db.scalars(select(Measure).where(Measure.prior_session_id == measure.id)).one()
    assert (new.title, new.year) == ("Justice Day 2028", 2028)
    public = client.get(f"/campaigns/{new.slug}").text
    assert f'href="/campaigns/{measure.slug}">2027</a>' in public


def test_what_passed_early_for_next_years_day_is_asked_for_again_the_year_after(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    measure.target_on = date(2028, 7, 17)
    finish(measure)
    assert measure.year == 2027
    assert post(client, f"{desk(measure)}/renew", {}).status_code == 303
    new = db.scalars(select(Measure).where(Measure.prior_session_id == measure.id)).one()
    assert (new.year, new.target_on) == (2029, date(2029, 7, 17))


def test_last_years_sponsor_fills_the_form_while_in_office(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    finish(measure)
    seat = SeatFactory(body=measure.body)
    SeatTermFactory(seat=seat, name="Ada Bell")
    post(client, f"{desk(measure)}/renew", {})
    new = db.scalars(select(Measure).where(Measure.prior_session_id == measure.id)).one()
    assert 'value="Ada Bell"' in client.get(f"{desk(new)}/happened/sponsored").text
    assert whip.holders(measure.body_id) == {seat.id: "Ada Bell"}


@pytest.mark.parametrize("stage", [Stage.FAILED, Stage.WITHDRAWN])
def test_what_ends_otherwise_leaves_nothing_to_do(
    db: Session, measure: Measure, stage: Stage
) -> None:
    measure.stage = Stage.SCHEDULED
    db.add(
        ToDo(
            alliance_id=measure.alliance_id,
            subject="campaign",
            subject_id=measure.id,
            key="comment",
            due_on=date(2027, 7, 1),
            created_at=NOW,
        )
    )
    db.flush()
    facts = {"ended_on": "2027-06-30", "ended_why": "Voted down", "withdrawn_by": "The sponsor"}
    moving.move(measure, stage, facts, version=measure.version, by_id=None)
    assert states(db) == {"comment": ToDoState.DROPPED}
