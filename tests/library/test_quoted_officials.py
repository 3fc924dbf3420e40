"""Who publishes what an official said (a sponsor of a resolution, say): national staff alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.people.models import Person
from tests.factories import (
    AllianceFactory,
    administrator,
    coordinator_of,
    member_of,
    staff_member,
)
from tests.signing_in import post, sign_in

URL = "/staff/library/statements/new"
SAID = {
    "organization": "Columbus City Council",
    "officer": "Council member Ada Okafor",
    "on": "2027-07",
    "quotation": "We stand with the victims.",
    "link": "https://example.org/minutes",
}
ROLES: dict[str, Callable[[], Person]] = {
    "member": lambda: member_of(AllianceFactory()),
    "coordinator": lambda: coordinator_of(AllianceFactory()),
    "administrator": administrator,
    "staff": staff_member,
}


@pytest.mark.parametrize(
    ("role", "form", "sent", "published"),
    [
        ("visitor", 303, 401, False),
        ("member", 403, 403, False),
        ("coordinator", 403, 403, False),
        ("administrator", 403, 403, False),
        ("staff", 200, 303, True),
    ],
)
def test_only_staff_publish_what_an_official_said(
    client: FlaskClient, db: Session, role: str, form: int, sent: int, published: bool
) -> None:
    if role in ROLES:
        sign_in(client, ROLES[role]())
        db.commit()

    assert client.get(URL).status_code == form
    assert post(client, URL, SAID).status_code == sent
    assert ("We stand with the victims." in client.get("/library/statements").text) == published
