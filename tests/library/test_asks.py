"""Staff write asks and situations; a campaign that pursues an ask is told of on its page."""

from __future__ import annotations

from io import BytesIO

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns.measure_models import Measure
from app.foundation import clock
from app.library import queries, reading_queries, search
from app.library.models import Ask, Recommendation
from app.library.reading_models import Situation
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, PersonFactory, coordinator_of, staff_member
from tests.library.world import AnalysisFactory, AskFactory, RecommendationFactory
from tests.signing_in import post, sign_in

ASK = {
    "title": "Join the Statute",
    "actor": "council_or_board",
    "target": "Your city council",
    "local_form": "Adopt a resolution that asks for it.",
    "as_of": "2026-07-17",
}
STEP = {"on": "2026-05", "stage": "trial", "note": "The trial began.", "link": ""}


def test_staff_write_a_request_that_follows_from_a_recommendation(
    client: FlaskClient, db: Session
) -> None:
    made: Recommendation = RecommendationFactory(code="X 1")
    sign_in(client, staff_member())
    assert "/staff/library/asks/new?for=x-1" in client.get("/library/recommendations/x-1").text
    page = client.get("/staff/library/asks/new?for=x-1").text
    assert f'<option selected value="{made.id}">' in page

    path = "/staff/library/asks/new"
    sent = post(client, path, {**ASK, "recommendation": str(made.id)})
    assert sent.location == "/library/recommendations/x-1?done=ask-written"
    assert "Adopt a resolution that asks for it." in client.get(sent.location).text
    assert post(client, path, {**ASK, "local_form": "", "recommendation": ""}).status_code == 422
    assert post(client, path, {**ASK, "recommendation": "999"}).status_code == 422

    [(ask, code)] = queries.asks()
    assert (ask.key, code) == ("join-the-statute", "X 1")
    changed = {**ASK, "recommendation": "", "target": "Your county board"}
    assert post(client, f"/staff/library/asks/{ask.key}", changed).status_code == 303
    assert "Your county board" in client.get("/staff/library/asks/").text
    assert client.get("/staff/library/asks/none").status_code == 404


def test_a_situation_and_its_timeline(client: FlaskClient, db: Session) -> None:
    sign_in(client, staff_member())
    told = {"name": "Atlantis", "stage": "referred", "summary": "An island.", "as_of": "2026-07-17"}
    path = "/staff/library/situations"
    assert post(client, f"{path}/new", told).location == (
        "/library/situations/atlantis?done=situation-written"
    )
    for step in (STEP, {**STEP, "on": "2025", "stage": "investigation"}):
        assert post(client, f"{path}/atlantis/step", step).status_code == 303
    assert "has this step on this date" in post(client, f"{path}/atlantis/step", STEP).text
    assert post(client, f"{path}/atlantis/step", {**STEP, "on": "May"}).status_code == 422

    found = db.scalars(select(Situation)).one()
    assert (found.stage, found.as_of) == ("trial", clock.today())
    assert [step.on for step in reading_queries.steps_of("atlantis")] == ["2025", "2026-05"]
    assert "The trial began." in client.get(f"{path}/atlantis/step").text
    changed = {**told, "name": "Atlantis Island", "stage": "trial"}
    assert post(client, f"{path}/atlantis", changed).status_code == 303
    assert search.find("island").total == 1


def test_corrections_and_attachments_of_an_analysis(client: FlaskClient, db: Session) -> None:
    AnalysisFactory(slug="paper", title="A paper")
    sign_in(client, staff_member())
    path = "/staff/library/analyses/paper"
    told = {"title": "A paper", "teaser": "Short.", "topics": "law", "as_of": "2026"}
    told["situation_key"] = ""

    fake = {**told, "correction": "", "document": (BytesIO(b"<html>"), "paper.pdf")}
    assert post(client, path, fake).status_code == 422
    assert post(client, path, {**told, "correction": "It was 124."}).status_code == 303
    page = client.get("/library/analyses/paper").text
    assert "It was 124." in page
    found = reading_queries.analysis("paper")
    assert found is not None
    assert [each.on for each in found.corrections] == [clock.today()]


def test_only_staff_write(client: FlaskClient, db: Session) -> None:
    sign_in(client, PersonFactory())

    for path in ("asks/", "asks/new", "situations/new"):
        assert client.get(f"/staff/library/{path}").status_code == 403


def test_a_campaign_that_pursues_a_request_is_told_of_where_it_is_recommended(
    client: FlaskClient, db: Session
) -> None:
    alliance = AllianceFactory(slug="columbus", name="Columbus Alliance")
    ask: Ask = AskFactory(follows=RecommendationFactory(code="X 1"))
    measure: Measure = campaign(
        alliance=alliance, title="A resolution", ask=ask, ask_id=ask.id, published_at=None
    )
    page = "/library/recommendations/x-1"
    assert "A resolution" not in client.get(page).text

    measure.published_at = clock.now()
    db.commit()
    assert f'href="/campaigns/{measure.slug}">A resolution' in client.get(page).text
    sign_in(client, coordinator_of(alliance))
    shown = client.get(page).text
    assert f"/desk/columbus/campaigns/new?ask={ask.id}" in shown
    form = client.get(f"/desk/columbus/campaigns/new?ask={ask.id}").text
    assert f'<option selected value="{ask.id}">X 1: {ask.title}</option>' in form


def test_a_campaign_says_which_request_it_pursues_to_everybody_and_on_its_desk(
    client: FlaskClient, db: Session
) -> None:
    alliance = AllianceFactory(slug="columbus")
    ask: Ask = AskFactory(title="Say July 17", follows=RecommendationFactory(code="X 1"))
    measure: Measure = campaign(alliance=alliance, slug="one", ask=ask, ask_id=ask.id)
    campaign(slug="other")
    link = 'href="/library/recommendations/x-1">Say July 17</a> <span class="soft">(X 1)</span>'

    assert link in client.get("/campaigns/one").text
    assert "It pursues a request" not in client.get("/campaigns/other").text
    sign_in(client, coordinator_of(alliance))
    assert link in client.get(f"/desk/columbus/campaigns/{measure.id}").text

    ask.follows = ask.recommendation_id = None
    db.flush()
    page = client.get("/campaigns/one").text
    assert "It pursues a request of our library: Say July 17</p>" in page
