"""How the site does, in sentences: for staff and administrators only."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
import time_machine
from cryptography import x509
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.foundation import clock, queue, revisions
from app.foundation.findings import Level
from app.foundation.web import Whereas
from app.mail import breakers, holding, tallies
from app.mail.lanes import RELAY
from app.mail.models import HoldReason, Mailing
from app.mail.wire import Fate
from app.moving import queries, reading, staging
from app.moving.models import ImportKind, ImportState
from app.upkeep import doing, readiness, shelf, surroundings
from tests.conftest import MakeApp
from tests.factories import PersonFactory, administrator, staff_member
from tests.services.imap import CERTIFICATE
from tests.services.smtp import SmtpServer
from tests.signing_in import sign_in


def sentences(findings: object) -> dict[str, str]:
    return {str(f.about): f"{f.level}: {f.sentence}" for f in findings}  # type: ignore[attr-defined]


@pytest.mark.parametrize("make", [staff_member, administrator])
def test_staff_and_administrators_see_how_the_site_does(
    client: FlaskClient, db: Session, make: object
) -> None:
    sign_in(client, make())  # type: ignore[operator]

    page = client.get("/staff/health").text

    assert "It never ran: no worker or no beat runs." in page
    assert "To mend" in page


def test_nobody_else_does(client: FlaskClient, db: Session) -> None:
    assert client.get("/staff/health").status_code == 303
    sign_in(client, PersonFactory())
    assert client.get("/staff/health").status_code == 403


def test_a_sweep_that_is_late_is_told(db: Session) -> None:
    queue.beat("sweep")
    db.flush()
    assert sentences(doing.running())["Background work"].startswith("ok")

    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        assert "5 minutes ago" in sentences(doing.running())["Background work"]


def test_held_mail_and_a_relay_that_is_away_are_told(db: Session) -> None:
    holding.hold(db.connection(), HoldReason.STAFF)
    db.commit()
    breakers.rest(RELAY, "421 Later")

    told = list(doing.running())

    assert "All mail is held." in [finding.sentence for finding in told]
    assert sentences(told)["Mail server"] == "fail: It was away: 421 Later"


def test_receivers_that_put_us_off_for_long_are_told(db: Session) -> None:
    breakers.rest("example.net", "451 Later")
    assert "Mail put off" not in sentences(doing.running())

    began = clock.now()
    with time_machine.travel(began + timedelta(minutes=16)):
        breakers.rest("example.net", "451 Later")
        assert sentences(doing.running())["Mail put off"] == (
            "warn: For more than 15 minutes these receivers put us off: example.net. "
            "The page Mail says why."
        )
    with time_machine.travel(began + timedelta(minutes=60)):  # no mail waits that would try it
        assert "Mail put off" not in sentences(doing.running())


def test_work_that_nobody_goes_on_with_is_told(db: Session) -> None:
    now = clock.now()
    db.add(
        Mailing(
            kind="digest",
            purpose="digest",
            once="digest:1",
            subject_id=1,
            title="December",
            reply_to="",
            from_name="Us",
            due_at=now,
            created_at=now,
        )
    )
    content = b"name,email\nZoe,zoe@example.org\n"
    run = staging.begin(
        ImportKind.PEOPLE, content, reading.read(content), file_name="list.csv", by=None
    )
    run.state = ImportState.JUDGING
    db.commit()
    assert "Stands still" not in sentences(doing.running())

    with time_machine.travel(now + timedelta(minutes=16)):
        told = sentences(doing.running())["Stands still"]
        assert told.removeprefix("fail: Nobody goes on with this: ").rstrip(".").split(", ") == [
            "December",
            "list.csv",
        ]
        assert queries.take(run.id)
        assert "list.csv" not in sentences(doing.running())["Stands still"]
        holding.hold(db.connection(), HoldReason.STAFF)
        assert "Stands still" not in sentences(doing.running())


@pytest.mark.parametrize(("sent", "level"), [(1000, "warn"), (10, "fail")])
def test_mail_that_is_refused_is_told_and_much_of_it_must_be_mended(
    db: Session, sent: int, level: str
) -> None:
    tallies.add({("gmail.com", Fate.SENT): sent, ("gmail.com", Fate.PERMANENT): 2})
    told = sentences(doing.running())["Refused mail"]

    assert told.startswith(f"{level}: In the last hour 2 were refused for good")
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        assert "Refused mail" not in sentences(doing.running())


def test_the_age_of_the_newest_backup_is_told(lend_app: MakeApp, tmp_path: Path) -> None:
    with lend_app(BACKUP_DIR=str(tmp_path)).app_context():
        assert sentences(doing.running())["Backups"] == "warn: There is none yet."
        old = tmp_path / shelf.name_of(clock.now() - timedelta(days=3))
        old.touch()
        assert sentences(doing.running())["Backups"] == (
            "fail: The newest is 3 days old. Does a worker run, and is there room for one?"
        )
        (tmp_path / shelf.name_of(clock.now() - timedelta(hours=2))).touch()
        assert "2 hours old. It is not encrypted" in sentences(doing.running())["Backups"]


def test_a_certificate_that_browsers_refuse_is_told(lend_app: MakeApp) -> None:
    with https_server() as port, lend_app(BASE_URL=f"https://localhost:{port}").app_context():
        told = sentences(doing.running())["Certificate"]

    assert told == "fail: Browsers refuse it: self-signed certificate"


def test_a_certificate_that_ends_soon_is_told(
    lend_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    expires = x509.load_pem_x509_certificate(CERTIFICATE.read_bytes()).not_valid_after_utc
    told = []
    for days in (20, 5):
        with (
            https_server() as port,
            lend_app(BASE_URL=f"https://localhost:{port}").app_context(),
            time_machine.travel(expires - timedelta(days=days)),
        ):
            told.append(sentences(doing.running())["Certificate"])

    assert told == [
        "ok: It holds for 3 weeks.",
        "fail: It ends in 5 days: see why the proxy did not renew it.",
    ]


def test_a_disk_without_room_is_told(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "ROOM", 2**60)

    told = sentences(doing.running())["Disk"]

    assert told.startswith("fail: Only ")
    assert told.endswith(" GB are free: make room before it is full.")


@contextmanager
def https_server() -> Iterator[int]:
    """A port on this machine that speaks TLS with a certificate of its own."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE)

    class Hello(StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                tls.wrap_socket(self.request, server_side=True).close()

    with ThreadingTCPServer(("127.0.0.1", 0), Hello) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_mail_server_is_tried(lend_app: MakeApp, smtp_server: SmtpServer) -> None:
    with lend_app(SMTP_URL=smtp_server.url).app_context():
        assert sentences(readiness.before_start())["Mail server"] == "ok: It takes us."
    with lend_app(SMTP_URL="smtp://127.0.0.1:1").app_context():
        assert sentences(readiness.before_start())["Mail server"].startswith("fail: It does not")


def test_a_mail_server_that_cannot_be_one_is_told(lend_app: MakeApp) -> None:
    with lend_app(SMTP_URL="smtp://").app_context():
        assert sentences(readiness.before_start())["Mail server"] == (
            "fail: SMTP_URL cannot be used: a mail relay is smtp://host:port or smtps://host:port."
        )


def test_a_folder_that_cannot_be_made_is_told(
    lend_app: MakeApp, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    away = str(tmp_path / "file" / "away")
    told = {"DATABASE_URL": database_url, "VAR_DIR": away, "BACKUP_DIR": away}
    with lend_app(**told).app_context():
        found = sentences(readiness.before_start())

    for about in ("Disk", "Backups"):
        assert found[about] == f"fail: The program may not write into {away}."


def test_a_broker_that_is_away_is_told(lend_app: MakeApp, redis_url: str) -> None:
    with lend_app(REDIS_URL=redis_url).app_context():
        assert sentences(doing.running())["Redis"] == "ok: It answers."
    with lend_app(REDIS_URL="redis://127.0.0.1:1/0").app_context():
        assert sentences(doing.running())["Redis"].startswith("fail: It does not answer")


@pytest.mark.parametrize(
    ("version", "end"),
    [("0001", "run flask db upgrade."), ("9999", "fetch the newest version of that.")],
)
def test_a_database_of_another_version_is_told(
    app: Whereas, db: Session, version: str, end: str
) -> None:
    db.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    db.commit()
    try:
        told = sentences(readiness.before_start())
        assert told["Database"].endswith(end)
        assert {f.level for f in readiness.before_start() if f.about == "Database"} == {Level.FAIL}
    finally:
        head = {"head": revisions.newest()}
        db.execute(text("UPDATE alembic_version SET version_num = :head"), head)
        db.commit()
