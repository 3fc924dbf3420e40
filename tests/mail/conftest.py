"""What tests of the engine share: an app whose relay is the test's own server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.foundation.db import db as session
from app.foundation.web import Whereas
from tests.apps import Apps
from tests.services.imap import ImapServer
from tests.services.smtp import SmtpServer


@pytest.fixture
def mailing_app(settings: dict[str, str], apps: Apps, smtp_server: SmtpServer) -> Iterator[Whereas]:
    """The application, with small batches, sending to `smtp_server`."""
    small = {"BATCH_SIZE": "10", "SMTP_TIMEOUT": "2", "DOUBT_WAIT_SECONDS": "0"}
    with apps.lend(settings | small | {"SMTP_URL": smtp_server.url}) as app:
        yield app


@pytest.fixture
def mail_db(mailing_app: Whereas) -> Iterator[Session]:
    """The session of a test of `mailing_app`."""
    with mailing_app.app_context():
        yield session


@pytest.fixture(scope="package")
def _imap() -> Iterator[ImapServer]:
    server = ImapServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def imap(_imap: ImapServer) -> ImapServer:
    """A mail server with an empty inbox."""
    _imap.empty()
    return _imap
