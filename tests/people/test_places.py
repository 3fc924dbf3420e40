"""Where somebody lives, as people type it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.foundation import geo
from app.people.places import StateMissing, UnknownCity, place_of
from tests.factories import seed_places


@pytest.mark.parametrize(
    ("typed", "zip_code", "city"),
    [
        ("43215", "43215", "Columbus"),
        (" 43215-1234 ", "43215", "Columbus"),
        ("Columbus, OH", "43215", "Columbus"),
        ("columbus ohio", "43215", "Columbus"),
        ("Los Angeles, California", "90012", "Los Angeles"),
        ("43004 Columbus, OH", "43004", "Blacklick"),
        ("Columbus, OH 43215", "43215", "Columbus"),
        ("99999 Columbus, OH", "99999", "Columbus"),
        ("Columbus, OH, 99999", "99999", "Columbus"),
    ],
)
def test_a_place_is_found(db: Session, typed: str, zip_code: str, city: str) -> None:
    seed_places(db)
    found = place_of(typed)

    assert (found.zip, found.city) == (zip_code, city)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("4321", geo.WrongZip),
        ("432155", geo.WrongZip),
        ("1", geo.WrongZip),
        ("99999", geo.UnknownZip),
        ("99999,", geo.UnknownZip),
        ("99999 Atlantis, OH", UnknownCity),
        ("99999 Columbus", StateMissing),
        ("Columbus", StateMissing),
        ("Ohio", StateMissing),
        ("Atlantis, OH", UnknownCity),
        ("% OH", UnknownCity),
    ],
)
def test_what_is_no_place_says_why(db: Session, typed: str, error: type[Exception]) -> None:
    seed_places(db)
    with pytest.raises(error):
        place_of(typed)


def test_an_unknown_zip_code_is_not_added_to_the_places(db: Session) -> None:
    seed_places(db)
    place_of("99999 Columbus, OH")
    db.flush()

    assert db.get(geo.Place, "99999") is None
