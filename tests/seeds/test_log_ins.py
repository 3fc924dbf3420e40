"""The log-ins of the demo, as its sign-in page names them."""

from __future__ import annotations

from flask.testing import FlaskClient

from seeds import demo
from tests.conftest import MakeApp


def test_the_sign_in_page_of_the_demo_names_its_log_ins(lend_app: MakeApp) -> None:
    page = lend_app(WHEREAS_ENV="demo").test_client().get("/login").text

    assert demo.PASSWORD in page
    for email in demo.LOG_INS:
        assert email.removesuffix("example.org") in page


def test_no_other_sign_in_page_does(client: FlaskClient) -> None:
    assert demo.PASSWORD not in client.get("/login").text
