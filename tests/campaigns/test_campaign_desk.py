"""From the first idea to the register at the desk: begin, write, say what happened, correct."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.campaigns.body_models import Body, RuleKey
from app.campaigns.measure_models import Measure
from app.campaigns.stages import Stage
from app.campaigns.text_models import TextVersion
from app.campaigns.vote_models import Vote, VoteCast
from app.campaigns.votes import Choice
from app.foundation import clock
from tests.campaigns.councils import (
    BodyFactory,
    BodyRuleFactory,
    MeetingFactory,
    SeatFactory,
    SeatTermFactory,
)
from tests.campaigns.filled import form_of
from tests.campaigns.world import campaign, with_text
from tests.factories import EditionFactory, coordinator_of
from tests.signing_in import post, sign_in

WEEK = timedelta(days=7)
TEXT = "WHEREAS, the day is July 17; and\n\nRESOLVED, that Columbus recognizes it."
SENT = {"recipients": "Senator Lee", "sent_on": "2026-11-02", "sending_method": "post"}


@pytest.fixture
def body(client: FlaskClient, db: Session) -> Body:
    """A council whose alliance's coordinator is signed in."""
    made: Body = BodyFactory(alliance__slug="columbus")
    sign_in(client, coordinator_of(made.alliance, name="Ana"))
    return made


def test_a_campaign_is_begun_and_moved_by_plain_answers(
    client: FlaskClient, db: Session, body: Body
) -> None:
    plan = {"title": "Justice Day", "body": body.id, "instrument": "resolution"}
    answer = post(client, "/desk/columbus/campaigns/new", plan | {"stance": "support"})
    assert answer.status_code == 303
    measure = db.scalars(select(Measure)).one()
    desk = f"/desk/columbus/campaigns/{measure.id}"
    page = client.get(desk).text
    assert "Write the text" in page
    assert "We have a text to work on" in page
    assert "Before the next step this is missing: the text." in page
    assert f'<a class="btn" href="{desk}/text">Write the text</a>' in page
    refused = post(client, f"{desk}/happened/drafting", {"version": measure.version})
    assert refused.status_code == 422
    assert "First this is missing: The title of the text" in refused.text
    post(client, f"{desk}/text", {"title": "A resolution", "words": TEXT})
    moved = post(client, f"{desk}/happened/drafting", {"version": measure.version})
    assert moved.status_code == 303
    db.expire_all()
    assert db.scalars(select(Measure)).one().stage == Stage.DRAFTING
    assert "Ask somebody to sponsor it" in client.get(desk).text


def test_a_calendar_that_ends_long_before_the_day_gives_no_last_days(
    client: FlaskClient, db: Session, body: Body
) -> None:
    MeetingFactory(body=body, wall_start=datetime.combine(clock.today() + WEEK, time(18)))
    measure = campaign(body=body, title="Justice Day", target_on=clock.today() + 30 * WEEK)
    page = client.get(f"/desk/columbus/campaigns/{measure.id}").text
    assert "Please ask the clerk for the calendar after them." in page
    assert "no day yet" in page
    assert "Show the arithmetic" not in page


def test_a_campaign_that_is_changed_stays_one_of_its_day(
    client: FlaskClient, db: Session, body: Body
) -> None:
    edition = EditionFactory()
    measure = campaign(body=body, edition=edition, edition_id=edition.id)
    path = f"/desk/columbus/campaigns/{measure.id}/edit"

    answer = post(client, path, form_of(client.get(path).text) | {"next_step": "Call her"})

    assert answer.status_code == 303
    assert (measure.next_step, measure.edition_id) == ("Call her", edition.id)


@pytest.mark.parametrize("nothing", [" ", "\u2028"])
def test_spaces_in_a_choice_choose_nothing(
    client: FlaskClient, db: Session, body: Body, nothing: str
) -> None:
    measure = campaign(body=body, title="Justice Day")
    plan = {"title": "Justice Day", "version": measure.version, "ask": nothing, "owner": nothing}

    answer = post(client, f"/desk/columbus/campaigns/{measure.id}/edit", plan)

    assert answer.status_code == 303
    assert (measure.ask_id, measure.owner_id) == (None, None)


