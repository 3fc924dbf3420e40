"""Records in and out: five real ones, all or nothing, and an export that changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.campaigns import cases, exchange, importing, moving, records
from app.campaigns.importing import Outcome
from app.campaigns.measure_models import (
    Measure,
    MeasureSource,
    SourceKind,
    Sponsorship,
    StageEntry,
    Stance,
)
from app.campaigns.stages import Stage
from app.campaigns.vote_models import Vote
from app.foundation.web import Whereas
from tests.campaigns.councils import DivisionFactory
from tests.campaigns.world import campaign

US = "ocd-division/country:us"
CASES: list[dict[str, Any]] = [
    {
        "id": "la-2015",
        "name": "Los Angeles, annual resolution",
        "division": f"{US}/state:ca/place:los_angeles",
        "sponsor_division": f"{US}/state:ca/place:los_angeles/council_district:2",
        "instrument": "resolution",
        "path": [["adopted", "2015-06-30"], ["final", "2015-06-30"]],
        "historical": True,
        "source": "amicc-home-page",
        "trap": "no year in the source",
    },
    {
        "id": "columbus-0213X-2019",
        "name": "To Recognize July 17th",
        "division": f"{US}/state:oh/place:columbus",
        "instrument": "commemoration",
        "file_number": "0213X-2019",
        "sponsors": 7,
        "path": [
            ["introduced", "2019-07-11"],
            ["scheduled", "2019-07-15"],
            ["adopted", "2019-07-17"],
            ["final", "2019-07-17"],
        ],
        "source": "columbus.legistar.com LegislationDetail ID=4061546",
    },
    {
        "id": "portland-2007-08",
        "name": "Mayor Tom Potter proclaims July 17",
        "division": f"{US}/state:or/place:portland",
        "instrument": "proclamation",
        "path": [["requested", "2008"], ["final", "2008-07"]],
        "renewal_of": "2007",
        "source": "aipdx.org 2008-07-28",
    },
    {
        "id": "ukiah-2012-41",
        "name": "Ukiah CA Resolution 2012-41",
        "division": f"{US}/state:ca/place:ukiah",
        "instrument": "resolution",
        "file_number": "2012-41",
        "path": [
            ["introduced", "2012"],
            ["scheduled", "2012-10-03"],
            ["adopted", "2012-10-03"],
            ["final", "2012-10-03"],
        ],
        "votes": {"yes": 5, "no": 0, "abstain": 0, "absent": 0, "seats": 5},
        "source": "records.cityofukiah.com",
    },
    {
        "id": "hres209-114",
        "name": "H.Res. 209 (114th)",
        "division": US,
        "instrument": "resolution",
        "file_number": "H.Res. 209",
        "stance": "oppose",
        "path": [["introduced", "2015-04-16"]],
        "source": "amicc-home-page",
    },
]
VOTE = {
    "vote_on": "2012-10-03",
    "vote_method": "roll_call",
    "vote_counts": "Ayes: 4; Noes: 1",
    "vote_result": "passed",
    "vote_requirement": "majority_of_members",
}


def run(app: Whereas, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["campaigns", *words])
    return result.exit_code, result.output


def test_real_records_are_loaded_shown_and_come_out_as_they_went_in(
    app: Whereas, client: FlaskClient, db: Session, tmp_path: Path
) -> None:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(CASES))
    code, said = run(app, "import", str(file))
    assert (code, said.splitlines()[0]) == (0, "row 1 la-2015: new")
    page = client.get("/campaigns/").text
    assert "4 resolutions passed in 4 places" in page
    assert all(case["name"] in page for case in CASES)
    columbus = db.scalars(select(Measure).where(Measure.file_number == "0213X-2019")).one()
    shown = client.get(f"/campaigns/{columbus.slug}").text
    assert "<dt>Sponsors</dt><dd>7</dd>" in shown
    assert "July 17, 2019" in shown
    assert (columbus.historical, columbus.verified, columbus.counted) == (True, False, True)
    code, exported = run(app, "export")
    assert json.loads(exported) == CASES
    again = tmp_path / "again.json"
    again.write_text(exported)
    code, said = run(app, "import", str(again))
    assert code == 0
    assert {line.rsplit(" ", 1)[1] for line in said.splitlines()} == {"unchanged"}


def test_csv_has_the_same_columns(app: Whereas, db: Session, tmp_path: Path) -> None:
    importing.load(CASES)
    db.commit()
    _code, exported = run(app, "export", "--format", "csv")
    assert list(cases.rows_of_csv(exported)[2]["path"]) == [
        ["requested", "2008"],
        ["final", "2008-07"],
    ]
    file = tmp_path / "cases.csv"
    file.write_text(exported)
    code, said = run(app, "import", str(file))
    assert code == 0
    assert {line.rsplit(" ", 1)[1] for line in said.splitlines()} == {"unchanged"}


def test_an_export_of_running_campaigns_changes_nothing(db: Session) -> None:
    measure = campaign(stage=Stage.REFERRED, stance=Stance.OPPOSE)
    rows = exchange.as_cases(public_only=False)
    assert [line.outcome for line in importing.load(rows)] == [Outcome.UNCHANGED]
    changed = [dict(rows[0]) | {"name": "Another title"}]
    [line] = importing.load(changed)
    assert (line.outcome, line.words) == (Outcome.WRONG, "a running campaign is not overwritten")
    assert measure.title != "Another title"


def test_one_bad_row_in_ten_thousand_keeps_everything_out(
    app: Whereas, db: Session, tmp_path: Path
) -> None:
    rows = [CASES[4] | {"id": f"row-{n}", "file_number": f"H.Res. {n}"} for n in range(10_000)]
    rows[6_999] = rows[6_999] | {"path": [["introduced", "2015-06-31"]]}
    file = tmp_path / "many.json"
    file.write_text(json.dumps(rows))
    code, said = run(app, "import", str(file))
    assert code == 1
    assert said.splitlines() == [
        "row 7000 row-6999: wrong (path: there is no day '2015-06-31')",
        "Error: nothing was imported",
    ]
    assert db.scalar(select(func.count(Measure.id))) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": ""}, "missing: id"),
        ({"id": "a b"}, "id 'a b': letters, digits, dots and dashes only"),
        ({"source": None}, "missing: source"),
        ({"division": "ocd-division/country:ca"}, "not an Open Civic Data id"),
        ({"division": f"{US}/state:CA"}, "not an Open Civic Data id"),
        ({"division": f"{US}/state:zz"}, "there is no such state"),
        ({"sponsor_division": f"{US}/state:zzz/place:x"}, "there is no such state"),
        ({"instrument": "decree"}, "instrument 'decree': one of"),
        ({"path": [["passed", "2015"]]}, "stage 'passed': one of"),
        ({"path": "adopted"}, "path: a list of [stage, date]"),
        ({"votes": {"aye": 5}}, "votes: each is one of absent, abstain,"),
        ({"votes": {"yes": -5}}, "votes.yes -5: not a whole number"),
        ({"sponsors": "seven"}, "sponsors 'seven': not a whole number"),
        ({"stance": "neutral"}, "stance 'neutral': one of support, oppose"),
        ({"year": 99999}, "year 99999: from 1776 to 2199"),
    ],
)
def test_each_wrong_row_says_why(db: Session, change: dict[str, Any], words: str) -> None:
    [line] = importing.load([CASES[3] | change])
    assert line.outcome == Outcome.WRONG
    assert words in line.words


def test_a_division_outside_of_the_official_list_is_refused(db: Session) -> None:
    DivisionFactory(state="CA", id=f"{US}/state:ca/place:los_angeles")
    outcomes = [line.outcome for line in importing.load(CASES[:1])]
    assert outcomes == [Outcome.NEW]
    [line] = importing.load(CASES[3:4])
    assert line.words == f"division {US}/state:ca/place:ukiah: not in the official list"


def test_a_file_number_twice_in_a_session_and_an_id_twice_are_refused(db: Session) -> None:
    lines = importing.load([CASES[3], CASES[3] | {"id": "other"}])
    assert [line.outcome for line in lines] == [Outcome.NEW, Outcome.WRONG]
    assert "another record's in this session" in lines[1].words
    for number in ("X-1", "x-1"):
        lines = importing.load([CASES[3] | {"id": number, "file_number": number}])
    assert [line.outcome for line in lines] == [Outcome.WRONG]
    [line] = importing.load([CASES[1], CASES[1]])
    assert line.words == "this id stands in an earlier row"


def test_days_out_of_order_warn_and_a_changed_row_replaces_the_past(db: Session) -> None:
    [line] = importing.load([CASES[4] | {"path": [["introduced", "2015-04"], ["final", "2014"]]}])
    assert (line.outcome, line.words) == (
        Outcome.NEW,
        "days out of order: 2014 comes after 2015-04",
    )
    [line] = importing.load([CASES[4]])
    assert line.outcome == Outcome.CHANGED
    assert [e.on for e in db.scalars(select(StageEntry))] == ["2015-04-16"]


@pytest.mark.parametrize("raw", ["{", '{"id": 1}', "[1]"])
def test_a_file_that_is_no_list_of_records_is_refused(
    app: Whereas, tmp_path: Path, raw: str
) -> None:
    file = tmp_path / "wrong.json"
    file.write_text(raw)
    assert run(app, "import", str(file))[0] == 1


def test_open_civic_data_knows_our_stages_that_have_a_word_there(app: Whereas, db: Session) -> None:
    importing.load(CASES)
    db.commit()
    bills = json.loads(run(app, "export", "--format", "ocd")[1])
    columbus = next(bill for bill in bills if bill["identifier"] == "0213X-2019")
    assert [action["classification"][0] for action in columbus["actions"]] == [
        "introduction",
        "passage",
        "became-law",
    ]
    assert columbus["extras"]["sponsor_count"] == 7
    assert columbus["extras"]["stages"] == [{"stage": "scheduled", "date": "2019-07-15"}]


@pytest.mark.parametrize(
    ("given", "official", "place"),
    [
        ("/state:ca/place:san_francisco", "/state:ca/county:san_francisco", "San Francisco"),
        ("/state:co/place:denver", "/state:co/county:denver", "Denver"),
        ("/state:dc", "/district:dc", "Washington"),
        ("/state:co/place:cañon_city", "/state:co/place:cañon_city", "Cañon City"),
        ("/state:ca", "/state:ca", "California"),
        ("/state:oh/county:franklin", "/state:oh/county:franklin", "Franklin County"),
        ("", "", "United States"),
    ],
)
def test_a_place_is_one_by_whichever_id_it_is_given(
    db: Session, given: str, official: str, place: str
) -> None:
    row = CASES[3] | {"division": US + given}
    assert [line.outcome for line in importing.load([row])] == [Outcome.NEW]
    assert [line.outcome for line in importing.load([row])] == [Outcome.UNCHANGED]
    measure = exchange.by_case_ids({"ukiah-2012-41"})["ukiah-2012-41"]
    assert (measure.place, measure.body.division_id) == (place, US + official)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"votes": {"yes": 9, "no": 3, "seats": 5}}, "votes: more than there are seats"),
        ({"votes": {"yes": 1, "no": 4}}, "votes: it passed without enough of them"),
        ({"votes": {"yes": 3, "absent": 1, "seats": 5}}, "votes: fewer than there are seats"),
    ],
)
def test_votes_that_do_not_add_up_warn(db: Session, change: dict[str, Any], words: str) -> None:
    [line] = importing.load([CASES[3] | change])
    assert (line.outcome, line.words) == (Outcome.NEW, words)


def test_what_people_added_to_a_record_outlives_a_corrected_row(db: Session) -> None:
    importing.load([CASES[3]])
    measure = db.scalars(select(Measure)).one()
    records.add_source(measure, SourceKind.OFFICIAL_COPY, "Scan", url="https://ukiah.example/41")
    [vote] = db.scalars(select(Vote))
    [line] = importing.load([CASES[3] | {"name": "Ukiah 2012-41", "source": "cityofukiah.com"}])
    assert line.outcome == Outcome.CHANGED
    assert (measure.title, measure.verified) == ("Ukiah 2012-41", True)
    sources = db.scalars(select(MeasureSource).order_by(MeasureSource.id))
    assert [each.title for each in sources] == ["cityofukiah.com", "Scan"]
    assert [each.id for each in db.scalars(select(Vote))] == [vote.id]


def test_what_people_noted_of_the_way_and_the_vote_is_not_overwritten(db: Session) -> None:
    importing.load([CASES[3]])
    measure = db.scalars(select(Measure)).one()
    records.enter(measure, Stage.RESCINDED, "2014", {}, by_id=None, correction="As the clerk says")
    db.delete(db.scalars(select(Vote)).one())
    moving.keep_vote(measure, VOTE)
    [line] = importing.load([CASES[3]])
    words = "people noted its path and votes here, and a row does not overwrite it"
    assert (line.outcome, line.words) == (Outcome.WRONG, words)
    path = [*CASES[3]["path"], ["rescinded", "2014"]]
    row = {key: value for key, value in CASES[3].items() if key != "votes"}
    [line] = importing.load([row | {"path": path, "own_status": "Rescinded"}])
    assert line.words == "own_status '' -> 'Rescinded'"
    assert db.scalars(select(Vote.counts)).one() == {"yes": 4, "no": 1}


def test_what_a_row_does_not_name_stays_and_what_it_changes_is_told(db: Session) -> None:
    known = {"session": "2012", "own_status": "Passed", "body": "Ukiah Board"}
    link = "https://records.ukiah.example/41"
    importing.load([CASES[3] | known | {"source": link, "trap": "by roll call"}])
    measure = db.scalars(select(Measure)).one()
    db.add(Sponsorship(measure_id=measure.id, name="Mari Rodin"))
    db.flush()
    row = {key: value for key, value in CASES[3].items() if key != "votes"}
    [line] = importing.load([row])
    kept = f"source {link} stays: 'records.cityofukiah.com' has no link"
    assert (line.outcome, line.words) == (Outcome.UNCHANGED, kept)
    line_of_csv = cases.rows_of_csv(cases.as_csv([row | {"file_number": "2012-42"}]))
    [line] = importing.load(line_of_csv)
    words = f"file_number '2012-41' -> '2012-42'; {kept}"
    assert (line.outcome, line.words) == (Outcome.CHANGED, words)
    [line] = importing.load(
        [row | {"session": "", "sponsor_division": US, "votes": {"yes": 4}, "source": link}]
    )
    assert line.words == (
        "file_number '2012-42' -> '2012-41'; session '2012' -> ''; votes"
        f" 'yes=5;no=0;abstain=0;absent=0;seats=5' -> 'yes=4'; sponsor_division '' -> '{US}'"
    )
    [after] = exchange.as_cases(public_only=False)
    told = {"votes": {"yes": 4}, "trap": "by roll call", "source": link, "sponsor_division": US}
    assert after | {"session": "2012"} == row | known | told
    assert "session" not in after
    sponsors = db.scalars(select(Sponsorship.name).order_by(Sponsorship.name))
    assert sponsors.all() == ["", "Mari Rodin"]


def test_a_source_beside_an_official_copy_comes_once(db: Session) -> None:
    importing.load([CASES[3]])
    measure = db.scalars(select(Measure)).one()
    db.execute(update(MeasureSource).values(kind=SourceKind.OFFICIAL_COPY))
    row = CASES[3] | {"source": "https://ukiah.example/41"}
    outcomes = [importing.load([row])[0].outcome for _time in range(2)]
    assert outcomes == [Outcome.CHANGED, Outcome.UNCHANGED]
    sources = db.scalars(select(MeasureSource.title).order_by(MeasureSource.id))
    assert sources.all() == ["records.cityofukiah.com", "https://ukiah.example/41"]
    assert measure.verified


def test_open_civic_data_tells_sources_without_a_link_apart(db: Session) -> None:
    importing.load([CASES[3]])
    measure = db.scalars(select(Measure)).one()
    records.add_source(measure, SourceKind.NEWS, "Journal", url="https://journal.example/1")
    [bill] = json.loads(exchange.as_ocd(public_only=True))
    assert bill["sources"] == [{"url": "https://journal.example/1", "note": "Journal"}]
    assert bill["extras"]["sources_without_link"] == ["records.cityofukiah.com"]


def test_csv_keeps_what_a_value_is_and_runs_nothing(db: Session) -> None:
    extras = {"n": 5, "said": "5", "list": [1, "a"], "when": None, "no": False, "sum": "=1+1"}
    rows = [CASES[4] | extras | {"name": "=HYPERLINK(1)", "own_status": "-"}]
    importing.load(rows)
    written = cases.as_csv(exchange.as_cases(public_only=False))
    assert "'=HYPERLINK(1)" in written
    assert ",'=1+1" in written
    assert list(cases.rows_of_csv(written)) == exchange.as_cases(public_only=False)
    assert exchange.as_cases(public_only=False) == rows


def test_no_database_meets_what_it_cannot_keep(app: Whereas, db: Session, tmp_path: Path) -> None:
    file = tmp_path / "marked.json"
    file.write_text("\ufeff" + json.dumps([CASES[3] | {"name": "a\x00b"}]))
    assert run(app, "import", str(file)) == (0, "row 1 ukiah-2012-41: new\n")
    assert db.scalars(select(Measure.title)).all() == ["ab"]
    file.write_text(json.dumps([CASES[3] | {"other": float("nan")}]))
    assert run(app, "import", str(file)) == (1, "Error: not JSON: NaN\n")
