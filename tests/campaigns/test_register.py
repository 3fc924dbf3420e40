"""The public register: counting rule, filters, files, feed, frame, and its cost."""

from __future__ import annotations

import csv
import json
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.campaigns import records
from app.campaigns.body_models import Instrument
from app.campaigns.measure_models import Measure, SourceKind, Stance
from app.campaigns.stages import Stage
from app.foundation import clock, geo
from tests.campaigns.councils import BodyFactory, DivisionFactory
from tests.campaigns.world import MeasureFactory, campaign, with_text
from tests.statements import count_statements


def test_passed_is_final_with_a_source_and_what_we_oppose_never_counts(
    client: FlaskClient, db: Session
) -> None:
    campaign(stage=Stage.FINAL, title="Passed one")
    campaign(stage=Stage.COMPLETED, title="Opposed one", stance=Stance.OPPOSE)
    MeasureFactory(stage=Stage.FINAL, title="Without a source")
    campaign(stage=Stage.DRAFTING, title="Begun one")
    MeasureFactory(title="Secret one", published_at=None)
    page = client.get("/campaigns/").text
    assert "1 resolution passed in 1 place" in page
    assert "Opposed one" in page
    assert "We oppose it" in page
    assert "Secret one" not in page
    passed = client.get("/campaigns/?phase=passed").text
    assert "Passed one" in passed
    assert "Begun one" not in passed
    assert "Opposed one" not in passed


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage.FINAL, "Proclaimed"),
        (Stage.TRANSMITTED, "Proclaimed, copies sent"),
        (Stage.COMPLETED, "Proclaimed, all done"),
    ],
)
def test_a_proclamation_is_proclaimed_and_a_resolution_passed(
    client: FlaskClient, db: Session, stage: Stage, words: str
) -> None:
    issued = campaign(stage=stage, slug="issued", instrument=Instrument.PROCLAMATION)
    for page in (client.get("/campaigns/").text, client.get("/campaigns/issued").text):
        assert f">{words}</span>" in page
    with_text(issued)
    page = client.get("/campaigns/issued").text
    assert f">{words}</td>" in page
    assert "<h2>Proclaimed</h2>" in page
    assert "<b>PROCLAIMED</b>" in page
    campaign(stage=stage, slug="voted")
    assert f">{words.replace('Proclaimed', 'Passed')}</span>" in client.get("/campaigns/voted").text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=justice", {"Justice", "Mercy"}),
        ("q=0213x", {"Mercy"}),
        ("state=OH", {"Justice", "Mercy"}),
        ("state=CA", set()),
        ("year=2019", {"Mercy"}),
        ("phase=before", {"Mercy"}),
        ("instrument=proclamation", set()),
        ("q=100%25", set()),
    ],
)
def test_filters(client: FlaskClient, db: Session, asked: str, found: set[str]) -> None:
    campaign(title="Justice Day")
    campaign(title="Mercy and Justice", year=2019, stage=Stage.REFERRED, file_number="0213X-2019")
    page = client.get(f"/campaigns/?{asked}").text
    assert {name for name in ("Justice", "Mercy") if f">{name} " in page} == found


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_however_long_the_list(
    client: FlaskClient, db: Session, number: int
) -> None:
    body = BodyFactory()
    for each in range(number):
        campaign(body=body, title=f"Justice {each}", stage=Stage.FINAL, year=1990 + each)
    db.commit()
    with count_statements() as statements:
        page = client.get("/campaigns/")
    assert page.status_code == 200
    assert len(statements) <= 4
    without_map = page.text.split("<svg")[0] + page.text.rsplit("</svg>", 1)[-1]
    assert len(without_map.encode()) <= 12 * 1024


def test_the_first_page_is_small_with_long_titles_and_every_state(
    client: FlaskClient, db: Session
) -> None:
    for number, state in enumerate(geo.STATES):
        made = campaign(
            title="A resolution recognizing World Day for International Justice in our county",
            stage=Stage.FINAL,
            year=1990 + number,
        )
        made.us_state = state
    db.flush()

    page = client.get("/campaigns/").text

    before, map_and_list = page.split('<section class="side">')
    assert "Wyoming" in map_and_list
    assert len((before + map_and_list.split("</section>", 1)[1]).encode()) <= 12 * 1024


