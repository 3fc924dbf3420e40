"""The public list by distance: what is near a ZIP code, and quick among many."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import AllianceFactory, EventFactory, seed_places
from tests.statements import count_statements


def titles(html: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="[^"]*">([^<]*)</a>', html)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("near=43215&miles=25", ["Blacklick", "Columbus"]),
        ("near=44114&miles=100", ["Cleveland"]),
        ("near=43215", ["Blacklick", "Columbus"]),
        ("near=00000&q=columbus", ["Columbus"]),
        ("near=abcde&state=CA", ["Los Angeles"]),
        ("near=43215&kind=feast", ["Blacklick", "Columbus"]),
        ("near=43215&miles=25&q=columbus", ["Columbus"]),
    ],
)
def test_the_list_by_distance(
    client: FlaskClient, db: Session, query: str, found: list[str]
) -> None:
    seed_places(db)
    for code, city in (
        ("43215", "Columbus"),
        ("43004", "Blacklick"),
        ("44114", "Cleveland"),
        ("90012", "Los Angeles"),
    ):
        EventFactory(
            title=city, venue="Hall", city="", alliance=AllianceFactory(zip=code, name=city)
        )
    assert sorted(titles(client.get(f"/events/?{query}").text)) == found


def test_distance_costs_no_more_statements_for_many(client: FlaskClient, db: Session) -> None:
    seed_places(db)
    costs = []
    for number in (1, 19):
        EventFactory.create_batch(number)
        client.get("/events/?near=43215")
        with count_statements() as statements:
            client.get("/events/?near=43215&miles=25")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 4


@pytest.mark.parametrize("page", ["/events/", "/events/month/2027-07"])
@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("near=00000&q=x", "near", "We do not know this ZIP code."),
        ("near=abcde", "near", "We do not know this ZIP code."),
        ("kind=feast&q=x", "kind", "Not a valid choice."),
    ],
)
def test_what_cannot_narrow_a_list_is_said_beside_its_field(
    client: FlaskClient, db: Session, page: str, query: str, field: str, said: str
) -> None:
    EventFactory()
    html = client.get(f"{page}?{query}").text
    assert f'<p class="error" id="{field}-error">{said}</p>' in html
    assert f'aria-describedby="{field}-error"' in html
    if field == "near":
        assert f'value="{query.partition("=")[2].partition("&")[0]}"' in html