def test_a_title_that_is_too_long_is_refused_beside_it_and_nothing_typed_is_lost(
    client: FlaskClient, db: Session, body: Body
) -> None:
    long, begin = "x" * 400, "/desk/columbus/campaigns/new"
    plan = {"title": long, "body": body.id, "instrument": "memorial"}
    told = {"about": "We ask for **this**.", "file_number": "0213X", "next_step": "Call her"}
    refused = post(client, begin, plan | told | {"stance": "support"})
    assert refused.status_code == 422
    assert _beside(refused.text, "title") == ["Please use at most 200 characters."]
    kept = form_of(refused.text)
    assert {key: kept[key] for key in told | plan} == {k: str(v) for k, v in (told | plan).items()}
    assert db.scalars(select(Measure)).all() == []
    measure = with_text(campaign(body=body))
    for page, words in (("text", {"words": TEXT}), ("text/clauses", {"words_1": "our words"})):
        path = f"/desk/columbus/campaigns/{measure.id}/{page}"
        typed = form_of(client.get(path).text) | {"title": long, "do": "save"} | words
        refused = post(client, path, typed)
        assert refused.status_code == 422
        assert _beside(refused.text, "title") == ["Please use at most 300 characters."]
        kept = form_of(refused.text)
        assert {key: kept[key].splitlines() for key in words} == {
            key: value.splitlines() for key, value in words.items()
        }
        assert kept["title"] == long
    assert len(db.scalars(select(TextVersion)).all()) == 1


def _beside(page: str, name: str) -> list[str]:
    """The errors that a field points to."""
    [field] = re.findall(rf'<[^>]+ name="{name}"[^>]*>', page)
    ids = re.findall(r'aria-describedby="([^"]+)"', field)
    pointed = " ".join(ids).split()
    return [re.findall(rf'id="{each}"[^>]*>([^<]+)', page)[0].strip() for each in pointed]


def test_a_stage_asks_for_exactly_its_facts(client: FlaskClient, db: Session, body: Body) -> None:
    measure = with_text(campaign(body=body, stage=Stage.INTRODUCED))
    path = f"/desk/columbus/campaigns/{measure.id}/happened/referred"
    page = client.get(path).text
    assert "Committee" in page
    assert 'name="referred_on"' in page
    assert 'name="file_number"' not in page
    wrong = post(client, path, {"committee": "Rules", "referred_on": "2027-06-31"})
    assert wrong.status_code == 422
    assert "Please type a day that exists, such as 2027-06-30." in wrong.text
    impossible = f"/desk/columbus/campaigns/{measure.id}/happened/final"
    filled = {
        "final_on": "2024-07-01",
        "how": "signed",
        "official_document": "https://example.org/x",
        "version": measure.version,
    }
    assert "This cannot have come next" in post(client, impossible, filled).text
    assert client.get(f"/desk/columbus/campaigns/{measure.id}/happened/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("stage", "facts", "said"),
    [
        ("completed", {"thanked_on": "2026-11-02", "published_on": "2026-11-03"}, "the last step"),
        ("transmitted", SENT, "Below is what is next"),
    ],
)
def test_after_the_last_step_nothing_is_said_to_be_next(
    client: FlaskClient, db: Session, body: Body, stage: str, facts: dict[str, str], said: str
) -> None:
    measure = campaign(body=body, stage=Stage.FINAL)
    path = f"/desk/columbus/campaigns/{measure.id}/happened/{stage}"
    noted = post(client, path, facts | {"version": measure.version})
    assert said in client.get(noted.location).text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"meeting_time": "25:00"}, "Please type a time such as 18:30."),
        ({"meeting_zone": "Mars/Olympus"}, "We do not know this time zone."),
    ],
)
def test_a_meeting_is_at_a_time_in_a_zone(
    client: FlaskClient, db: Session, body: Body, said: dict[str, str], sentence: str
) -> None:
    measure = with_text(campaign(body=body, stage=Stage.INTRODUCED))
    path = f"/desk/columbus/campaigns/{measure.id}/happened/scheduled"
    refused = post(client, path, said)
    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert f'value="{next(iter(said.values()))}"' in refused.text


