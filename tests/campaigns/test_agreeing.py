"""That it passed: what a coordinator records counts once national staff agree."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.campaigns import exchange, measure_queries, moving, records, sponsor_words
from app.campaigns.body_models import Body
from app.campaigns.measure_models import Measure, Sponsorship
from app.campaigns.stages import Stage
from tests.campaigns.councils import BodyFactory
from tests.campaigns.world import campaign
from tests.factories import coordinator_of, staff_member
from tests.signing_in import post, sign_in

FINAL = {
    "final_on": "2026-11-02",
    "how": "no_executive_step",
    "official_document": "https://example.org/signed",
}


@pytest.fixture
def body(db: Session) -> Body:
    made: Body = BodyFactory(alliance__slug="columbus")
    return made


@pytest.fixture
def adopted(body: Body) -> Measure:
    return campaign(body=body, slug="justice", title="Justice Day", stage=Stage.ADOPTED)


def record_passed(client: FlaskClient, measure: Measure) -> str:
    """By the answer on its desk; the desk's address."""
    desk = f"/desk/columbus/campaigns/{measure.id}"
    filled = FINAL | {"version": str(measure.version)}
    assert post(client, f"{desk}/happened/final", filled).status_code == 303
    return desk


def test_what_a_coordinator_records_counts_once_staff_agree(
    client: FlaskClient, db: Session, body: Body, adopted: Measure
) -> None:
    sign_in(client, coordinator_of(body.alliance))
    desk = record_passed(client, adopted)
    db.refresh(adopted)
    assert (adopted.stage, adopted.verified, adopted.counted) == (Stage.FINAL, True, False)
    assert "Agree: it passed" not in client.get(desk).text
    assert post(client, f"{desk}/agree").status_code == 403
    assert "0 resolutions passed" in client.get("/campaigns/").text
    assert "Passed, being checked" in client.get("/campaigns/justice").text

    sign_in(client, staff_member())
    assert f'href="{desk}"' in client.get("/staff/renewals/2027").text
    assert "Agree: it passed" in client.get(desk).text
    assert post(client, f"{desk}/agree").location == f"{desk}?done=passed-agreed"
    db.refresh(adopted)
    assert (adopted.counted, adopted.awaits_agreement) == (True, False)
    assert "1 resolution passed in 1 place" in client.get("/campaigns/").text
    assert list(measure_queries.awaiting_agreement()) == []


def test_what_staff_record_counts_at_once(
    client: FlaskClient, db: Session, adopted: Measure
) -> None:
    sign_in(client, staff_member())
    record_passed(client, adopted)
    db.refresh(adopted)
    assert (adopted.counted, adopted.awaits_agreement) == (True, False)


def test_a_coordinators_correction_waits_too_and_ends_with_another_one(
    client: FlaskClient, db: Session, body: Body, adopted: Measure
) -> None:
    sign_in(client, coordinator_of(body.alliance))
    path = f"/desk/columbus/campaigns/{adopted.id}/correct"
    for stage, awaited in (("final", True), ("completed", True), ("scheduled", False)):
        told = {"stage": stage, "on": "", "reason": "Oversight", "version": adopted.version}
        assert post(client, path, told).status_code == 303
        db.refresh(adopted)
        assert (adopted.stage, adopted.awaits_agreement) == (stage, awaited)


def test_what_was_agreed_to_stays_so_in_later_stages(db: Session, adopted: Measure) -> None:
    version = {"version": adopted.version, "by_id": None}
    moving.correct(adopted, Stage.FINAL, "", "Passed", proposed=True, **version)
    records.agree(adopted)
    records.propose(adopted, Stage.TRANSMITTED, proposed=True)
    assert adopted.awaits_agreement is False


def test_an_export_says_that_it_waits(db: Session, adopted: Measure) -> None:
    version = {"version": adopted.version, "by_id": None}
    moving.correct(adopted, Stage.FINAL, "", "Passed", proposed=True, **version)
    assert exchange.case_of(adopted, exchange.Parts([adopted])).extras == {"awaits_agreement": True}
    db.flush()
    assert "became-law" not in exchange.as_ocd(public_only=False)

    records.agree(adopted)
    db.flush()
    assert "became-law" in exchange.as_ocd(public_only=False)


WORDS = {"words": "I bring it in for <b>all</b> of us.", "source": "https://example.org/minutes"}


def test_words_of_a_sponsor_are_public_once_staff_agree(
    client: FlaskClient, db: Session, body: Body, adopted: Measure
) -> None:
    row = Sponsorship(measure_id=adopted.id, name="Ana Díaz")
    db.add(row)
    db.flush()
    desk = f"/desk/columbus/campaigns/{adopted.id}/sponsors"
    path, public = f"{desk}/{row.id}/words", "/campaigns/justice/sponsors"
    shown = "I bring it in for &lt;b&gt;all&lt;/b&gt; of us."
    sign_in(client, coordinator_of(body.alliance))
    assert "Everything public has a source." in post(client, path, {"words": "Yes"}).text
    assert post(client, path, WORDS).location == f"{desk}?done=sponsor-words-wait"
    assert shown not in client.get(public).text
    waits = client.get(desk).text
    assert (shown in waits, "Agree: publish it" in waits) == (True, False)
    assert post(client, f"{path}/agree").status_code == 403

    sign_in(client, staff_member())
    listed = client.get("/staff/approvals").text
    assert "What a sponsor said, to be published: Ana Díaz" in listed
    assert f'href="{desk}"' in listed
    assert post(client, f"{path}/agree").location == f"{desk}?done=sponsor-words-kept"
    page = client.get(public).text
    assert f"<blockquote><p>{shown}</p></blockquote>" in page
    assert 'href="https://example.org/minutes"' in page
    assert "What a sponsor said, to be published" not in client.get("/staff/approvals").text


def test_changed_words_wait_again_and_staffs_own_do_not(db: Session, adopted: Measure) -> None:
    row = Sponsorship(measure_id=adopted.id, name="Ana Díaz")
    db.add(row)
    for words, proposed, public in (
        ("Yes.", True, False),
        ("Yes.", False, True),
        ("Yes.", True, True),
        ("Yes, again.", True, False),
        ("", True, False),
    ):
        sponsor_words.say(row, words, "By e-mail to us", proposed=proposed)
        assert (row.words, row.words_agreed) == (words, public)
    sponsor_words.agree(row)
    assert (row.words_agreed, row.words_source) == (False, "")


def test_another_campaigns_sponsor_is_not_found(
    client: FlaskClient, db: Session, body: Body, adopted: Measure
) -> None:
    row = Sponsorship(measure_id=campaign(slug="another").id, name="Lou Hill")
    db.add(row)
    db.flush()
    sign_in(client, coordinator_of(body.alliance))
    path = f"/desk/columbus/campaigns/{adopted.id}/sponsors/{row.id}/words"
    assert post(client, path, WORDS).status_code == 404
    assert row.words == ""


def test_what_was_recorded_as_passed_is_in_the_list_of_approvals(
    client: FlaskClient, db: Session, body: Body, adopted: Measure
) -> None:
    sign_in(client, coordinator_of(body.alliance))
    desk = record_passed(client, adopted)
    sign_in(client, staff_member())
    assert f'href="{desk}"' in client.get("/staff/approvals").text
