"""What the tests of accounts share: places, and an inbox that reads the outbox."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mail.models import Message
from tests.factories import seed_places

JOINING = {"email": "ana@example.org", "name": "Ana", "place": "43215", "digest": "weekly"}
PASSWORD = "seven quiet lanterns"


@dataclass(frozen=True)
class Mail:
    """A message as its reader sees it."""

    kind: str
    email: str
    text: str

    @property
    def link(self) -> str:
        return re.findall(r"https?://[^/\s]+(\S*/confirm/\S+)", self.text)[0]

    @property
    def code(self) -> str:
        return re.findall(r"\b\d{6}\b", self.text.split("page that is still open")[1])[0]


class Inbox:
    """What was posted, oldest first."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def all(self) -> list[Mail]:
        self.session.commit()  # a new transaction sees what requests wrote
        rows = self.session.scalars(select(Message).order_by(Message.id))
        return [Mail(row.kind.removeprefix("accounts/"), row.email, row.text) for row in rows]

    def kinds(self) -> list[str]:
        return [mail.kind for mail in self.all()]

    def last(self) -> Mail:
        return self.all()[-1]


@pytest.fixture
def inbox(db: Session) -> Inbox:
    return Inbox(db)


@pytest.fixture(autouse=True)
def _places(request: pytest.FixtureRequest) -> None:
    if "database_url" in request.fixturenames:
        seed_places(request.getfixturevalue("db"))