def test_what_was_vetoed_is_final_only_by_an_override(
    client: FlaskClient, db: Session, body: Body
) -> None:
    measure = campaign(body=body, stage=Stage.VETOED)
    path = f"/desk/columbus/campaigns/{measure.id}/happened/final"
    assert re.findall(r'<option[^>]* value="(\w+)"', client.get(path).text) == ["override"]
    filled = {
        "final_on": "2024-07-01",
        "how": "signed",
        "official_document": "https://example.org/x",
        "version": measure.version,
    }
    assert post(client, path, filled).status_code == 422
    assert measure.stage == Stage.VETOED
    assert post(client, path, {**filled, "how": "override"}).status_code == 303


def test_whoever_comes_second_is_told(client: FlaskClient, db: Session, body: Body) -> None:
    measure = with_text(campaign(body=body))
    old = measure.version
    path = f"/desk/columbus/campaigns/{measure.id}/happened"
    assert post(client, f"{path}/drafting", {"version": old}).status_code == 303
    rest = {"reason": "Summer", "revisit_on": "2027-09-01", "version": old}
    told = post(client, f"{path}/dormant", rest)
    assert told.status_code == 409
    assert "It now stands at: Writing the text. Yours is not saved yet" in told.text
    kept = form_of(told.text)
    assert (kept["reason"], kept["version"]) == ("Summer", str(measure.version))
    assert post(client, f"{path}/dormant", kept).status_code == 303
    assert measure.stage == Stage.DORMANT


def test_whoever_corrects_second_is_told_and_keeps_the_words(
    client: FlaskClient, db: Session, body: Body
) -> None:
    measure = campaign(body=body, stage=Stage.REFERRED)
    old = measure.version
    path = f"/desk/columbus/campaigns/{measure.id}/correct"
    said = {"stage": "introduced", "reason": "Never referred", "version": old}
    assert post(client, path, said).status_code == 303
    told = post(client, path, said)
    assert (told.status_code, form_of(told.text)["reason"]) == (409, "Never referred")
    assert post(client, path, form_of(told.text)).status_code == 303


def test_of_two_who_change_a_campaign_the_second_sees_both_and_loses_nothing(
    client: FlaskClient, db: Session, body: Body
) -> None:
    measure = campaign(body=body, title="Justice Day")
    path = f"/desk/columbus/campaigns/{measure.id}/edit"
    opened = form_of(client.get(path).text) | {"stance": "support"}
    theirs = opened | {"title": "Theirs", "instrument": "memorial"}
    assert post(client, path, theirs).status_code == 303

    told = post(client, path, opened | {"title": "Mine", "next_step": "Call <her>"})

    assert told.status_code == 409
    assert _beside(told.text, "title") == ["Saved meanwhile: Theirs"]
    assert _beside(told.text, "instrument") == ["Saved meanwhile: Memorial"]
    kept = form_of(told.text)
    assert (kept["title"], kept["next_step"]) == ("Mine", "Call <her>")
    db.expire_all()
    assert measure.title == "Theirs"
    assert post(client, path, kept).status_code == 303
    db.expire_all()
    assert (measure.title, measure.next_step) == ("Mine", "Call <her>")


