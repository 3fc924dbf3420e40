"""Asking again: the draft from last year's record, what changed, and the three answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.alliances.models import Alliance
from app.campaigns import renewal_queries, renewing, sponsors, texts
from app.campaigns.body_models import Body, Seat
from app.campaigns.clauses import Clause, ClauseKind
from app.campaigns.measure_models import Measure, Sponsorship
from app.campaigns.renewal_models import Renewal, RenewalState
from app.campaigns.renewal_queries import Became
from app.campaigns.sponsors import InOffice
from app.campaigns.stages import Stage
from app.campaigns.support_models import Endorsement
from app.campaigns.vote_models import SeatAsk
from app.events import call_mails, calls
from app.events.call_models import AnswerState, EditionAnswer
from app.events.models import Edition
from app.foundation import clock
from app.mail.models import Message
from app.work.models import ToDo, ToDoState
from tests.alliances.organizations import OrganizationFactory, RepresentativeFactory
from tests.campaigns.councils import (
    BodyFactory,
    MeetingPatternFactory,
    SeatFactory,
    SeatTermFactory,
)
from tests.campaigns.world import campaign, with_text
from tests.factories import (
    AllianceFactory,
    EditionFactory,
    EventFactory,
    coordinator_of,
    staff_member,
)
from tests.signing_in import post, sign_in
from tests.statements import count_statements

NOW = datetime(2027, 3, 1, 16, tzinfo=UTC)
DESK = "/desk/columbus/campaigns"


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def columbus(db: Session) -> Alliance:
    return AllianceFactory(slug="columbus", name="Columbus Alliance")


@pytest.fixture
def body(columbus: Alliance) -> Body:
    """A council that meets on two Mondays a month, with one seat."""
    made = BodyFactory(alliance=columbus)
    MeetingPatternFactory(body=made)
    return made


@pytest.fixture
def seat(body: Body) -> Seat:
    return SeatFactory(body=body, label="District 1")


@pytest.fixture
def last_year(body: Body) -> Measure:
    """What passed for July 17 of last year, sponsored by Emmanuel Remy."""
    return with_text(
        campaign(
            body=body,
            title="Justice Day 2026",
            year=2026,
            stage=Stage.FINAL,
            stage_on="2026-07-10",
            target_on=date(2026, 7, 17),
        )
    )


@pytest.fixture
def edition(db: Session) -> Edition:
    return EditionFactory(year=2027, on=date(2027, 7, 17))


def sponsored(db: Session, measure: Measure, name: str = "Emmanuel Remy") -> None:
    db.add(Sponsorship(measure_id=measure.id, name=name, post="Council member"))
    db.flush()


def drafted(db: Session) -> Renewal:
    return db.scalars(select(Renewal)).one()


def the_new(db: Session) -> Measure:
    measure = drafted(db).measure_id
    return db.scalars(select(Measure).where(Measure.id == measure)).one()


def test_the_call_of_a_day_drafts_last_years_record_anew(
    db: Session, columbus: Alliance, last_year: Measure, edition: Edition
) -> None:
    calls.call(edition.id)
    new = the_new(db)
    assert (new.title, new.year, new.target_on) == ("Justice Day 2027", 2027, date(2027, 7, 17))
    assert (new.prior_session_id, new.edition_id) == (last_year.id, edition.id)
    assert (new.alliance_id, new.published_at) == (columbus.id, None)
    assert new.stage == Stage.DRAFTING
    assert [each.number for each in texts.versions(new.id)] == [1]
    assert texts.parts_of(texts.versions(new.id)[0]) == texts.parts_of(
        texts.versions(last_year.id)[0]
    )
    calls.call(edition.id)
    assert drafted(db).state == RenewalState.DRAFTED


def test_the_mail_of_the_call_names_what_was_drafted(
    db: Session, columbus: Alliance, last_year: Measure, edition: Edition
) -> None:
    coordinator_of(columbus, name="Ana", language="es")
    calls.call(edition.id)
    assert call_mails.tell() == 1
    mail = db.scalars(select(Message)).one()
    assert "Pedir de nuevo: Justice Day 2027" in mail.text


def test_only_what_passed_for_the_same_day_a_year_ago_is_drafted(
    db: Session, body: Body, edition: Edition
) -> None:
    old = {"stage": Stage.FINAL, "target_on": date(2026, 7, 17)}
    campaign(body=body, year=2026, **(old | {"target_on": date(2026, 12, 10)}))
    campaign(body=body, **(old | {"stage_on": "2025-07-10", "target_on": date(2025, 7, 17)}))
    campaign(body=body, year=2026, **(old | {"stage": Stage.FAILED}))
    campaign(body=body, year=2026, **(old | {"target_on": date(2027, 7, 17)}))
    named = campaign(
        body=body, year=2026, stage=Stage.FINAL, title="World Day for International Justice 2026"
    )
    edition.observance.name = "World Day for International Justice"
    db.flush()
    assert renewal_queries.to_renew(edition) == [named]
    campaign(body=body, year=2027)
    assert renewal_queries.to_renew(edition) == []


def test_sponsors_are_kept_while_they_hold_a_seat(
    db: Session, last_year: Measure, seat: Seat, edition: Edition
) -> None:
    sponsored(db, last_year)
    assert [each.state for each in sponsors.of(last_year)] == [InOffice.UNKNOWN]
    term = SeatTermFactory(seat=seat, name="emmanuel rémy")
    assert [each.seat_id for each in sponsors.of(last_year)] == [seat.id]
    renewing.draft_for(edition)
    ask = db.scalars(select(SeatAsk)).one()
    assert (ask.measure_id, ask.seat_id) == (the_new(db).id, seat.id)
    assert ask.due_on is not None
    assert ask.due_on < date(2027, 7, 1)
    term.until = clock.today() - timedelta(days=30)
    SeatTermFactory(seat=seat, name="Ada Bell", since=clock.today() - timedelta(days=29))
    db.flush()
    (gone,) = sponsors.of(last_year)
    assert (gone.state, gone.until, gone.successor) == (InOffice.LEFT, term.until, "Ada Bell")


def test_what_passed_ahead_of_its_day_is_compared_with_that_day(
    client: FlaskClient, db: Session, columbus: Alliance, body: Body
) -> None:
    early = campaign(
        body=body, year=2026, stage=Stage.FINAL, stage_on="2026-09-01", target_on=date(2027, 7, 17)
    )
    parts = [Clause(ClauseKind.OPERATIVE, "July 17, 2027 is Justice Day")]
    texts.save_version(early, "For July 17, 2027", parts, by_id=None)
    sign_in(client, coordinator_of(columbus))
    page = client.get(post(client, f"{DESK}/{early.id}/renew", {}).location).text
    assert "These lines name 2027. Do they still say what is true?" in page
    assert "<li>For July 17, 2027</li>" in page
    assert 'role="columnheader">2027</th><th scope="col" role="columnheader">2028</th>' in page


def test_a_coordinator_accepts_from_the_call(
    client: FlaskClient, db: Session, columbus: Alliance, last_year: Measure, edition: Edition
) -> None:
    ana = coordinator_of(columbus, name="Ana")
    sign_in(client, ana)
    calls.call(edition.id)
    page = client.get("/desk/columbus/calls/justice-day/2027").text
    assert "Ask again: Justice Day 2027" in page
    assert page.count("Waits for your answer") == 2
    path = f"{DESK}/{the_new(db).id}/renewal"
    assert path in page
    looked = client.get(path).text
    assert "What changed since 2026" in looked
    assert "Accept and publish" in looked
    answer = post(client, f"{path}/accept", {})
    assert answer.status_code == 303
    db.expire_all()
    new = the_new(db)
    assert (new.owner_id, new.published_at) == (ana.id, NOW)
    assert db.scalars(select(EditionAnswer.state)).one() == AnswerState.ACCEPTED
    to_dos = db.scalars(select(ToDo).where(ToDo.subject_id == new.id).order_by(ToDo.due_on)).all()
    assert {each.key for each in to_dos} == {"ask", "file", "endorsers"}
    assert {each.owner_id for each in to_dos} == {ana.id}
    assert all(clock.today() <= each.due_on < date(2027, 7, 17) for each in to_dos)
    assert "Taken up" in client.get("/desk/columbus/calls/justice-day/2027").text
    assert "Not renewed" not in client.get(f"/campaigns/{new.slug}").text


@pytest.mark.parametrize("renewal_first", [True, False])
def test_who_holds_no_event_but_asks_again_takes_part(
    client: FlaskClient,
    db: Session,
    columbus: Alliance,
    last_year: Measure,
    edition: Edition,
    renewal_first: bool,
) -> None:
    before = EditionFactory(observance=edition.observance, year=2026, on=date(2026, 7, 17))
    EventFactory(alliance=columbus, edition=before, starts_at=datetime(2026, 7, 17, 22, tzinfo=UTC))
    sign_in(client, coordinator_of(columbus))
    calls.call(edition.id)
    page = "/desk/columbus/calls/justice-day/2027"
    acts = [
        (f"{DESK}/{the_new(db).id}/renewal/accept", {}),
        (f"{page}/decline", {"reason": "The hall is closed."}),
    ]
    for path, said in acts if renewal_first else reversed(acts):
        assert post(client, path, said).status_code == 303
    db.expire_all()
    answer = db.scalars(select(EditionAnswer)).one()
    assert (answer.state, answer.reason, answer.event_id) == (
        AnswerState.ACCEPTED,
        "The hall is closed.",
        None,
    )
    assert "You take part without an event" in client.get(page).text
    held = EventFactory(alliance=columbus, edition=edition)
    calls.take_up(held)
    db.expire_all()
    assert db.scalars(select(EditionAnswer.event_id)).one() == held.id


def test_a_no_needs_a_reason_and_the_draft_goes(
    client: FlaskClient, db: Session, columbus: Alliance, last_year: Measure, edition: Edition
) -> None:
    sign_in(client, coordinator_of(columbus))
    calls.call(edition.id)
    path = f"{DESK}/{the_new(db).id}/renewal/decline"
    assert post(client, path, {"reason": ""}).status_code == 422
    assert post(client, path, {"reason": "The council is new."}).status_code == 303
    db.expire_all()
    assert (drafted(db).state, drafted(db).reason) == (
        RenewalState.DECLINED,
        "The council is new.",
    )
    assert db.scalars(select(Measure)).all() == [last_year]
    page = client.get("/desk/columbus/calls/justice-day/2027").text
    assert "The council is new." in page
    again = post(client, f"{DESK}/{last_year.id}/renew", {})
    db.expire_all()
    assert again.headers["Location"].startswith(f"{DESK}/{the_new(db).id}/renewal")
    assert (drafted(db).state, drafted(db).reason) == (RenewalState.DRAFTED, "")


def test_two_who_ask_again_at_once_get_the_same_draft(
    client: FlaskClient, db: Session, columbus: Alliance, last_year: Measure
) -> None:
    sign_in(client, coordinator_of(columbus))
    first = post(client, f"{DESK}/{last_year.id}/renew", {})
    second = post(client, f"{DESK}/{last_year.id}/renew", {})
    assert first.headers["Location"] == second.headers["Location"]
    assert len(db.scalars(select(Measure)).all()) == 2


def test_a_campaign_begun_by_hand_is_found_and_nothing_is_doubled(
    client: FlaskClient, db: Session, columbus: Alliance, last_year: Measure, body: Body
) -> None:
    sign_in(client, coordinator_of(columbus))
    begun = campaign(body=body, year=2027)
    answer = post(client, f"{DESK}/{last_year.id}/renew", {})
    assert answer.headers["Location"].startswith(f"{DESK}/{begun.id}?")
    assert db.scalars(select(Renewal)).all() == []


def test_what_did_not_pass_is_not_asked_for_again(
    client: FlaskClient, db: Session, columbus: Alliance, body: Body
) -> None:
    sign_in(client, coordinator_of(columbus))
    failed = campaign(body=body, year=2026, stage=Stage.FAILED)
    answer = post(client, f"{DESK}/{failed.id}/renew", {})
    assert answer.headers["Location"] == f"{DESK}?done=renewal-not-passed"
    assert db.scalars(select(Renewal)).all() == []


def test_another_alliances_record_does_not_exist_here(
    client: FlaskClient, db: Session, columbus: Alliance, last_year: Measure
) -> None:
    other = AllianceFactory(slug="boston")
    sign_in(client, coordinator_of(other))
    assert post(client, f"/desk/boston/campaigns/{last_year.id}/renew", {}).status_code == 404
    assert post(client, f"{DESK}/{last_year.id}/renew", {}).status_code in (403, 404)


def test_endorsers_are_asked_again_by_mail_or_by_voice(
    client: FlaskClient, db: Session, columbus: Alliance, last_year: Measure, edition: Edition
) -> None:
    sign_in(client, coordinator_of(columbus, name="Ana"))
    bar, choir = OrganizationFactory(name="Bar of Ohio"), OrganizationFactory(name="A choir")
    RepresentativeFactory(organization=bar, person__name="Li Wen")
    for organization in (bar, choir):
        db.add(
            Endorsement(
                measure_id=last_year.id,
                organization_id=organization.id,
                authorized_by="The board",
                authorized_on=date(2026, 5, 1),
                entered_at=NOW,
            )
        )
    calls.call(edition.id)
    path = f"{DESK}/{the_new(db).id}/renewal"
    assert "Write to those not asked" not in client.get(path).text
    post(client, f"{path}/accept", {})
    assert "Write to those not asked" in client.get(path).text
    assert post(client, f"{DESK}/{the_new(db).id}/endorsements/ask-again", {}).status_code == 303
    kinds = db.scalars(select(Message.kind).where(Message.kind == "campaigns/endorse_again")).all()
    assert len(kinds) == 1
    own = db.scalars(select(Endorsement.id).where(Endorsement.organization_id == choir.id)).one()
    post(client, f"{path}/endorsers/{own}", {})
    db.expire_all()
    states = db.scalars(select(ToDo.state).where(ToDo.key == "endorsers")).all()
    assert states == [ToDoState.DONE]
    assert client.get(path).text.count("Asked on") == 2


def test_a_changed_rule_moves_the_open_to_dos(
    client: FlaskClient, db: Session, columbus: Alliance, last_year: Measure, edition: Edition
) -> None:
    sign_in(client, coordinator_of(columbus))
    calls.call(edition.id)
    post(client, f"{DESK}/{the_new(db).id}/renewal/accept", {})
    to_do = select(ToDo.due_on).where(ToDo.key == "file")
    before = db.scalars(to_do).one()
    from_form = {
        "days": "20",
        "counting": "calendar",
        "source_url": "https://example.org/rules",
        "checked_on": "2027-02-01",
    }
    slug = last_year.body.slug
    answer = post(client, f"/desk/columbus/councils/{slug}/rules/filing", from_form)
    assert answer.status_code == 303
    db.expire_all()
    assert db.scalars(to_do).one() < before


def test_staff_see_what_became_of_each_place(
    client: FlaskClient, db: Session, columbus: Alliance, last_year: Measure, edition: Edition
) -> None:
    sign_in(client, staff_member())
    page = client.get("/staff/renewals/2027").text
    assert "Justice Day 2026" in page
    assert "Not renewed" in page
    edition.called_at = NOW
    db.flush()
    assert client.get("/staff/renewals/2027").text.count(">Draft what is missing<") == 1
    drafted_now = post(client, f"/staff/renewals/2027/{edition.id}", {})
    assert drafted_now.headers["Location"].endswith("done=renewals-drafted")
    assert "Drafted, not answered" in client.get("/staff/renewals/2027").text
    assert renewal_queries.became([last_year], 2027) == {last_year.id: Became.DRAFTED}
    assert "Justice Day 2026" in client.get("/staff/renewals/2027?only=lapsed").text
    assert "Nothing fits" in client.get("/staff/renewals/2027?only=declined").text
    file = client.get("/staff/renewals/2027?format=csv").text
    assert "Drafted, not answered" in file
    assert client.get("/staff/renewals").headers["Location"] == "/staff/renewals/2027"


@pytest.mark.parametrize(
    ("stage", "became"),
    [
        (Stage.REFERRED, Became.RUNNING),
        (Stage.FINAL, Became.PASSED),
        (Stage.FAILED, Became.ENDED),
    ],
)
def test_became(db: Session, last_year: Measure, stage: Stage, became: Became) -> None:
    assert renewal_queries.became([last_year], 2027) == {last_year.id: Became.LAPSED}
    campaign(body=last_year.body, year=2027, stage=stage, stage_on="2027-02-01")
    assert renewal_queries.became([last_year], 2027) == {last_year.id: became}


def test_the_desk_lists_lapsed_places_and_drafts(
    client: FlaskClient, db: Session, columbus: Alliance, last_year: Measure, edition: Edition
) -> None:
    sign_in(client, coordinator_of(columbus))
    assert "Passed last year, not asked for this year" in client.get(DESK).text
    calls.call(edition.id)
    assert "Drafted from last year" in client.get(DESK).text
    post(client, f"{DESK}/{the_new(db).id}/renewal/accept", {})
    page = client.get(DESK).text
    assert "Passed last year, not asked for this year" not in page
    assert "Drafted from last year" not in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_of_renewals_costs_the_same(
    client: FlaskClient, db: Session, columbus: Alliance, number: int
) -> None:
    sign_in(client, staff_member())
    for _each in range(number):
        campaign(body=BodyFactory(alliance=columbus), year=2026, stage=Stage.FINAL)
    db.commit()
    with count_statements() as statements:
        assert client.get("/staff/renewals/2027").status_code == 200
    assert len(statements) <= 12


def test_what_passed_early_for_this_years_day_has_not_lapsed(
    client: FlaskClient, db: Session, columbus: Alliance, last_year: Measure
) -> None:
    assert [each.id for each in renewal_queries.lapsed(columbus.id)] == [last_year.id]
    last_year.target_on = date(2027, 7, 17)
    db.flush()
    assert not renewal_queries.lapsed(columbus.id)
    assert renewal_queries.became([last_year], 2027) == {last_year.id: Became.EARLY}
    sign_in(client, staff_member())
    assert "Passed already, ahead of the day" in client.get("/staff/renewals/2027").text
    assert "Nothing fits" in client.get("/staff/renewals/2027?only=lapsed").text


@pytest.mark.parametrize(("today", "opened"), [("2027-03-01", 2027), ("2027-11-01", 2028)])
def test_staff_open_the_year_in_which_something_can_still_be_asked_for(
    client: FlaskClient,
    db: Session,
    columbus: Alliance,
    last_year: Measure,
    today: str,
    opened: int,
) -> None:
    again = BodyFactory(alliance=columbus)
    campaign(body=again, stage=Stage.FINAL, stage_on="2027-07-10")
    with time_machine.travel(f"{today}T15:00:00Z", tick=False):
        assert renewal_queries.year_to_open() == opened
    with time_machine.travel("2031-11-01T15:00:00Z", tick=False):
        assert renewal_queries.year_to_open() == 2031
