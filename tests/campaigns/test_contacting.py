"""Letters and calls to one's own council member: whom, in which words, and what is counted."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import erasure
from app.campaigns import contacting
from app.campaigns.body_models import SeatKind
from app.campaigns.contact_models import Contact, ContactKind
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.foundation import signals
from tests.campaigns.councils import SeatFactory, SeatTermFactory
from tests.campaigns.world import campaign
from tests.factories import PersonFactory, coordinator_of
from tests.library.world import TalkingPointFactory
from tests.signing_in import post, sign_in

PAGE = "/campaigns/justice/contact"


@pytest.fixture
def measure(client: FlaskClient, db: Session) -> Measure:
    return campaign(
        slug="justice", stage=Stage.SCHEDULED, title="Justice Day", about="It is **time**."
    )


def official(measure: Measure, name: str, kind: SeatKind = SeatKind.AT_LARGE) -> int:
    seat = SeatFactory(body=measure.body, kind=kind, label=f"Seat of {name}")
    email = f"{name.split()[0].lower()}@example.gov"
    SeatTermFactory(seat=seat, name=name, email=email, phone="+1 614 555 0100")
    return int(seat.id)


def contacts(db: Session) -> list[tuple[str, int | None, int | None]]:
    rows = db.scalars(select(Contact).order_by(Contact.id))
    return [(own.kind.value, own.seat_id, own.person_id) for own in rows]


def test_somebody_without_a_district_turns_to_those_at_large(
    client: FlaskClient, measure: Measure
) -> None:
    official(measure, "Dora District", SeatKind.DISTRICT)
    official(measure, "Alan Large")
    official(measure, "Bea Large")
    page = client.get(PAGE).text
    assert "Dear Alan Large," in page
    assert "Bea Large</a>" in page
    assert "Seat of Dora District: Dora District" in page
    assert "What becomes public" in page
    assert 'href="tel:+16145550100"' in page
    link = re.search(r'href="(mailto:[^"]+)"', page)[1].replace("&amp;", "&")
    parts = urlsplit(link)
    assert parts.path == "alan@example.gov"
    letter = parse_qs(parts.query)["body"][0]
    assert "I ask that you vote for this: Justice Day." in letter
    assert "It is time." in letter


def test_the_district_comes_first_once_it_is_known(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    mine = official(measure, "Dora District", SeatKind.DISTRICT)
    official(measure, "Otto Other", SeatKind.DISTRICT)
    official(measure, "Alan Large")
    sign_in(client, PersonFactory(name="Maria"))
    page = client.get(PAGE, query_string={"seat": mine}).text
    assert "Dear Dora District," in page
    assert "Otto Other</a>" not in page
    assert post(client, f"{PAGE}/{mine}/letter").status_code == 303
    again = client.get(PAGE).text
    assert "Dear Dora District," in again
    assert "Maria" in again


def test_without_seats_at_large_the_district_is_asked_first(
    client: FlaskClient, measure: Measure
) -> None:
    official(measure, "Dora District", SeatKind.DISTRICT)
    page = client.get(PAGE).text
    assert "Please choose your district first" in page
    assert "Dear" not in page


def test_where_nobody_is_known_the_clerk_gets_it(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    measure.body.clerk_email = "clerk@example.gov"
    assert "mailto:clerk@example.gov" in client.get(PAGE).text
    assert post(client, f"{PAGE}/0/letter").status_code == 303
    assert contacts(db) == [("letter", None, None)]


def test_the_clerk_passes_on_what_has_no_address(client: FlaskClient, measure: Measure) -> None:
    measure.body.clerk_email = "clerk@example.gov"
    seat = SeatFactory(body=measure.body)
    SeatTermFactory(seat=seat, name="Alan Large", website="https://example.gov/large")
    page = client.get(PAGE).text
    assert "Dear Alan Large," in page
    assert "mailto:clerk@example.gov" in page
    assert "through the clerk, who passes it on" in page
    assert "https://example.gov/large" in page


def test_one_tap_counts_once_a_day_and_the_desk_sees_numbers_only(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    seat, ana = official(measure, "Alan Large"), coordinator_of(measure.alliance)
    desk = f"/desk/{measure.alliance.slug}/campaigns/{measure.id}/support"
    maria = PersonFactory(name="Maria Signer")
    for _ in range(2):
        post(client, f"{PAGE}/{seat}/letter", person=maria)
    post(client, f"{PAGE}/{seat}/call")
    assert contacts(db) == [("letter", seat, maria.id), ("call", seat, maria.id)]
    assert list(contacting.told(measure.id)) == [("Seat of Alan Large", 1, 1)]
    sign_in(client, ana)
    page = client.get(desk).text
    assert "Seat of Alan Large" in page
    assert "Maria Signer" not in page


def test_strange_seats_kinds_and_many_taps_are_refused(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    seat, other = official(measure, "Alan Large"), SeatFactory()
    assert post(client, f"{PAGE}/{other.id}/letter").status_code == 404
    assert post(client, f"{PAGE}/{seat}/poem").status_code == 404
    for _ in range(contacting.TOLD_BY_CLIENT.most):
        post(client, f"{PAGE}/{seat}/call")
    assert post(client, f"{PAGE}/{seat}/call").status_code == 429
    assert len(contacts(db)) <= contacting.TOLD_BY_CLIENT.most
    measure.stage = Stage.FAILED
    assert client.get(PAGE).status_code == 404


def test_points_of_the_library_stand_in_the_letter(
    client: FlaskClient, db: Session, measure: Measure
) -> None:
    official(measure, "Alan Large")
    picked, withdrawn = (
        TalkingPointFactory(words=words)
        for words in ("The Court has 125 members.", "An old figure.")
    )
    desk = f"/desk/{measure.alliance.slug}/campaigns/{measure.id}/points"
    sign_in(client, coordinator_of(measure.alliance))
    assert post(client, desk, {"points": [picked.key, withdrawn.key]}).status_code == 303
    assert "An old figure." in client.get(PAGE).text
    assert post(client, desk, {"points": [picked.key]}).status_code == 303
    page = client.get(PAGE).text
    assert "The Court has 125 members." in page
    assert "An old figure." not in page


def test_a_long_letter_is_left_to_be_pasted() -> None:
    script = contacting.Script("Justice", "words " * 500, ())
    assert script.mail_link("a@example.gov") == "mailto:a@example.gov?subject=Justice"


def test_erased_and_merged_people_keep_the_numbers_right(db: Session, measure: Measure) -> None:
    seat = official(measure, "Alan Large")
    one, two = PersonFactory(), PersonFactory()
    for person in (one, two):
        contacting.tell(measure, ContactKind.LETTER, seat, person.id)
    contacting.tell(measure, ContactKind.CALL, seat, one.id)
    signals.person_merged.send(one.id, into_id=two.id)
    db.expire_all()
    assert sorted(contacts(db)) == [("call", seat, two.id), ("letter", seat, two.id)]
    erasure.erase(two)
    db.expire_all()
    assert sorted(contacts(db)) == [("call", seat, None), ("letter", seat, None)]


EVIL = "<script>alert(1)</script> {{7*7}}"


def test_what_lists_of_officials_say_is_never_run(client: FlaskClient, measure: Measure) -> None:
    seat = SeatFactory(body=measure.body, label=EVIL)
    bad = {"email": 'a"onclick="x@example.gov', "phone": '"><script>', "website": "javascript:x"}
    SeatTermFactory(seat=seat, name=EVIL, **bad)
    measure.title, measure.about = EVIL, EVIL
    page = client.get(PAGE).text
    assert "<script>alert" not in page
    assert "javascript:x" not in page
    assert "{{7*7}}" in page
    assert 'a"onclick' not in page
    assert 'href="tel:&#34;&gt;&lt;script&gt;"' in page