def test_a_correction_needs_a_reason(client: FlaskClient, db: Session, body: Body) -> None:
    measure = campaign(body=body, next_step="Call the clerk", next_due_on=clock.today())
    path = f"/desk/columbus/campaigns/{measure.id}/correct"
    wanted = {"stage": "final", "on": "2019-07", "version": measure.version}
    assert post(client, path, wanted).status_code == 422
    assert post(client, path, wanted | {"on": "2015-06-31", "reason": "x"}).status_code == 422
    ahead = str(clock.today().year + 1)
    assert post(client, path, wanted | {"on": ahead, "reason": "x"}).status_code == 422
    assert post(client, path, wanted | {"reason": "It passed long ago"}).status_code == 303
    db.refresh(measure)
    assert (measure.next_step, measure.next_due_on) == ("", None)
    page = client.get(f"/desk/columbus/campaigns/{measure.id}").text
    assert "July 2019" in page
    assert "corrected" in page
    assert "It passed long ago" in page


def test_publishing_asks_for_a_source(client: FlaskClient, db: Session, body: Body) -> None:
    plan = {"title": "Justice Day", "body": body.id, "instrument": "motion", "stance": "support"}
    post(client, "/desk/columbus/campaigns/new", plan)
    measure = db.scalars(select(Measure)).one()
    desk = f"/desk/columbus/campaigns/{measure.id}"
    assert "campaign-needs-source" in post(client, f"{desk}/publish").location
    source = {"kind": "official_page", "title": "File", "url": "https://example.org/1"}
    post(client, f"{desk}/source", source)
    assert "campaign-published" in post(client, f"{desk}/publish").location
    assert client.get(f"/campaigns/{measure.slug}").status_code == 200


def test_an_unknown_slot_is_refused_and_limits_are_said(
    client: FlaskClient, db: Session, body: Body
) -> None:
    measure = with_text(campaign(body=body))
    BodyRuleFactory(
        body=body, key="text_limits", value={"most_clauses": 1, "most_characters": 4000}
    )
    path = f"/desk/columbus/campaigns/{measure.id}/text"
    assert "1 of at most 1 WHEREAS clauses" in client.get(path).text
    wrong = post(client, path, {"title": "A", "words": "WHEREAS, [Town] cares"})
    assert "We do not know what to put in the place of [Town]." in wrong.text
    post(client, path, {"title": "A resolution", "words": TEXT})
    assert len(db.scalars(select(TextVersion)).all()) == 2
    compared = client.get(f"/desk/columbus/campaigns/{measure.id}/compare").text
    assert "<ins>" in compared or "new" in compared


def test_the_deadline_comes_from_the_councils_rules(
    client: FlaskClient, db: Session, body: Body
) -> None:
    measure = campaign(body=body, target_on=None)
    page = client.get(f"/desk/columbus/campaigns/{measure.id}").text
    assert "By: no day yet" in page
    assert "Who: nobody yet" in page


