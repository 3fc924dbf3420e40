"""Find by ZIP code: near first, honest when there is none, clear about typos."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.alliances.models import Joining, LifeCycle
from app.events.models import EventState
from app.foundation import clock
from tests.factories import AllianceFactory, EventFactory, PersonFactory, seed_places
from tests.signing_in import sign_in
from tests.statements import count_statements


@pytest.fixture(autouse=True)
def _places(db) -> None:
    seed_places(db)


def names(html: str) -> list[str]:
    return re.findall(r'<h2 id="alliance-\d+"><a href="[^"]+">([^<]+)</a>', html)


def test_the_nearest_three_are_shown_with_their_distance(client) -> None:
    for name, code in (("Columbus", "43215"), ("Cleveland", "44114"), ("Chicago", "60602")):
        AllianceFactory(name=name, zip=code)
    AllianceFactory(name="Seattle", zip="98104")

    html = client.get("/find?zip=43004").text

    assert names(html) == ["Columbus", "Cleveland", "Chicago"]
    assert "11 miles away" in html
    assert "Near Blacklick, OH" in html


def test_distances_agree_with_the_map(client) -> None:
    AllianceFactory(name="Chicago", zip="60602")

    html = client.get("/find?zip=10017").text

    assert "712 miles away" in html  # New York to Chicago, as the crow flies


def test_zip_plus_four_and_spaces_are_fine(client) -> None:
    AllianceFactory(name="Columbus")

    assert names(client.get("/find?zip=+43215-1234+").text) == ["Columbus"]


@pytest.mark.parametrize("typed", ["4321", "abc", "", "432155", "４３２１５x", "' OR 1=1"])
def test_a_wrong_zip_is_said_beside_the_field_and_kept(client, typed) -> None:
    response = client.get("/find", query_string={"zip": typed})

    assert response.status_code == 422
    assert 'aria-describedby="zip-error"' in response.text
    if typed:
        assert "A ZIP code has five digits" in response.text
        shown = typed.replace("'", "&#39;")
        assert f'value="{shown}"' in response.text


def test_an_unknown_zip_has_a_sentence_of_its_own(client) -> None:
    response = client.get("/find?zip=00000")

    assert response.status_code == 422
    assert "We do not know this ZIP code" in response.text
    assert 'value="00000"' in response.text


def test_far_from_all_the_page_says_so_and_what_to_do(client) -> None:
    AllianceFactory(name="Los Angeles", zip="90012")

    html = client.get("/find?zip=96813").text

    assert "There is no alliance within 100 miles of Honolulu yet." in html
    assert names(html) == ["Los Angeles"]
    assert 'href="/alliances/propose"' in html
    assert 'href="/join?zip=96813"' in html


def test_beyond_3000_miles_nothing_is_called_near(client) -> None:
    AllianceFactory(name="New York", zip="10017")

    html = client.get("/find?zip=96813").text

    assert names(html) == []
    assert "There is no alliance within 3,000 miles yet." in html


def test_the_own_states_alliance_comes_first_if_it_is_within_reach(client) -> None:
    AllianceFactory(name="Kentucky side", state="KY", latitude=39.97, longitude=-83.0)
    AllianceFactory(name="Ohio side", state="OH", latitude=40.5, longitude=-83.0)
    AllianceFactory(name="Far Ohio", state="OH", latitude=41.9, longitude=-83.0)

    html = client.get("/find?zip=43215").text

    assert names(html) == ["Ohio side", "Kentucky side", "Far Ohio"]


def test_what_lies_in_the_corner_of_a_box_does_not_hide_what_is_nearer(client) -> None:
    """Three in the corners of the 25-mile box are farther than one just outside its side."""
    for number, (up, across) in enumerate(((0.36, 0.46), (-0.36, 0.46), (0.36, -0.46))):
        AllianceFactory(name=f"Corner {number}", latitude=39.9671 + up, longitude=-83.0044 + across)
    AllianceFactory(name="North", latitude=39.9671 + 0.37, longitude=-83.0044)

    assert names(client.get("/find?zip=43215").text)[0] == "North"


def test_only_public_alliances_are_found(client) -> None:
    AllianceFactory(name="Proposed", life_cycle=LifeCycle.PROPOSED)
    AllianceFactory(name="Closed", life_cycle=LifeCycle.CLOSED)
    AllianceFactory(name="Forming", life_cycle=LifeCycle.FORMING)

    assert names(client.get("/find?zip=43215").text) == ["Forming"]


def test_each_alliance_shows_its_next_published_event(client) -> None:
    columbus = AllianceFactory(name="Columbus")
    EventFactory(
        alliance=columbus,
        title="Later",
        wall_start=clock.now().replace(tzinfo=None) + timedelta(days=20),
    )
    EventFactory(
        alliance=columbus,
        title="Sooner",
        wall_start=clock.now().replace(tzinfo=None) + timedelta(days=5),
    )
    EventFactory(
        alliance=columbus,
        title="Draft",
        state=EventState.DRAFT,
        wall_start=clock.now().replace(tzinfo=None) + timedelta(days=1),
    )

    html = client.get("/find?zip=43215").text

    assert "Sooner" in html
    assert "Later" not in html
    assert "Draft" not in html


def test_a_visitor_joins_from_here_and_a_member_goes_to_the_page(client) -> None:
    AllianceFactory(name="Columbus", slug="columbus")
    AllianceFactory(name="Cleveland", slug="cleveland", zip="44114", joining=Joining.MODERATED)

    visitor = client.get("/find?zip=43215").text
    assert 'href="/join?alliance=columbus&amp;zip=43215"' in visitor
    assert "See Cleveland" in visitor
    sign_in(client, PersonFactory())

    assert "/join?alliance=" not in client.get("/find?zip=43215").text


@pytest.mark.parametrize("number", [1, 30])
def test_four_statements_whatever_the_number_and_no_cookie(client, number) -> None:
    for _ in range(number):
        EventFactory()

    with count_statements() as statements:
        response = client.get("/find?zip=43215")

    assert len(statements) <= 4
    assert "Set-Cookie" not in response.headers
    assert len(response.text.encode()) <= 12_000


def test_without_a_zip_the_page_just_asks(client) -> None:
    response = client.get("/find")

    assert response.status_code == 200
    assert "error" not in response.text
