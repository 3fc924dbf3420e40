"""A coordinator says what the page says and how people join."""

from __future__ import annotations

import pytest

from app.alliances.models import Joining, LifeCycle
from tests.factories import AllianceFactory, coordinator_of, member_of
from tests.signing_in import post, sign_in

ANSWERS = {"description": "We meet **often**.", "joining": "moderated", "life_cycle": "dormant"}


@pytest.fixture
def columbus(client, db):
    alliance = AllianceFactory(slug="columbus", name="Columbus Alliance")
    sign_in(client, coordinator_of(alliance))
    return alliance


def test_what_is_saved_is_what_everybody_sees(client, columbus) -> None:
    response = post(client, "/desk/columbus/page", ANSWERS)

    assert response.location == "/alliances/columbus?done=alliance-saved"
    assert "We meet <strong>often</strong>." in client.get(response.location).text
    assert (columbus.joining, columbus.life_cycle) == (Joining.MODERATED, LifeCycle.DORMANT)


@pytest.mark.parametrize("life_cycle", ["closed", "proposed", "", "open"])
def test_nobody_closes_an_alliance_by_a_form(client, columbus, life_cycle) -> None:
    response = post(client, "/desk/columbus/page", ANSWERS | {"life_cycle": life_cycle})

    assert response.status_code == 422
    assert columbus.life_cycle == LifeCycle.ACTIVE


def test_a_megabyte_of_description_is_too_long_and_kept(client, columbus) -> None:
    response = post(client, "/desk/columbus/page", ANSWERS | {"description": "x" * 1_000_000})

    assert response.status_code == 422
    assert "Please use at most 20,000 characters." in response.text
    assert "x" * 1_000_000 in response.text
    assert columbus.description == ""


def test_name_and_place_are_not_on_the_form(client, columbus) -> None:
    post(client, "/desk/columbus/page", ANSWERS | {"name": "Mine", "slug": "mine", "zip": "90012"})

    assert (columbus.name, columbus.slug, columbus.zip) == (
        "Columbus Alliance",
        "columbus",
        "43215",
    )


def test_members_and_others_do_not_edit(client, columbus, db) -> None:
    other = coordinator_of(AllianceFactory())

    assert (
        post(client, "/desk/columbus/page", ANSWERS, person=member_of(columbus)).status_code == 403
    )
    assert post(client, "/desk/columbus/page", ANSWERS, person=other).status_code == 404
    assert columbus.description == ""


def test_a_closed_alliance_has_no_page_to_edit(client, columbus) -> None:
    columbus.life_cycle = LifeCycle.CLOSED

    assert client.get("/desk/columbus/page").status_code == 404