def test_seats_say_what_they_will_do_and_votes_are_entered(
    client: FlaskClient, db: Session, body: Body
) -> None:
    measure = campaign(body=body, stage=Stage.SCHEDULED)
    seats = [SeatFactory(body=body) for _ in range(7)]
    for number, seat in enumerate(seats):
        SeatTermFactory(seat=seat, name=f"Ana Member{number}")
    votes = f"/desk/columbus/campaigns/{measure.id}/votes"
    said = {"level": "yes", "heard": "writing", "on": "2026-01-05", "evidence": "Her letter"}
    assert post(client, f"{votes}/{seats[0].id}/word", said).status_code == 303
    assert post(client, f"{votes}/{seats[0].id}/ask", {"due_on": "2027-01-05"}).status_code == 303
    page = client.get(votes).text
    assert "4 needed of 7" in page
    assert "1 firm" in page
    assert "3 firm votes are missing" in page
    undecided = said | {"level": "undecided", "heard": "two_people"}
    assert post(client, f"{votes}/{seats[1].id}/word", undecided).status_code == 303
    assert client.get(votes).text.count("· firm<") == 1
    what_if = "&".join(f"s{seat.id}=yes" for seat in seats[:4])
    assert "With your what-if: 4 firm of 4 needed." in client.get(f"{votes}?{what_if}").text
    minutes = {
        "vote_on": clock.today().isoformat(),
        "vote_method": "roll_call",
        "vote_counts": "AYES: Member0, Member1, Member2, Member3 NOES: Member4 ABSENT: Stranger",
        "vote_result": "passed",
        "vote_requirement": "majority_of_members",
    }
    offered = form_of(client.get(f"{votes}/new").text)
    assert offered["vote_requirement"] == "majority_of_members"
    ahead = minutes | {"vote_on": (clock.today() + timedelta(days=2)).isoformat()}
    assert "This day is still to come." in post(client, f"{votes}/new", ahead).text
    refused = post(client, f"{votes}/new", minutes)
    assert "Nobody called Stranger holds a seat." in refused.text
    twice = minutes | {"vote_counts": "AYES: Member0, Member1 NOES: Member1"}
    assert "Named twice: Member1." in post(client, f"{votes}/new", twice).text
    right = minutes["vote_counts"].replace("Stranger", "Member5, Member6")
    assert post(client, f"{votes}/new", minutes | {"vote_counts": right}).status_code == 303
    after = client.get(votes).text
    assert "After the roll call: 1 as we expected, 0 otherwise, 4 we had not foreseen." in after
    other = SeatFactory()
    assert client.get(f"{votes}/{other.id}/word").status_code == 404
    absent = minutes | {"vote_counts": "Adopted, (6); Absent: Member5 (1)"}
    assert post(client, f"{votes}/new", absent).status_code == 303
    assert "After the roll call: 1 as we expected, 0 otherwise, 4 we had" in client.get(votes).text
    again = minutes | {"vote_counts": "AYES: Member1 NOES: Member0"}
    assert post(client, f"{votes}/new", again).status_code == 303
    assert "After the roll call: 0 as we expected, 1 otherwise, 1 we had" in client.get(votes).text


def test_an_adoption_with_the_name_of_a_stranger_says_who_it_is(
    client: FlaskClient, db: Session, body: Body
) -> None:
    measure = with_text(campaign(body=body, stage=Stage.SCHEDULED))
    SeatTermFactory(seat=SeatFactory(body=body), name="Rosa Lee")
    yesterday = clock.today() - timedelta(days=1)
    adopted = {
        "version": measure.version,
        "vote_on": yesterday.isoformat(),
        "vote_method": "roll_call",
        "vote_counts": "AYES: Lee NOES: Stranger",
        "vote_result": "passed",
        "vote_requirement": "majority_of_members",
        "adopted_text": "draft",
        "source_url": "https://example.org/minutes",
    }
    happened = f"/desk/columbus/campaigns/{measure.id}/happened/adopted"
    refused = post(client, happened, adopted)
    assert refused.status_code == 422
    assert "Nobody called Stranger holds a seat." in refused.text
    for no_day in (f"{yesterday:%Y%m%d}", f"{yesterday:%G-W%V-%u}", "2024-06-31"):
        assert post(client, happened, adopted | {"vote_on": no_day}).status_code == 422
    moved = post(client, happened, adopted | {"vote_counts": "AYES: Lee (9)"})
    assert moved.status_code == 303
    told = client.get(moved.headers["Location"]).text
    assert "please check the vote: the numbers do not add up" in told


def test_a_file_number_of_another_record_is_said_where_it_is_typed_in(
    client: FlaskClient, db: Session, body: Body
) -> None:
    campaign(body=body, session="2027", file_number="77-27")
    measure = with_text(campaign(body=body, stage=Stage.SPONSORED))
    filed = {
        "version": measure.version,
        "file_number": "77-27",
        "introduced_on": "2024-06-01",
        "classification": "Resolution",
        "session": "2027",
        "source_url": "https://example.org/77",
    }
    happened = f"/desk/columbus/campaigns/{measure.id}/happened/introduced"
    refused = post(client, happened, filed)
    assert refused.status_code == 422
    assert "Another record has this file number in the same session." in refused.text


