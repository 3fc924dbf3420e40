"""A text made one's own: begun from a model, filled in, with own clauses, within the limits."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.campaigns import model_texts, text_points, texts
from app.campaigns.body_models import Body, Instrument
from app.campaigns.clauses import Clause, ClauseKind
from app.campaigns.measure_models import Measure
from app.campaigns.model_texts import About
from app.campaigns.text_models import ModelText, TextVersion
from app.campaigns.texts import Draft
from tests.campaigns.councils import BodyFactory, BodyRuleFactory
from tests.campaigns.filled import form_of, words_of
from tests.campaigns.world import PREAMBLE, RESOLVED, campaign, with_text
from tests.factories import AllianceFactory, coordinator_of
from tests.library.world import TalkingPointFactory
from tests.signing_in import post, sign_in
from tests.statements import count_statements

PRE, OPE = ClauseKind.PREAMBULAR, ClauseKind.OPERATIVE


@pytest.fixture
def measure(client: FlaskClient, db: Session) -> Measure:
    """A campaign without a text; a coordinator of its alliance is signed in."""
    body: Body = BodyFactory(alliance__slug="columbus", name="Columbus City Council")
    sign_in(client, coordinator_of(body.alliance, name="Ana"))
    return campaign(body=body, title="Justice Day", year=2027)


@pytest.fixture
def model(db: Session) -> ModelText:
    parts = [
        Clause(PRE, "survivors live in [City]", source="https://example.org/survivors"),
        Clause(OPE, "the [Council] marks July 17, [Year], as [Sponsor] asks"),
    ]
    draft = Draft("Justice Day in [City]", parts)
    return model_texts.write(About(Instrument.RESOLUTION), draft, by_id=None)


def at(measure: Measure, page: str = "text/clauses") -> str:
    return f"/desk/columbus/campaigns/{measure.id}/{page}"


def newest(measure: Measure) -> TextVersion:
    found = texts.version(measure.id)
    assert found is not None
    return found


def test_a_model_is_filled_in_with_what_we_know(
    client: FlaskClient, measure: Measure, model: ModelText
) -> None:
    offer = client.get(at(measure, "text")).text
    assert f'href="{at(measure)}?model={model.slug}"' in offer
    page = client.get(f"{at(measure)}?model={model.slug}").text
    form = form_of(page)
    assert form["title"] == "Justice Day in Columbus"
    assert words_of(page) == [
        "survivors live in Columbus",
        "the Columbus City Council marks July 17, 2027, as [Sponsor] asks",
    ]
    assert 'name="slot_Sponsor"' in page
    assert 'name="slot_City"' not in page
    filled = post(client, at(measure), form | {"slot_Sponsor": "Ana Bell", "do": "fill"}).text
    assert words_of(filled)[1].endswith("as Ana Bell asks")
    assert "slot_Sponsor" not in filled
    saved = post(client, at(measure), form_of(filled) | {"do": "save"})
    assert saved.location.endswith(f"{at(measure, 'papers')}?done=campaign-clauses")
    kept = newest(measure)
    assert [each.source for each in kept.clauses] == ["https://example.org/survivors", ""]
    assert [each.id for each in model_texts.campaigns_of(model.id)] == [measure.id]


def test_what_was_typed_for_a_slot_is_put_in_by_saving_too(
    client: FlaskClient, measure: Measure, model: ModelText
) -> None:
    form = form_of(client.get(f"{at(measure)}?model={model.slug}").text)
    post(client, at(measure), form | {"slot_Sponsor": "Ana Bell", "do": "save"})
    assert newest(measure).clauses[1].words.endswith("as Ana Bell asks")


def test_own_clauses_are_added_and_marked(
    client: FlaskClient, measure: Measure, model: ModelText
) -> None:
    form = form_of(client.get(f"{at(measure)}?model={model.slug}").text)
    more = post(client, at(measure), form | {"do": "add", "add_kind": "preambular"}).text
    own = form_of(more) | {"words_1": "our library held a panel", "do": "save"}
    post(client, at(measure), own)
    assert [(each.words, each.local) for each in newest(measure).clauses] == [
        ("survivors live in Columbus", False),
        ("our library held a panel", True),
        ("the Columbus City Council marks July 17, 2027, as [Sponsor] asks", False),
    ]
    assert "our own words" in client.get(at(measure)).text
    again = form_of(client.get(at(measure)).text) | {"do": "save"}
    post(client, at(measure), again)
    kept = newest(measure)
    assert (kept.number, kept.model_version_id is not None) == (2, True)
    assert kept.clauses[1].local is True


def test_limits_are_said_while_writing_and_without_a_script(
    client: FlaskClient, measure: Measure
) -> None:
    BodyRuleFactory(
        body=measure.body, key="text_limits", value={"most_clauses": 1, "most_characters": 120}
    )
    page = client.get(at(with_text(measure))).text
    assert (
        "Limits: 1 of at most 1 WHEREAS clauses; 135 of at most 120 characters (too long)." in page
    )
    assert 'data-look="#limits"' in page
    form = form_of(page) | {"words_0": "it is July 17"}
    short = "Limits: 1 of at most 1 WHEREAS clauses; 102 of at most 120 characters."
    assert post(client, at(measure), form | {"do": "look"}).text.strip() == short
    assert short in post(client, at(measure), form | {"do": "check"}).text
    assert newest(measure).number == 1
    post(client, at(measure), form | {"do": "save"})
    assert short in client.get(at(measure, "papers")).text


def test_an_unknown_slot_is_refused_and_the_words_stay(
    client: FlaskClient, measure: Measure
) -> None:
    form = form_of(client.get(at(measure)).text) | {
        "words_0": "[Town] cares",
        "words_1": "so be it",
    }
    refused = post(client, at(measure), form | {"do": "save"})
    assert refused.status_code == 422
    assert "the place of [Town]. These are known: [City]," in refused.text
    assert words_of(refused.text) == ["[Town] cares", "so be it"]
    assert texts.version(measure.id) is None


def test_two_who_write_at_once_both_keep_their_words(client: FlaskClient, measure: Measure) -> None:
    mine = form_of(client.get(at(with_text(measure))).text) | {"words_0": "mine", "do": "save"}
    texts.save_version(measure, "Theirs", [RESOLVED], by_id=None)
    told = post(client, at(measure), mine)
    assert told.status_code == 409
    assert "Somebody saved version 2 meanwhile." in told.text
    assert words_of(told.text)[0] == "mine"
    assert post(client, at(measure), form_of(told.text) | {"do": "save"}).status_code == 303
    assert newest(measure).number == 3


def test_a_talking_point_becomes_a_clause_and_knows_it(
    client: FlaskClient, measure: Measure
) -> None:
    point = TalkingPointFactory(key="voice", words="Whoever takes part writes the law")
    form = form_of(client.get(at(with_text(measure))).text) | {"words_0": "", "point_0": "voice"}
    post(client, at(measure), form | {"do": "save"})
    assert newest(measure).clauses[0].words == "Whoever takes part writes the law"
    assert list(text_points.uses(text_points.of_measure(measure))) == [point.id]
    page = client.get("/library/points/voice").text
    assert f'<a href="{at(measure)}">Justice Day</a>' in page


def test_a_text_is_compared_with_its_model_and_with_what_was_adopted(
    client: FlaskClient, measure: Measure, model: ModelText
) -> None:
    form = form_of(client.get(f"{at(measure)}?model={model.slug}").text)
    post(client, at(measure), form | {"words_0": "many survivors live in Columbus", "do": "save"})
    page = " ".join(client.get(at(measure, "compare")).text.split())
    assert '<option value="model" selected>' in page
    assert "<ins>many</ins> survivors live in Columbus" in page
    assert "<del>" not in page
    whole = "WHEREAS, some survivors live in Columbus; and\n\nRESOLVED, that July 17 be marked."
    pasted = {"title": "As adopted", "words": whole, "adopted": "y"}
    post(client, at(measure, "text"), pasted)
    page = " ".join(client.get(at(measure, "compare")).text.split())
    assert '<option value="2" selected>Version 2 · adopted</option>' in page
    assert '<option value="1" selected>Version 1</option>' in page
    assert "<del>many</del> <ins>some</ins>" in page
    assert "<del>Justice Day in Columbus</del> <ins>As adopted</ins>" in page


def test_everybody_reads_the_text_as_it_was_adopted(client: FlaskClient, measure: Measure) -> None:
    texts.save_version(measure, "A draft", [PREAMBLE, RESOLVED], by_id=None)
    adopted = Clause(OPE, "Columbus marks the day each year")
    texts.save_version(measure, "As passed", [PREAMBLE, adopted], by_id=None, adopted=True)
    texts.save_version(measure, "For next year", [PREAMBLE, RESOLVED], by_id=None)
    for page in (f"/campaigns/{measure.slug}", at(measure, "")[:-1]):
        shown = client.get(page).text
        assert "As passed" in shown
        assert "As adopted" in shown
        assert "For next year" not in shown
    assert client.get(f"/campaigns/{measure.slug}/text.txt").text.startswith("As passed\n")
    assert client.get(at(measure, "text.txt")).text.startswith("For next year\n")


def test_after_the_vote_the_desk_asks_for_the_adopted_text(
    client: FlaskClient, measure: Measure
) -> None:
    desk, link = at(measure, "")[:-1], at(with_text(measure), "text?adopted=yes")
    assert link not in client.get(desk).text
    measure.counted = True
    assert link in client.get(desk).text
    page = client.get(link).text
    assert 'checked id="adopted"' in page
    form = form_of(page) | {"adopted": "y", "title": "As passed"}
    assert post(client, at(measure, "text"), form).status_code == 303
    assert (newest(measure).title, newest(measure).adopted) == ("As passed", True)
    assert link not in client.get(desk).text


def test_a_retired_model_is_not_begun_from_and_keeps_what_was(
    client: FlaskClient, measure: Measure, model: ModelText
) -> None:
    form = form_of(client.get(f"{at(measure)}?model={model.slug}").text) | {"do": "save"}
    model_texts.retire(model)
    assert model.slug not in client.get(at(measure, "text")).text
    assert client.get(f"{at(measure)}?model={model.slug}").status_code == 404
    assert post(client, at(measure), form).status_code == 303
    assert newest(measure).clauses[0].words == "survivors live in Columbus"
    assert '<option value="model"' in client.get(at(measure, "compare")).text


def test_the_version_of_another_text_is_no_model(client: FlaskClient, measure: Measure) -> None:
    other = newest(with_text(campaign(body=measure.body, title="Other")))
    form = form_of(client.get(at(measure)).text) | {"words_0": "one"}
    for number in (str(other.id), "999", "x"):
        post(client, at(measure), form | {"model_version": number, "do": "save", "base": "0"})
        assert newest(measure).model_version_id is None


def test_only_its_coordinators_write_it(client: FlaskClient, measure: Measure) -> None:
    AllianceFactory(slug="dayton")
    assert client.get(at(measure).replace("columbus", "dayton")).status_code == 404
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get(at(measure)).status_code == 404
    assert post(client, at(measure), {"do": "look"}).status_code == 404


def test_the_page_costs_the_same_with_two_and_with_forty_clauses(
    client: FlaskClient, measure: Measure
) -> None:
    with_text(measure)
    client.get(at(measure))
    with count_statements() as few:
        client.get(at(measure))
    texts.save_version(measure, "Long", [PREAMBLE, RESOLVED] * 20, by_id=None)
    for _point in range(30):
        TalkingPointFactory()
    client.get(at(measure))
    with count_statements() as many:
        assert len(words_of(client.get(at(measure)).text)) == 40
    assert len(many) == len(few)
