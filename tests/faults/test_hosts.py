"""Several machines for the web and for workers: what one knows the others know; one is cut off, one
killed, Redis moved."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException

import pytest
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from app.accounts import passwords
from app.events.models import Event, SignUp
from app.events.report_models import ReportPicture
from app.foundation import clock, edge
from app.foundation.db import db
from app.foundation.web import Whereas
from app.mail.models import Message
from app.moving.models import ImportRun, ImportState
from app.people.models import Address, DigestEvery, Person
from tests.apps import Apps
from tests.digests import world
from tests.events.world import event_today
from tests.factories import EventFactory, coordinator_of, seed_places, staff_member
from tests.faults import coalition
from tests.faults.coalition import Coalition, Visitor
from tests.faults.stage import ROOT, WINDOW, die_with_parent
from tests.foundation.files import photo
from tests.mail import kinds
from tests.moving.files import READABLE
from tests.services import postgres
from tests.services.processes import wait_until
from tests.services.run import Run

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
PASSWORD = "justice-2027"
STAFF = "staff@example.org"
COORDINATOR = "coordinator@example.org"
MANY = 2000
LONG = 240


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
    running.mend()


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
    assert "The columns are recognized" in visitor.goes_to(two).get(url).text
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


def test_a_worker_host_cut_off_loses_nothing_and_works_again_when_it_is_back(
    hosts: Coalition,
) -> None:
    """The other ends what it had in hand; then it works alone, for the other is cut off."""
    stage = hosts.stage
    stage.relay.delay = 0.004
    mailing = stage.mailing(MANY)
    first, second = hosts.workers
    stage.wait_for_mail(MANY // 4, LONG)
    first.cut_off()
    stage.wait_for_end(LONG)
    stage.wait_until_done(mailing)
    assert stage.states(mailing) == {"sent": MANY}
    assert_all_arrived(hosts, MANY, interrupted=1)
    first.bring_back()
    second.cut_off()
    again = kinds.circular("again")
    stage.wait_until_done(again, LONG)
    assert stage.states(again) == {"sent": MANY}
    assert_all_arrived(hosts, 2 * MANY, interrupted=2)


def assert_all_arrived(hosts: Coalition, mails: int, *, interrupted: int) -> None:
    """Each mail; what went again was on the wire of so many workers, and staff see it."""
    assert len(hosts.stage.copies()) == mails
    assert hosts.stage.extra() <= hosts.stage.in_doubt() <= interrupted * WINDOW


LOCKING = """
import time
from sqlalchemy import select
from app.events.models import Event
from app.foundation.db import db
from wsgi import app
with app.app_context():
    db.scalars(select(Event.id).with_for_update()).all()
    print("locked", flush=True)
    time.sleep(300)
"""


def test_what_a_host_that_was_cut_off_had_locked_is_free_soon(hosts: Coalition) -> None:
    """Before the sixty seconds after which PostgreSQL ends a transaction in which nothing happens;
    each sign-up takes this lock."""
    EventFactory()
    db.commit()
    host = hosts.workers[0]
    holder = subprocess.Popen(
        [*host.enter, sys.executable, "-c", LOCKING],
        cwd=ROOT,
        env=hosts.stage.environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509  one call of the C library, no lock
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        host.cut_off()
        db.execute(text("SET LOCAL lock_timeout = '45s'"))
        assert len(db.scalars(select(Event.id).with_for_update()).all()) == 1
        db.rollback()
        holder.kill()


def test_a_web_host_killed_during_requests_leaves_nothing_half_done(hosts: Coalition) -> None:
    event: Event = EventFactory(slug="reading")
    db.commit()
    one, two = hosts.web
    visitors = [Visitor((one, two)[n % 2], f"198.51.100.{n}") for n in range(120)]
    with ThreadPoolExecutor(8) as crowd:
        tries = [crowd.submit(sign_up, visitor, n) for n, visitor in enumerate(visitors)]
        wait_until(lambda: sum(each.done() for each in tries) >= 40, "forty sign-ups", 60)
        hosts.kill_web(0)
    answered = {email(n) for n, each in enumerate(tries) if each.result()}
    assert {email(n) for n in range(1, 120, 2)} < answered < {email(n) for n in range(120)}
    assert answered <= whole_sign_ups(event)
    for n, visitor in enumerate(visitors):
        if email(n) not in answered:
            assert sign_up(visitor.goes_to(two), n)
    assert whole_sign_ups(event) == {email(n) for n in range(120)}


def email(nth: int) -> str:
    return f"visitor{nth}@example.org"


def sign_up(visitor: Visitor, nth: int) -> bool:
    """Sign up as a visitor; whether there was the answer of somebody who did."""
    answer: TestResponse | None = None
    with suppress(HTTPException):
        form = {"name": f"Visitor {nth}", "email": email(nth), "zip": ""}
        answer = visitor.post("/events/reading/sign-up", data=form)
    return answer is not None and answer.status_code == 200


def whole_sign_ups(event: Event) -> set[str]:
    """Who signed up: as a person with an address, with a seat and a mail, or with none of them."""
    with edge.reading():
        known = db.scalars(select(Address.email).where(Address.email.like("visitor%"))).all()
        seated = db.scalars(
            select(Address.email)
            .join(Person, Person.address_id == Address.id)
            .join(SignUp, SignUp.person_id == Person.id)
            .where(SignUp.event_id == event.id)
        ).all()
        written = set(db.scalars(select(Message.email)))
    assert sorted(map(str, seated)) == sorted(map(str, known))
    assert written == set(known)
    return written


def test_a_redis_that_moved_loses_nothing_and_is_found(hosts: Coalition, run: Run) -> None:
    """Only its name leads elsewhere and nothing is started anew. Workers that lose their broker end
    what they have in hand, so that their last window is in doubt."""
    stage = hosts.stage
    stage.relay.delay = 0.004
    mailing = stage.mailing(MANY)
    stage.wait_for_mail(MANY // 4, LONG)
    hosts.move_redis(run.new_folder("moved"))
    stage.wait_for_end(LONG)
    assert stage.states(mailing) == {"sent": MANY}
    assert_all_arrived(hosts, MANY, interrupted=2)
    assert hosts.redis.clients() > 0