def test_a_form_is_filled_with_what_the_rules_say(
    client: FlaskClient, db: Session, body: Body
) -> None:
    review = {"days": 10, "counting": "calendar", "override_days": 30}
    BodyRuleFactory(body=body, key=RuleKey.EXECUTIVE_REVIEW, value=review)
    BodyRuleFactory(body=body, key=RuleKey.PROCLAMATION, value={"days": 14})
    BodyRuleFactory(body=body, key=RuleKey.VOTES, value={"of": "present"})
    today = clock.today(body.time_zone)
    measure = campaign(body=body, stage=Stage.ADOPTED, target_on=today + timedelta(days=90))
    happened = f"/desk/columbus/campaigns/{measure.id}/happened/"
    signing = client.get(f"{happened}awaiting_executive").text
    assert f'value="{today + timedelta(days=10)}"' in signing
    assert "10 days to sign or refuse; without a word it stands" in signing
    vetoed = client.get(f"{happened}vetoed").text
    assert f'value="{today + timedelta(days=30)}"' in vetoed
    assert 'value="Two thirds"' in vetoed
    requested = client.get(f"{happened}requested").text
    assert 'value="14"' in requested
    assert f'value="{measure.target_on}"' in requested
    assert 'selected value="majority_of_present"' in client.get(f"{happened}adopted").text


def test_a_desk_without_the_council_s_meetings_leads_to_the_clerk(
    client: FlaskClient, db: Session, body: Body
) -> None:
    day = clock.today() + timedelta(days=200)
    measure = campaign(body=body, stage=Stage.DRAFTING, target_on=day)
    desk = f"/desk/columbus/campaigns/{measure.id}"
    questions = f"/desk/columbus/councils/{body.slug}/call"
    assert questions in client.get(desk).text
    measure.next_due_on = day
    db.commit()
    assert questions not in client.get(desk).text
    assert "Columbus, OH" in client.get("/desk/columbus/campaigns").text


def test_a_text_that_still_names_the_year_before_is_pointed_out(
    client: FlaskClient, db: Session, body: Body
) -> None:
    prior = campaign(body=body, year=2026)
    measure = with_text(campaign(body=body, year=2027, prior_session_id=prior.id))
    desk = f"/desk/columbus/campaigns/{measure.id}"
    assert "still names" not in client.get(desk).text
    old = TEXT.replace("July 17", "July 17, 2026")
    post(client, f"{desk}/text", {"title": "A resolution", "words": old})
    assert "The text still names 2026. Is that meant?" in client.get(desk).text


def test_a_vote_entered_by_mistake_is_taken_out(
    client: FlaskClient, db: Session, body: Body
) -> None:
    measure = campaign(body=body, stage=Stage.ADOPTED)
    seat = SeatFactory(body=body)
    votes = f"/desk/columbus/campaigns/{measure.id}/votes"
    for whose in (measure, campaign()):
        vote = Vote(measure_id=whose.id, on="2027-07-06", passed=True, entered_at=clock.now())
        db.add(vote)
        db.flush()
        db.add(VoteCast(vote_id=vote.id, seat_id=seat.id, choice=Choice.YES))
    db.commit()
    ours, theirs = db.scalars(select(Vote.id).order_by(Vote.id))
    assert "July 6, 2027" in client.get(votes).text
    assert post(client, f"{votes}/{theirs}/remove").status_code == 404
    assert post(client, f"{votes}/{ours}/remove").status_code == 303
    assert db.scalars(select(Vote.id)).all() == [theirs]
    assert db.scalars(select(VoteCast.vote_id)).all() == [theirs]
    assert (
        db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-1] == "vote taken out"
    )
    assert "Take this vote out" not in client.get(votes).text


def test_a_title_that_names_the_day_for_which_it_passed_early_is_pointed_out(
    client: FlaskClient, db: Session, body: Body
) -> None:
    early = campaign(body=body, year=2026, target_on=date(2027, 7, 17))
    measure = with_text(campaign(body=body, year=2028, prior_session_id=early.id))
    desk = f"/desk/columbus/campaigns/{measure.id}"
    post(client, f"{desk}/text", {"title": "For July 17, 2027", "words": TEXT})
    assert "The text still names 2027. Is that meant?" in client.get(desk).text