def test_many_records_are_searched_with_few_statements(client: FlaskClient, db: Session) -> None:
    body = BodyFactory()
    now = clock.now()
    db.execute(
        insert(Measure),
        [
            {
                "slug": f"m-{n}",
                "body_id": body.id,
                "title": f"Resolution {n}",
                "instrument": "resolution",
                "stage": "final",
                "year": 1990 + n % 38,
                "place": f"Town {n}",
                "us_state": "OH",
                "sought": f"resolution {n} town {n}",
                "counted": True,
                "published_at": now,
                "created_at": now,
                "updated_at": now,
            }
            for n in range(2_000)
        ],
    )
    db.commit()
    client.get("/campaigns/")
    with count_statements() as statements:
        page = client.get("/campaigns/?q=town+1999&state=OH").text
    assert len(statements) <= 4
    assert "Resolution 1999" in page
    assert "Resolution 1998" not in page


def test_files_and_feed(client: FlaskClient, db: Session) -> None:
    campaign(stage=Stage.FINAL, title="=Justice", file_number="0213X-2027")
    campaign(stage=Stage.SPONSORED, title="Begun")
    rows = client.get("/campaigns.csv").text.splitlines()
    assert len(rows) == 3
    assert any("'=Justice" in row for row in rows)
    assert all(",2026-11-01," in row for row in rows[1:])
    bills = json.loads(client.get("/campaigns.json").text)
    assert bills[0]["identifier"] == "0213X-2027"
    assert bills[0]["actions"][0]["classification"] == ["became-law"]
    assert bills[1]["extras"]["stages"] == [{"stage": "sponsored", "date": "2026-11-01"}]
    feed = ElementTree.fromstring(client.get("/campaigns.atom").text)  # noqa: S314  our own
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 2


def test_the_spreadsheet_names_the_sources_with_the_same_statements_for_all(
    client: FlaskClient, db: Session
) -> None:
    one = campaign(title="One")
    records.add_source(one, SourceKind.OTHER, "Minutes, page 2")
    records.add_source(one, SourceKind.OTHER, "https://example.org/a", url="https://example.org/a")
    costs = set()
    for _ in range(2):
        with count_statements() as statements:
            rows = list(csv.DictReader(client.get("/campaigns.csv").text.splitlines()))
        costs.add(len(statements))
        campaign()
    assert rows[-1]["Sources"] == (
        "The council's page https://example.org/file; Minutes, page 2; https://example.org/a"
    )
    assert len(costs) == 1


def test_open_data_and_the_widget_take_the_filters_of_the_register(
    client: FlaskClient, db: Session
) -> None:
    ames = DivisionFactory(id="ocd-division/country:us/state:ia/place:ames", state="IA")
    council = BodyFactory(division=ames)
    campaign(stage=Stage.FINAL, title="In Ohio")
    campaign(stage=Stage.FINAL, title="In Iowa", body=council)
    campaign(stage=Stage.DRAFTING, title="Begun in Iowa", body=council)
    bills = json.loads(client.get("/campaigns.json?state=IA").text)
    assert {bill["title"] for bill in bills} == {"In Iowa", "Begun in Iowa"}
    assert len(json.loads(client.get("/campaigns.json?state=none&year=x").text)) == 3
    widget = client.get("/campaigns/widget?state=IA").text
    assert "1 resolution passed" in widget
    assert "In Iowa" in widget
    assert "In Ohio" not in widget
    assert "/campaigns/widget?state=IA</code>" in widget
    assert "2 resolutions passed" in client.get("/campaigns/widget").text
    register = client.get("/campaigns/?state=IA").text
    for address in ("/campaigns.csv", "/campaigns.json", "/campaigns/widget"):
        assert f'href="{address}?state=IA"' in register


def test_other_sites_may_frame_the_widget_and_nothing_else(
    client: FlaskClient, db: Session
) -> None:
    campaign(stage=Stage.FINAL, title="Justice Day", counted=True)
    campaign(stage=Stage.WITHDRAWN, title="Given up")
    widget = client.get("/campaigns/widget")
    assert "1 resolution passed" in widget.text
    assert "Justice Day" in widget.text
    assert "Given up" not in widget.text
    assert '<link rel="icon"' in widget.text
    assert "frame-ancestors *" in widget.headers["Content-Security-Policy"]
    assert "<form" not in widget.text
    register = client.get("/campaigns/")
    assert "frame-ancestors 'none'" in register.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("root", "menu", "title"),
    [
        ("", "Campaigns", "Resolution campaigns"),
        ("/es", "Campañas", "Campañas por resoluciones"),
    ],
)
def test_menu_title_and_crumbs_have_the_same_word(
    client: FlaskClient, db: Session, root: str, menu: str, title: str
) -> None:
    shown = campaign(stage=Stage.DRAFTING)
    page = client.get(f"{root}/campaigns/").text
    assert f'aria-current="page">{menu}</a>' in page
    assert f"<h1>{title}</h1>" in page
    crumbs = f'<ul><li><a href="{root}/campaigns/">{menu}</a>'
    assert crumbs in client.get(f"{root}/campaigns/{shown.slug}").text
