"""Two people of one name, in a list or on a council: told apart by their seats, never merged."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.campaigns import council_queries as queries
from app.campaigns import roster_actions, rosters
from app.campaigns.body_models import Body
from app.foundation import clock
from tests.campaigns.councils import BodyFactory, SeatFactory, SeatTermFactory
from tests.factories import AllianceFactory, coordinator_of, seed_places
from tests.signing_in import post, sign_in

PLACES = {"Ward 1": "Ana Díaz", "Ward 2": "Lou Hill"}


@pytest.fixture
def council(db: Session) -> Body:
    seed_places(db)
    body: Body = BodyFactory(alliance=AllianceFactory())
    for label, name in PLACES.items():
        SeatTermFactory(seat=SeatFactory(body=body, label=label), name=name, until=None)
    return body


def sits(body: Body) -> list[tuple[str, str | None, str]]:
    """Seats in order, with the name and mail address of who sits there."""
    held = queries.seats_of(body, clock.today())
    return [
        (
            each.seat.label,
            each.holder and each.holder.name,
            each.holder.email if each.holder else "",
        )
        for each in held
    ]


def taken(body: Body, raw: str) -> list[tuple[str, bool]]:
    """What each row would do, and whether its name is said to be more than one person's."""
    harvest = rosters.read_people(raw)
    shown = roster_actions.changes(body, harvest.rows, clock.today())
    roster_actions.apply(body, harvest, clock.today())
    return [(change.effect, change.namesakes) for change in shown]


def test_a_name_twice_in_a_list_moves_nobody_out_of_their_seat(council: Body) -> None:
    listed = "Ana Díaz, Ward 1\nAna Díaz, Ward 2"
    assert taken(council, listed) == [("same", True), ("replaces", True)]
    assert sits(council) == [("Ward 1", "Ana Díaz", ""), ("Ward 2", "Ana Díaz", "")]
    assert taken(council, listed) == [("same", True), ("same", True)]


def test_of_two_on_a_council_each_is_corrected_in_their_own_seat(council: Body) -> None:
    SeatTermFactory(seat=SeatFactory(body=council, label="Ward 3"), name="Ana Díaz", until=None)
    listed = "Name,Seat,E-mail\nAna Díaz,Ward 1,one@example.gov\nANA DÍAZ,Ward 3,three@example.gov"
    assert taken(council, listed) == [("corrects", True), ("corrects", True)]
    assert [mail for _label, _name, mail in sits(council)] == [
        "one@example.gov",
        "",
        "three@example.gov",
    ]


def test_what_is_known_of_one_of_two_without_a_seat_is_nobody_s(council: Body) -> None:
    SeatTermFactory(seat=SeatFactory(body=council, label="At large"), name="Ana Díaz", until=None)
    before = sits(council)
    row = rosters.Row("Ana Díaz", "", email="ana@example.gov")
    [change] = roster_actions.changes(council, [row], clock.today())
    assert (change.effect, change.namesakes) == ("clashes", True)
    roster_actions.apply(council, rosters.Harvest(rows=[row]), clock.today())
    assert sits(council) == before


@pytest.mark.parametrize("seat", ["Ward 1", "At large"])
def test_one_line_twice_makes_no_second_seat(council: Body, seat: str) -> None:
    [_first, again] = taken(council, f"Ana Díaz, {seat}\nAna Díaz, {seat}")
    assert again == ("clashes", True)
    assert [label for label, _name, _mail in sits(council)].count(f"{seat} 2") == 0


def test_two_at_large_of_one_name_are_told_apart_by_their_ids(council: Body) -> None:
    rows = [rosters.Row("Bo Li", f"At large{n}", external_id=f"id{n}") for n in ("", " 2")]
    for effect in ("new_seat", "same"):
        shown = roster_actions.changes(council, rows, clock.today())
        assert [(each.effect, each.namesakes) for each in shown] == [(effect, True)] * 2
        roster_actions.apply(council, rosters.Harvest(rows=rows), clock.today())


def test_the_preview_says_that_there_are_two(client: FlaskClient, council: Body) -> None:
    sign_in(client, coordinator_of(council.alliance))
    list_of = f"/desk/{council.alliance.slug}/councils/{council.slug}/list"
    words = "Ana Díaz, Ward 1\nAna Díaz, Ward 2\nBo Li, Ward 3"
    page = post(client, list_of, {"words": words}).text
    assert page.count("More than one of this name: only the seat tells them apart") == 2
