"""The public list: everybody sees what is public, in few statements and few bytes."""

from __future__ import annotations

import csv
import io
import re

import pytest

from app.alliances.models import Joining, LifeCycle
from tests.factories import AllianceFactory
from tests.statements import count_statements


def page(client, url: str = "/alliances/") -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.text


def names(html: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]+">([^<]+)</a>', html)


def test_public_alliances_are_listed_by_name(client, db) -> None:
    for name in ("Cleveland", "columbus", "Athens"):
        AllianceFactory(name=name)

    assert names(page(client)) == ["Athens", "Cleveland", "columbus"]


@pytest.mark.parametrize("hidden", [LifeCycle.PROPOSED, LifeCycle.CLOSED])
def test_proposed_and_closed_alliances_are_not_listed(client, db, hidden) -> None:
    AllianceFactory(name="Secret", life_cycle=hidden)

    html = page(client)

    assert "Secret" not in html
    assert "No alliance yet" in html


def test_each_row_says_place_stage_and_way_of_joining(client, db) -> None:
    AllianceFactory(zip="85001", life_cycle=LifeCycle.FORMING, joining=Joining.MODERATED)

    html = page(client)

    assert "Phoenix, AZ" in html
    assert "Forming" in html
    assert "A coordinator says yes first" in html


def test_the_list_is_narrowed_by_words_and_state(client, db) -> None:
    AllianceFactory(name="Columbus Alliance")
    AllianceFactory(name="Bay Alliance", zip="90012")

    assert names(page(client, "/alliances/?q=COLUM")) == ["Columbus Alliance"]
    assert names(page(client, "/alliances/?q=los+ang")) == ["Bay Alliance"]
    assert names(page(client, "/alliances/?state=OH")) == ["Columbus Alliance"]
    assert "Nothing fits" in page(client, "/alliances/?q=%25")
    assert names(page(client, "/alliances/?sort=-name")) == ["Columbus Alliance", "Bay Alliance"]


def test_the_map_and_the_list_beside_it_count_the_same(client, db) -> None:
    for code in ("43215", "43215", "90012"):
        AllianceFactory(zip=code)

    html = page(client)

    assert "<title>Ohio: 2</title>" in html
    assert "<title>Texas: 0</title>" in html
    assert re.search(r'state=OH">Ohio</a><span class="num">2</span>', html)


@pytest.mark.parametrize("number", [1, 20, 200])
def test_four_statements_and_twelve_kilobytes_whatever_the_number(client, db, number) -> None:
    for _ in range(number):
        AllianceFactory()
    client.get("/alliances/")

    with count_statements() as statements:
        response = client.get("/alliances/")
    html = re.sub(r'<svg class="tiles".*?</svg>', "", response.text, flags=re.DOTALL)

    assert len(statements) <= 4
    assert len(html.encode()) <= 12_000
    assert "Set-Cookie" not in response.headers


def test_pages_follow_one_another(client, db) -> None:
    for number in range(45):
        AllianceFactory(name=f"Alliance {number:03}")

    first, last = names(page(client)), names(page(client, "/alliances/?page=3"))

    assert first[0] == "Alliance 000"
    assert last == [f"Alliance {number:03}" for number in range(40, 45)]


def test_the_file_holds_every_row_and_no_formula(client, db) -> None:
    for number in range(30):
        AllianceFactory(name=f"Alliance {number:02}", slug=f"a-{number:02}")
    AllianceFactory(name='=HYPERLINK("http://evil")', zip="90012", slug="evil")

    response = client.get("/alliances/?format=csv")
    rows = list(csv.DictReader(io.StringIO(response.text.lstrip("\ufeff"))))

    assert response.mimetype == "text/csv"
    assert len(rows) == 31
    assert rows[0]["Alliance"] == '\'=HYPERLINK("http://evil")'
    assert rows[1] == {
        "Alliance": "Alliance 00",
        "City": "Columbus",
        "State": "Ohio",
        "ZIP code": "43215",
        "Stage": "Active",
        "Joining": "Open to everybody",
        "Page": "http://localhost/alliances/a-00",
    }
