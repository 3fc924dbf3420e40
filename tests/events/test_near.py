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
        ("near=00000", []),
        ("near=abcde", []),
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
