"""Several machines for the web and for workers: what one of them knows, the others know."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.accounts import passwords
from app.events.report_models import ReportPicture
from app.foundation import clock, edge
from app.foundation.db import db
from app.foundation.web import Whereas
from app.moving.models import ImportRun, ImportState
from app.people.models import DigestEvery, Person
from tests.apps import Apps
from tests.digests import world
from tests.events.world import event_today
from tests.factories import coordinator_of, seed_places, staff_member
from tests.faults import coalition
from tests.faults.coalition import Coalition, Visitor
from tests.foundation.files import photo
from tests.moving.files import READABLE
from tests.services import postgres
from tests.services.processes import wait_until
from tests.services.run import Run

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
PASSWORD = "justice-2027"
STAFF = "staff@example.org"
COORDINATOR = "coordinator@example.org"


@pytest.fixture(scope="module")
def running(apps: Apps, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coalition]:
    with coalition.running(apps, run, tmp_path_factory.mktemp("hosts")) as made:
        yield made


@pytest.fixture
def hosts(running: Coalition) -> Iterator[Coalition]:
    """The machines as they run, without people or mail."""
    running.stage.relay.forget()
    emptier = postgres.Emptier(running.stage.app.config["DATABASE_URL"])
    emptier.empty()
    emptier.close()
    with running.stage.app.app_context():
        yield running


def with_password(person: Person) -> None:
    passwords.set_password(person.id, PASSWORD)
    db.commit()


def sign_in(visitor: Visitor, email: str = STAFF, password: str = PASSWORD) -> int:
    """Sign in by the form; the answer's status."""
    return visitor.send("/login", {"email": email, "password": password}).status_code


def wrong_passwords(visitor: Visitor, number: int) -> set[int]:
    return {sign_in(visitor, password="not this one") for _ in range(number)}


def test_sessions_and_limits_count_on_every_host(hosts: Coalition) -> None:
    with_password(staff_member(address__email=STAFF))
    one, two = hosts.web
    visitor = Visitor(one)
    assert sign_in(visitor) == 303
    assert visitor.goes_to(two).get("/staff/imports/").status_code == 200
    cookie = visitor.get_cookie("__Host-session")
    assert cookie is not None
    assert visitor.send("/logout", {}).status_code == 303
    visitor.goes_to(one).set_cookie("__Host-session", cookie.value)
    assert visitor.get("/staff/imports/").status_code == 303
    stranger = Visitor(one, "192.0.2.2")
    assert wrong_passwords(stranger, 5) == {422}
    assert wrong_passwords(stranger.goes_to(two), 5) == {422}
    assert sign_in(stranger) == sign_in(stranger.goes_to(one)) == 429


def test_the_progress_of_a_digest_is_the_same_from_every_host(hosts: Coalition) -> None:
    readers = 400
    hosts.stage.people(readers)
    hosts.stage.relay.delay = 0.05
    with_password(staff_member(address__email=STAFF, digest_every=DigestEvery.WEEKLY))
    page = f"/staff/digests/{world.issue().id}"
    db.commit()
    one, two = hosts.web
    visitor = Visitor(one)
    sign_in(visitor)
    assert visitor.send(f"{page}/send", {"when": "now", "people": str(readers)}).status_code == 303
    seen: list[int] = []
    while seen[-1:] != [readers]:
        for host in (one, two):
            told = visitor.goes_to(host).get(f"{page}/progress.json").json
            assert told is not None
            seen.append(told["done"])
    assert seen == sorted(seen)
    for by_host in (seen[0::2], seen[1::2]):
        assert any(0 < done < readers for done in by_host)
    hosts.stage.wait_for_end()
    assert hosts.stage.copies().total() == len(hosts.stage.copies()) == readers


def test_a_list_brought_to_one_host_is_imported_from_the_other(hosts: Coalition) -> None:
    seed_places(db)
    with_password(staff_member(address__email=STAFF))
    one, two = hosts.web
    visitor = Visitor(one)
    sign_in(visitor)
    file = (io.BytesIO(READABLE["CP1252"]), "list.csv")
    brought = visitor.send("/staff/imports/", {"kind": "people", "file": file, "pasted": ""})
    url = str(brought.location)
    assert "Say which column is what" in visitor.goes_to(two).get(url).text
    columns = {"email": "2", "first_name": "0", "last_name": "1", "zip": "3"}
    assert visitor.send(f"{url}/columns", columns).status_code == 303
    wait_until(lambda: import_state(hosts.stage.app) == ImportState.JUDGED, "the preview", 90)
    assert "Import 3 rows" in visitor.goes_to(one).get(url).text
    visitor.goes_to(two).send(f"{url}/apply", {"no_lists": "y"})
    wait_until(lambda: import_state(hosts.stage.app) == ImportState.APPLIED, "the import", 90)
    assert "We may not write to the new people yet." in visitor.goes_to(one).get(url).text


def import_state(app: Whereas) -> ImportState | None:
    with app.app_context(), edge.reading():
        return db.scalar(select(ImportRun.state))


def test_a_picture_brought_to_one_host_is_seen_on_the_other(hosts: Coalition) -> None:
    event = event_today(slug="forum")
    event.ends_at = clock.now()
    with_password(coordinator_of(event.alliance, address__email=COORDINATOR))
    at = f"/desk/{event.alliance.slug}/events/{event.id}/report/pictures"
    one, two = hosts.web
    visitor = Visitor(one)
    sign_in(visitor, COORDINATOR)
    form = {"words": "A full room", "credit": "Ana", "agreed": "y"}
    kept = visitor.send(at, form | {"file": (io.BytesIO(photo()), "IMG_7.jpg")})
    assert kept.status_code == 303
    with edge.reading():
        path = f"/events/forum/pictures/{db.scalar(select(ReportPicture.id))}"
    pictures = [visitor.goes_to(host).get(path) for host in (one, two)]
    assert [each.content_type for each in pictures] == ["image/jpeg"] * 2
    assert pictures[0].data == pictures[1].data != b""
