"""The stage of each test: both databases, a real Redis, a relay that counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import MakeApp
from tests.faults.stage import Stage
from tests.services.smtp import SmtpServer


@pytest.fixture
def stage(
    lend_app: MakeApp, settings: dict[str, str], redis_url: str, smtp_server: SmtpServer
) -> Iterator[Stage]:
    environment = settings | {"REDIS_URL": redis_url, "SMTP_URL": smtp_server.url}
    app = lend_app(SMTP_URL=smtp_server.url)
    made = Stage(app, smtp_server, environment)
    with app.app_context():
        yield made
        made.close()
