"""Model texts: written by clause, nothing typed is lost, and retiring one takes nothing away."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.campaigns import model_texts, text_points, texts
from app.campaigns.body_models import Instrument
from app.campaigns.clauses import Clause, ClauseKind
from app.campaigns.model_texts import About
from app.campaigns.text_models import ModelText
from app.campaigns.texts import Draft
from app.foundation import clock
from app.library import points
from app.library.models import PointUse
from seeds import library
from seeds import model_texts as seeded
from tests.campaigns.filled import form_of, words_of
from tests.campaigns.world import campaign
from tests.factories import AllianceFactory, coordinator_of, staff_member
from tests.library.world import TalkingPointFactory
from tests.signing_in import post, sign_in
from tests.statements import count_statements

NEW = "/staff/model-texts/new"
PRE = Clause(ClauseKind.PREAMBULAR, "July 17 is the day of the Court")
OPE = Clause(ClauseKind.OPERATIVE, "the [Council] marks it in [Year]")


@pytest.fixture
def staff(client: FlaskClient, db: Session) -> FlaskClient:
    sign_in(client, staff_member())
    return client


def model(title: str = "Justice Day", parts: tuple[Clause, ...] = (PRE, OPE)) -> ModelText:
    return model_texts.write(About(Instrument.RESOLUTION), Draft(title, parts), by_id=None)


def test_staff_write_a_text_clause_by_clause(staff: FlaskClient, db: Session) -> None:
    TalkingPointFactory(key="nuremberg", words="Americans led.", link="https://example.org/n")
    form = form_of(staff.get(NEW).text) | {"title": "Justice Day in [City]"}
    form |= {"words_0": "It is July 17", "words_1": "the [Council] marks it"}
    form |= {"do": "add", "add_kind": "preambular"}
    added = post(staff, NEW, form)
    assert (added.status_code, words_of(added.text)) == (
        200,
        ["It is July 17", "", "the [Council] marks it"],
    )
    answer = post(staff, NEW, form_of(added.text) | {"point_1": "nuremberg", "do": "save"})
    assert answer.location.endswith("/staff/model-texts/justice-day-in-city?done=model-text-saved")
    page = staff.get(answer.location).text
    assert words_of(page) == ["It is July 17", "Americans led.", "the [Council] marks it"]
    assert form_of(page)["source_1"] == "https://example.org/n"
    assert "Version 1 of" in page


def test_clauses_are_moved_and_taken_out_without_saving(staff: FlaskClient, db: Session) -> None:
    other = Clause(ClauseKind.PREAMBULAR, "survivors live among us")
    path = f"/staff/model-texts/{model(parts=(PRE, other, OPE)).slug}"
    form = form_of(staff.get(path).text)
    up = post(staff, path, form | {"do": "up-1"}).text
    assert words_of(up) == [other.words, PRE.words, OPE.words]
    down = post(staff, path, form_of(up) | {"do": "down-0"}).text
    assert words_of(down) == [PRE.words, other.words, OPE.words]
    assert words_of(post(staff, path, form | {"do": "remove-1"}).text) == [PRE.words, OPE.words]
    for nonsense in ("up-0", "down-1", "remove-9", "down-x", "fly-1"):
        same = post(staff, path, form | {"do": nonsense}).text
        assert words_of(same) == [PRE.words, other.words, OPE.words]
    assert len(texts.versions_of_model(db.scalars(select(ModelText.id)).one())) == 1


def test_an_unknown_slot_is_refused_with_its_name_and_the_known_ones(
    staff: FlaskClient, db: Session
) -> None:
    path = f"/staff/model-texts/{model().slug}"
    form = form_of(staff.get(path).text) | {"words_0": "[Town] cares", "note": "Shorter"}
    refused = post(staff, path, form | {"do": "save"})
    assert refused.status_code == 422
    assert "We do not know what to put in the place of [Town]." in refused.text
    assert "These are known: [City], [County]," in refused.text
    assert words_of(refused.text) == ["[Town] cares", OPE.words]
    assert form_of(refused.text)["note"] == "Shorter"
    title = post(staff, path, form | {"words_0": "x", "title": "In [Ward]", "do": "save"})
    assert "the place of [Ward]" in title.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"point_0": "no-such-point"}, "There is no talking point with this name."),
        ({"words_0": "", "words_1": ""}, "Please write at least one clause."),
        ({"title": ""}, "Please fill this in."),
        ({"source_url": "nonsense"}, "Please give a link that begins with https://"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    staff: FlaskClient, db: Session, typed: dict[str, str], sentence: str
) -> None:
    path = f"/staff/model-texts/{model().slug}"
    form = form_of(staff.get(path).text) | {"about": "For councils"} | typed
    refused = post(staff, path, form | {"do": "save"})
    assert refused.status_code == 422
    assert sentence in refused.text
    assert {name: form_of(refused.text)[name] for name in form} == form


def test_whoever_saves_second_is_told_and_keeps_their_words(
    staff: FlaskClient, db: Session
) -> None:
    kept = model()
    path = f"/staff/model-texts/{kept.slug}"
    mine = form_of(staff.get(path).text) | {"words_0": "mine", "do": "save"}
    texts.save_model(kept, Draft("Theirs", [OPE]), by_id=None)
    told = post(staff, path, mine)
    assert told.status_code == 409
    assert "Somebody saved version 2 meanwhile." in told.text
    assert words_of(told.text) == ["mine", OPE.words]
    assert post(staff, path, form_of(told.text) | {"do": "save"}).status_code == 303
    assert [each.number for each in texts.versions_of_model(kept.id)] == [3, 2, 1]


def test_versions_are_compared_clause_by_clause(staff: FlaskClient, db: Session) -> None:
    kept = model()
    compare = f"/staff/model-texts/{kept.slug}/compare"
    assert staff.get(compare).status_code == 404
    changed = Clause(ClauseKind.OPERATIVE, "the [Council] marks it each year in [Year]")
    texts.save_model(kept, Draft("Justice Day", [PRE, changed]), by_id=None)
    page = staff.get(compare).text
    assert "<ins>each year</ins>" in " ".join(page.split())
    assert "The clauses are the same." in staff.get(f"{compare}?old=2&new=2").text
    assert staff.get(f"{compare}?old=7").status_code == 404


def test_a_point_knows_the_texts_that_use_it(staff: FlaskClient, db: Session) -> None:
    point = TalkingPointFactory(key="states", words="125 states")
    kept = model(parts=(Clause(ClauseKind.PREAMBULAR, "125 states", point_id=point.id), OPE))
    path = f"/staff/model-texts/{kept.slug}"
    page = staff.get("/library/points/states").text
    assert f'<a href="{path}">Justice Day</a>' in page
    assert "worded anew since" not in staff.get(path).text
    points.correct(point, "126 states", "One more", clock.today())
    assert "Old wording" in staff.get("/library/points/states").text
    assert "worded anew since" in staff.get(path).text
    form = form_of(staff.get(path).text) | {"words_0": "126 states", "do": "save"}
    post(staff, path, form)
    assert "worded anew since" not in staff.get(path).text
    post(staff, path, form_of(staff.get(path).text) | {"point_0": "", "do": "save"})
    assert text_points.uses(text_points.of_model(kept)) == {}
    assert "Justice Day" not in staff.get("/library/points/states").text


def test_a_withdrawn_point_stays_where_it_was_picked(staff: FlaskClient, db: Session) -> None:
    point = TalkingPointFactory(key="old")
    kept = model(parts=(Clause(ClauseKind.PREAMBULAR, "Old words", point_id=point.id), OPE))
    points.withdraw(point)
    path = f"/staff/model-texts/{kept.slug}"
    page = staff.get(path).text
    assert "withdrawn" in page
    assert '<option value="old">' not in page
    assert post(staff, path, form_of(page) | {"do": "save"}).status_code == 303


def test_a_retired_text_is_offered_no_more_and_takes_nothing_away(
    staff: FlaskClient, db: Session
) -> None:
    kept = model()
    measure = campaign(title="Our resolution")
    version = texts.version_of_model(kept.id)
    assert version is not None
    draft = Draft("Ours", [PRE, OPE])
    texts.save(measure, draft, by_id=None, model_version_id=version.id)
    path = f"/staff/model-texts/{kept.slug}"
    assert "1 campaign began with it" in staff.get("/staff/model-texts").text
    assert "Our resolution" in staff.get(path).text
    assert post(staff, f"{path}/retire").status_code == 303
    assert "retired" in staff.get("/staff/model-texts").text
    assert model_texts.for_instrument(Instrument.RESOLUTION) == []
    ours = texts.version(measure.id)
    assert ours is not None
    assert [clause.words for clause in ours.clauses] == [PRE.words, OPE.words]
    assert post(staff, f"{path}/back").status_code == 303
    assert [each.slug for each in model_texts.for_instrument(Instrument.MOTION)] == [kept.slug]


@pytest.mark.parametrize("path", ["", "/new", "/justice-day", "/justice-day/compare"])
def test_model_texts_are_kept_by_staff_alone(client: FlaskClient, db: Session, path: str) -> None:
    model()
    sign_in(client, coordinator_of(AllianceFactory()))
    assert client.get(f"/staff/model-texts{path}").status_code == 403
    assert post(client, "/staff/model-texts/justice-day/retire").status_code == 403


def test_pages_cost_the_same_with_one_and_with_thirty(staff: FlaskClient, db: Session) -> None:
    kept = model()
    path = f"/staff/model-texts/{kept.slug}"
    for page in ("/staff/model-texts", path):
        staff.get(page)
    with count_statements() as one:
        staff.get("/staff/model-texts")
    with count_statements() as short:
        staff.get(path)
    for number in range(29):
        model(f"Text {number}")
        TalkingPointFactory()
    parts = [Clause(PRE.kind, f"line {number}") for number in range(30)]
    version = texts.save_model(kept, Draft("Long", parts), by_id=None)
    for number in range(30):
        draft = Draft("Ours", [PRE])
        measure = campaign(title=f"Campaign {number}")
        texts.save(measure, draft, by_id=None, model_version_id=version.id)
    staff.get("/staff/model-texts")
    with count_statements() as many:
        assert "30 campaigns began with it" in staff.get("/staff/model-texts").text
    with count_statements() as long:
        assert len(words_of(staff.get(path).text)) == 30
    assert (len(many), len(long)) == (len(one), len(short))


def test_the_programs_own_texts_are_put_in_once(db: Session) -> None:
    library.seed()
    assert seeded.seed() == 5
    kept = model_texts.all_kept()
    assert {(each.number, each.model.retired_at) for each in kept} == {(1, None)}
    used = select(func.count(PointUse.id)).where(PointUse.kind == text_points.MODEL)
    assert db.scalar(used) == 10
    first = kept[0].model
    texts.save_model(first, Draft("Staff's own title", [PRE]), by_id=None)
    assert seeded.seed() == 5
    assert first.title == "Staff's own title"
    assert len(model_texts.all_kept()) == 5
    assert db.scalar(used) == 5
