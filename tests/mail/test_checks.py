"""`flask mail check` says what fits the rules of large providers, and what to do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import Result

from app.foundation.web import Whereas
from app.mail.dkim_keys import load
from app.mail.site_checks import one_click_answers, unsubscribe_answers
from tests.conftest import MakeApp
from tests.mail.test_dkim import ED25519, RSA, pem
from tests.services.dns_server import SILENCE, DnsServer
from tests.services.smtp import SmtpServer

IP = "198.51.100.7"
GOOD = {
    ("coalition.example", "TXT"): ['"v=spf1 include:_spf.relay.example -all"', '"other"'],
    ("_spf.relay.example", "TXT"): ['"v=spf1 ip4:198.51.100.0/24 ?all"'],
    ("_dmarc.coalition.example", "TXT"): ['"v=DMARC1; p=none; rua=mailto:d@coalition.example"'],
    ("coalition.example", "MX"): ["10 mx.coalition.example."],
    ("7.100.51.198.in-addr.arpa", "PTR"): ["out.coalition.example."],
    ("out.coalition.example", "A"): [IP],
    ("relay1._domainkey.coalition.example", "TXT"): ['"v=DKIM1; p=AAAA"'],
}
SETTINGS = {
    "BASE_URL": "https://127.0.0.1:1",  # nobody listens there
    "MAIL_DOMAIN": "coalition.example",
    "REPLY_TO": "staff@coalition.example",
    "POSTAL_ADDRESS": "1 Real Street, New York, NY 10017",
    "BOUNCE_IMAP_URL": "imaps://bounces:secret@imap.coalition.example",
}


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    server = DnsServer(dict(GOOD))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def good_app(lend_app: MakeApp, smtp_server: SmtpServer) -> Whereas:
    return lend_app(SMTP_URL=smtp_server.url, **SETTINGS)


def check(app: Whereas, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["mail", "check", *arguments])


def online(app: Whereas, dns: DnsServer, *arguments: str) -> dict[str, str]:
    """The lines by what they are about; the site itself cannot be reached from tests."""
    result = check(app, "--resolver", dns.address, "--seconds", "1", *arguments)
    lines = [line.partition(": ") for line in result.stdout.splitlines()]
    return {about[6:]: f"{about[:5].strip()} {sentence}" for about, _, sentence in lines}


def test_what_fits_offline_is_all_ok(good_app: Whereas) -> None:
    result = check(good_app, "--offline")
    assert result.exit_code == 0
    assert {line[:5].strip() for line in result.stdout.splitlines()} == {"ok"}
    for about in ("List-Id", "List-Unsubscribe-Post", "postal address", "mail relay", "bounces"):
        assert f"ok    {about}: " in result.stdout
    assert "secret" not in result.output


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"BASE_URL": "http://127.0.0.1:1"}, "fail  unsubscribe address: "),
        ({"POSTAL_ADDRESS": "Example Coalition, 1 Justice Plaza"}, "fail  postal address: "),
        ({"MAIL_DOMAIN": "example.org"}, "fail  MAIL_DOMAIN: "),
        ({"SMTP_URL": "smtp://relay.coalition.example"}, "fail  mail relay: "),
    ],
)
def test_what_is_missing_fails_and_says_what_to_set(
    lend_app: MakeApp, settings: dict[str, str], line: str
) -> None:
    result = check(lend_app(**SETTINGS | settings), "--offline")
    assert result.exit_code == 1
    assert line in result.stdout
    assert "1 to mend" in result.output


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"BOUNCE_IMAP_URL": ""}, "warn  bounces: "),
        ({"SMTP_URL": ""}, "warn  mail relay: "),
        ({"SMTP_URL": "smtps://relay.coalition.example"}, "ok    mail relay: "),
        ({"SMTP_URL": "smtp://relay.coalition.example?starttls=1"}, "ok    mail relay: "),
        ({"MAILGUN_WEBHOOK_KEY": "x", "BOUNCE_IMAP_URL": ""}, "ok    bounces: "),
    ],
)
def test_a_warning_does_not_fail(lend_app: MakeApp, settings: dict[str, str], line: str) -> None:
    result = check(lend_app(**SETTINGS | settings), "--offline")
    assert (result.exit_code, line in result.stdout) == (0, True)


def test_what_the_dns_says_well_is_ok(good_app: Whereas, dns: DnsServer) -> None:
    told = online(good_app, dns, "--ip", IP, "--selector", "relay1")
    assert told["SPF"] == f"ok coalition.example lets {IP} send"
    assert told["DKIM record"] == "ok relay1._domainkey.coalition.example"
    assert told["DMARC"] == "ok coalition.example asks for p=none"
    assert told["reverse name"] == f"ok {IP} is out.coalition.example, and back"
    assert told["relay answers"].startswith("ok 127.0.0.1 takes us")
    assert told["unsubscribe answers"].startswith("fail ")


def test_without_an_address_nothing_is_said_of_it(good_app: Whereas, dns: DnsServer) -> None:
    told = online(good_app, dns)
    assert told["SPF"].startswith("ok coalition.example has a record")
    assert told["reverse name"].startswith("warn say --ip")
    assert told["DKIM record"].startswith("warn the program does not sign")


@pytest.mark.parametrize(
    ("changed", "about", "begins"),
    [
        ({("coalition.example", "TXT"): []}, "SPF", "fail coalition.example has no record"),
        ({("coalition.example", "TXT"): ['"v=spf1 -all"']}, "SPF", "fail coalition.example does"),
        ({("coalition.example", "TXT"): ['"v=spf1 -all"', '"v=spf1 ~all"']}, "SPF", "fail "),
        ({("coalition.example", "TXT"): ['"v=spf1 include:no.example"']}, "SPF", "fail the record"),
        ({("_dmarc.coalition.example", "TXT"): []}, "DMARC", "fail publish a TXT record at _dmarc"),
        ({("_dmarc.coalition.example", "TXT"): ['"v=DMARC1"']}, "DMARC", "fail the record of"),
        ({("coalition.example", "MX"): []}, "bounces", "fail coalition.example takes no mail"),
        ({("out.coalition.example", "A"): ["192.0.2.9"]}, "reverse name", f"fail {IP} is out"),
        ({("7.100.51.198.in-addr.arpa", "PTR"): []}, "reverse name", f"fail {IP} has none"),
        ({("relay1._domainkey.coalition.example", "TXT"): []}, "DKIM record", "fail there is none"),
        ({("coalition.example", "MX"): SILENCE}, "bounces", "warn could not be asked"),
    ],
)
def test_what_the_dns_lacks_is_said(
    good_app: Whereas, dns: DnsServer, changed: dict, about: str, begins: str
) -> None:
    dns.zone = {**GOOD, **changed}
    assert online(good_app, dns, "--ip", IP, "--selector", "relay1")[about].startswith(begins)


def test_the_keys_of_the_program_must_stand_in_the_dns(
    lend_app: MakeApp, dns: DnsServer, tmp_path: Path
) -> None:
    for name, private in (("rsa.pem", RSA), ("ed.pem", ED25519)):
        (tmp_path / name).write_bytes(pem(private))
    app = lend_app(
        **SETTINGS,
        DKIM_KEY_FILE=str(tmp_path / "rsa.pem"),
        DKIM_SECOND_KEY_FILE=str(tmp_path / "ed.pem"),
    )
    assert online(app, dns)["DKIM record"].startswith("fail publish a TXT record at ")
    for file, selector in (("rsa.pem", "whereas"), ("ed.pem", "whereas-ed25519")):
        key = load(tmp_path / file, "coalition.example", selector)
        half = len(key.record) // 2
        dns.zone = {**dns.zone, (key.name, "TXT"): [f'"{key.record[:half]}" "{key.record[half:]}"']}
    told = online(app, dns)
    assert told["DKIM record"].endswith(
        "whereas-ed25519._domainkey.coalition.example fits the ed25519 key"
    )
    assert told["DKIM rsa-sha256"].startswith("ok signs digests and one click")
    dns.zone = {**dns.zone, (key.name, "TXT"): ['"v=DKIM1; k=ed25519; p=AAAA"']}
    assert "holds another key" in online(app, dns)["DKIM record"]


def test_a_key_that_cannot_be_read_fails_offline(lend_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("hello")
    app = lend_app(**SETTINGS, DKIM_KEY_FILE=str(tmp_path / "none.pem"))
    assert "fail  DKIM key: " in check(app, "--offline").stdout
    result = app.test_cli_runner().invoke(args=["mail", "dkim-key"])
    assert (result.exit_code, "holds no key" in result.output) == (1, True)


def test_a_signing_domain_that_does_not_fit_the_sender_fails(
    lend_app: MakeApp, dns: DnsServer
) -> None:
    aligned = lend_app(**SETTINGS, DKIM_DOMAIN="mail.coalition.example")
    assert online(aligned, dns)["DMARC"].startswith("ok")
    strange = lend_app(**SETTINGS, DKIM_DOMAIN="relay.example")
    assert online(strange, dns)["DMARC"].startswith("fail DKIM signs as relay.example")


def test_the_records_for_keys_are_printed(lend_app: MakeApp, tmp_path: Path) -> None:
    (tmp_path / "rsa.pem").write_bytes(pem(RSA))
    app = lend_app(**SETTINGS)
    runner = app.test_cli_runner()
    result = runner.invoke(args=["mail", "dkim-key", str(tmp_path / "rsa.pem"), "--selector", "a"])
    line = result.stdout.strip()
    assert line.startswith('a._domainkey.coalition.example. IN TXT "v=DKIM1; k=rsa; p=MII')
    pieces = line.split('"')[1::2]
    assert max(map(len, pieces)) <= 255
    assert "".join(pieces) == load(tmp_path / "rsa.pem", "coalition.example", "a").record
    assert runner.invoke(args=["mail", "dkim-key"]).exit_code == 1


@pytest.mark.parametrize("resolver", ["nonsense", "127.0.0.1:x", "127.0.0.1:1:2"])
def test_a_resolver_that_is_none_is_refused(good_app: Whereas, resolver: str) -> None:
    result = check(good_app, "--resolver", resolver)
    assert result.exit_code == 1
    assert "the DNS cannot be asked" in result.output


def test_an_address_that_is_none_is_refused(good_app: Whereas) -> None:
    assert check(good_app, "--offline", "--ip", "here").exit_code == 2


class _Site(BaseHTTPRequestHandler):
    status, ours = 404, True

    def do_POST(self) -> None:
        assert self.rfile.read(int(self.headers["Content-Length"])) == b"List-Unsubscribe=One-Click"
        self.send_response(self.status)
        if self.ours:
            self.send_header("X-Request-Id", "1")
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("status", "ours", "level"),
    [
        (404, True, "ok"),
        (200, True, "ok"),
        (404, False, "fail"),
        (302, True, "fail"),
        (403, True, "fail"),
    ],
)
def test_the_site_must_take_one_click_from_outside(
    app: Whereas, status: int, ours: bool, level: str
) -> None:
    kind = type("Site", (_Site,), {"status": status, "ours": ours})
    server = HTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with app.app_context():
        found = one_click_answers(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    assert found.level == level


def test_a_site_of_this_machine_alone_is_only_warned_of(app: Whereas) -> None:
    with app.app_context():
        assert unsubscribe_answers("http://localhost:5000").level == "warn"
